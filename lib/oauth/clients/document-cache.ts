/** How long a metadata document is believed: what its headers say, within bounds. */
import CachePolicy from 'http-cache-semantics';

/** Seconds, if the headers say nothing. */
const DEFAULT = 300;
/** Seconds at most: a client that is sold must not live on here for a year. */
const MAX = 86_400;
/** Headers that say how long an answer is good. */
const SAYING = ['cache-control', 'expires', 'pragma', 'last-modified'];

export interface Freshness {
  readonly store: boolean;
  readonly seconds: number;
}

/**
 * @param headers of the answer that brought the document
 * @see https://datatracker.ietf.org/doc/html/rfc9111#section-4.2
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.4
 */
export function freshness(headers: Headers): Freshness {
  if (!SAYING.some((name) => headers.has(name))) return { store: true, seconds: DEFAULT };
  // Many users are answered from one copy, so this is a shared cache.
  const policy = new CachePolicy(
    { method: 'GET', url: '/', headers: {} },
    { status: 200, headers: Object.fromEntries(headers) },
    { shared: true },
  );
  if (!policy.storable()) return { store: false, seconds: 0 };
  return { store: true, seconds: Math.max(0, Math.min(Math.round(policy.timeToLive() / 1000), MAX)) };
}
