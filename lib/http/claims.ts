/** Which requests are the protocol's, and which are for the pages: by the first segments of the table's paths. */
import { namesType } from '#lib/pages/accept.ts';
import { addressesOf } from './addresses.ts';
import type { Route } from './route.ts';

/** Where Next's route handler lives; `proxy.ts` alone leads there, so a request for it finds nothing. */
const OF_NEXT = 'protocol';

/** What the application claims for itself; the rest is for the pages. */
export interface Claims {
  /** First segments of the paths of the table. */
  readonly segments: ReadonlySet<string>;
  /**
   * Whether the application answers a request, and not the pages.
   * @param wantsPage whether the request asks for HTML, or for what Next's router fetches in its place
   */
  readonly isProtocol: (method: string, pathname: string, wantsPage: boolean) => boolean;
}

/** What a table of endpoints claims. */
export function claimsOf(table: readonly Route[]): Claims {
  const segments = new Set(table.flatMap(addressesOf).map(({ path }) => firstSegment(path)));
  segments.delete('');
  segments.add(OF_NEXT);
  return {
    segments,
    isProtocol(method, pathname, wantsPage) {
      if (pathname === '/') return !((method === 'GET' || method === 'HEAD') && wantsPage);
      return segments.has(firstSegment(pathname));
    },
  };
}

function firstSegment(pathname: string): string {
  const end = pathname.indexOf('/', 1);
  return end < 0 ? pathname.slice(1) : pathname.slice(1, end);
}

/** Whether a request for `/` is for the page: by HTML, or by Next's router, which fetches its parts. */
export function asksForPage(header: (name: string) => string | null | undefined): boolean {
  return header('rsc') != null || header('next-action') != null || namesType(header('accept'), 'text/html');
}
