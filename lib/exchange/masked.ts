/**
 * An exchange as text that tells nobody whose it is: known values by their names, and whatever looks like an identifier
 * or a secret as an ellipsis.
 */
import { formOf, headerOf } from './read.ts';
import type { Exchange } from './types.ts';

/** Characters of one side at most. */
export const MOST_MASKED = 3000;

/** Headers that say something about why a request was refused. */
const TOLD = [
  'content-type',
  'authorization',
  'dpop',
  'mcp-protocol-version',
  'mcp-name',
  'location',
  'www-authenticate',
];
/** A shorter value is a word, not an identifier. */
const SHORTEST = 6;

/** Begins where a word does, so that a long word is read once. */
const EMAIL = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const SANDBOX = /\/s\/[\w-]+/g;
/** A run of characters that are no word: long, and with a digit or a capital in it. */
const OPAQUE = /(?<![\w~+%.-])(?=[\w~+%.-]*[A-Z0-9])[\w~+%.-]{12,}/g;

/** Takes out what could say who it was: sandboxes, addresses of people, long opaque strings. */
export function maskOpaque(text: string): string {
  const bounded = text.slice(0, 4 * MOST_MASKED);
  return bounded.replaceAll(SANDBOX, '/s/…').replaceAll(EMAIL, '…@…').replaceAll(OPAQUE, '…').slice(0, MOST_MASKED);
}

/**
 * Writes an exchange for others to see.
 * @param values those that the client holds, by name; each stands as `{name}`
 */
export function maskedExchange(
  exchange: Pick<Exchange, 'request' | 'response'>,
  values: Readonly<Record<string, string>>,
): { readonly request: string; readonly response: string } {
  const known = Object.entries(values)
    .filter(([, value]) => value.length >= SHORTEST)
    .sort(([, a], [, b]) => b.length - a.length);
  const named = (text: string): string =>
    known.reduce((all, [name, value]) => all.replaceAll(value, `{${name}}`), text);
  const told = (side: Parameters<typeof headerOf>[0]): string[] =>
    TOLD.flatMap((name) => {
      const value = headerOf(side, name);
      return value === null ? [] : [`${name}: ${value}`];
    });
  const { request, response } = exchange;
  const url = new URL(request.url);
  const form = [...formOf(exchange)];
  const body = form.length > 0 ? form.map(([name, value]) => `${name}=${value}`) : [request.body ?? ''];
  const query = [...url.searchParams].map(([name, value]) => `  ${name}=${value}`);
  const asked = [`${request.method} ${url.pathname}`, ...query, ...told(request), '', ...body];
  const answer = [String(response?.status ?? 'no answer'), ...told(response), '', response?.body ?? ''];
  return { request: maskOpaque(named(asked.join('\n')).trim()), response: maskOpaque(named(answer.join('\n')).trim()) };
}
