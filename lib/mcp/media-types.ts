/**
 * Media types, compared as RFC 9110 compares them: ranges, weights and parameters, without regard to case.
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.1
 */
import { parseAccept } from 'hono/utils/accept';

/** How specific a range is that matches a type; 0 if it does not. */
function match(range: string, type: string): number {
  const [kind] = type.split('/', 1);
  const asked = range.toLowerCase();
  if (asked === type) return 3;
  if (asked === `${kind}/*`) return 2;
  return asked === '*/*' ? 1 : 0;
}

/**
 * Whether an `Accept` header takes a media type. The most specific range that matches decides.
 * @param accept the header; null or empty: the client takes anything
 * @param type in lower case, without parameters
 */
export function accepts(accept: string | null, type: string): boolean {
  if (accept === null || accept.trim() === '') return true;
  const matches = parseAccept(accept)
    .map(({ type: range, q }) => ({ q, rank: match(range, type) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  return (matches[0]?.q ?? 0) > 0;
}
