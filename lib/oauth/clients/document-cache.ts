/** How long a metadata document is believed: what its headers say, within bounds. */

/** Seconds without a word from the headers. */
const DEFAULT = 300;
/** Seconds at most: a client that is sold must not live on here for a year. */
const MOST = 86_400;

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
  const directives = new Map(
    (headers.get('cache-control') ?? '')
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [name = '', value = ''] = part.trim().split('=', 2);
        return [name, value.replace(/^"|"$/g, '')] as const;
      }),
  );
  if (directives.has('no-store')) return { store: false, seconds: 0 };
  if (directives.has('no-cache')) return { store: true, seconds: 0 };
  const said = directives.get('s-maxage') ?? directives.get('max-age');
  const life = said !== undefined && /^\d{1,10}$/.test(said) ? Number(said) : expiry(headers);
  const age = /^\d{1,10}$/.test(headers.get('age') ?? '') ? Number(headers.get('age')) : 0;
  return { store: true, seconds: Math.max(0, Math.min(life - age, MOST)) };
}

function expiry(headers: Headers): number {
  const expires = headers.get('expires');
  if (expires === null) return DEFAULT;
  const until = Date.parse(expires);
  const from = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(until) || Number.isNaN(from) ? 0 : (until - from) / 1000;
}
