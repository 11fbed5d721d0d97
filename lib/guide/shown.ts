/** How an answer showed itself: by a page, a redirect, JSON, a challenge, or not at all. */
import { mediaTypeOf, tokenChallengeOf } from '#lib/exchange/read.ts';
import { locationOf } from './walker.ts';
import type { ExchangeEntry, Shown } from './types.ts';

/** How an exchange showed itself to the client. A Basic challenge beside an OAuth error is no challenge for a token. */
export function shownOf(entry: ExchangeEntry): Shown {
  const { exchange } = entry;
  const isCut = exchange.response?.status === 0;
  if (entry.checks.some((check) => !check.ok) || entry.failed || isCut) return 'client';
  const location = locationOf(exchange);
  if (location !== null && (exchange.response?.status ?? 0) < 400)
    return /\/consent\//.test(location) ? 'consent' : 'redirect';
  if (tokenChallengeOf(exchange) !== null) return 'challenge';
  return mediaTypeOf(exchange.response) === 'text/html' ? 'page' : 'json';
}

/** The reason that an exchange shows: the client's own, else the server's. */
export function reasonShown(entry: ExchangeEntry): string | null {
  return entry.checks.find((check) => !check.ok)?.reason ?? entry.exchange.reason;
}
