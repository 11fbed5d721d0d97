/** Negotiation of media types by `Accept` (RFC 9110 §12.5.1). */
import { parseAccept } from 'hono/utils/accept';

/**
 * Whether `Accept` names a media type. Ranges such as a lone star do not count: who sends one takes anything,
 * and gets what the endpoint gives by default.
 * @param accept the header, or null
 * @param type in lower case, such as `text/html`
 */
export function namesType(accept: string | null | undefined, type: string): boolean {
  if (!accept?.toLowerCase().includes(type)) return false;
  return parseAccept(accept).some((range) => range.q > 0 && range.type.toLowerCase() === type);
}

/**
 * The media type of these that `Accept` gives the greatest weight, the first one of equals; null if it names none.
 * @param types in lower case, ranges such as a lone star among them if they count
 */
export function preferredType(accept: string | null, types: readonly string[]): string | null {
  const ranges = parseAccept(accept ?? '').map(({ type, q }) => ({ type: type.toLowerCase(), q }));
  return ranges.find(({ type, q }) => q > 0 && types.includes(type))?.type ?? null;
}

/** Whether an answer may be a page: only if `Accept` names `text/html`, and does not weigh it with 0. */
export function wantsHtml(headers: Pick<Headers, 'get'>): boolean {
  return namesType(headers.get('accept'), 'text/html');
}
