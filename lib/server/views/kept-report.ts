/** A kept report, as its page shows it: read through the control API, which knows who may read what. */
import type { Report } from '#lib/coach/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';

export interface KeptReport {
  readonly id: string;
  /** Its address. */
  readonly url: string;
  readonly title: string | null;
  /** ISO times; null if not told. */
  readonly madeAt: string | null;
  readonly expiresAt: string | null;
  readonly report: Report;
  /** The exchanges that it cites, masked. */
  readonly exchanges: readonly Exchange[];
}

interface Told {
  readonly report?: unknown;
  readonly title?: string | null;
  readonly created_at?: string;
  readonly expires_at?: string;
  readonly exchanges?: readonly Exchange[];
}

/**
 * Reads a kept report.
 * @param host the `Host` of the page's own request
 * @returns null if there is none, or its time is over
 */
export async function keptReport(id: string, host: string | null): Promise<KeptReport | null> {
  const container = await getContainer();
  const origin = originOf(container, host);
  const answer = await container.app.fetch(
    new Request(`${origin}/api/reports/${encodeURIComponent(id)}`, {
      headers: { Accept: 'application/json', ...(host === null ? {} : { Host: host }) },
    }),
    { remoteAddress: '' },
  );
  if (!answer.ok) return null;
  const told = (await answer.json()) as Told;
  const report = (told.report === 1 ? told : told.report) as Report | undefined;
  if (report?.report !== 1) return null;
  return {
    id,
    url: `${origin}/reports/${id}`,
    title: told.title ?? null,
    madeAt: told.created_at ?? report.generated_at,
    expiresAt: told.expires_at ?? null,
    report,
    exchanges: told.exchanges ?? [],
  };
}
