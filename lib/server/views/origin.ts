import { judgeSite } from '#lib/http/site.ts';
import type { Container } from '../container.ts';
import { getContainer } from '../current.ts';

/**
 * The origin that the reader of a page sees, as protocol answers of the same server have it.
 * @param host the `Host` header of the page's request
 */
export function originOf(container: Container, host: string | null): string {
  const verdict = judgeSite(container.site, host, null, '/health');
  return verdict.ok ? verdict.origin : `${container.site.scheme}://${host ?? 'localhost'}`;
}

/** The same, for a page that knows no container. */
export async function originOfHost(host: string | null): Promise<string> {
  return originOf(await getContainer(), host);
}

/** Whether others can reach this instance: what only its owner should do is refused there. */
export async function isPublicInstance(): Promise<boolean> {
  return (await getContainer()).site.isPublic;
}
