/** Which values are drawn as beads: those that matter for who may do what. */
import type { Exchange } from '#lib/exchange/types.ts';
import { headerOf } from '#lib/exchange/read.ts';
import { spans } from '../spans.ts';
import type { Bag } from '../types.ts';

/** Addresses and details that every message has: they would hide the ones that count. */
export const BEADLESS: ReadonlySet<string> = new Set([
  'origin',
  'base',
  'mcp_url',
  'other_mcp_url',
  'as_metadata_url',
  'registration_endpoint',
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'device_authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
  'end_session_endpoint',
  'redirect_uri',
  'client_name',
  'client_id_issued_at',
  'registration_access_token',
  'registration_client_uri',
  'application_type',
  'expires_in',
  'interval',
  'refresh_generation',
  'notes_count',
  'polls',
  'scheme',
  'user',
  'previous_access_token',
  'previous_refresh_token',
]);
const MOST = 6;

function names(texts: readonly (string | null)[], bag: Bag, prefer: readonly string[]): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    if (text === null) continue;
    for (const span of spans(text, bag, prefer)) if (span.value && !BEADLESS.has(span.value)) found.add(span.value);
  }
  return [...found].slice(0, MOST);
}

const counted = new WeakMap<Bag, Map<string, string[]>>();

/** The same exchange with the same values in hand has the same beads. */
function once(bag: Bag, key: string, work: () => string[]): string[] {
  const known = counted.get(bag) ?? new Map<string, string[]>();
  counted.set(bag, known);
  const before = known.get(key);
  if (before) return before;
  const found = work();
  known.set(key, found);
  return found;
}

const keyOf = (exchange: Exchange, side: string): string =>
  [side, exchange.seq, exchange.at, exchange.request.method, exchange.request.url].join(' ');

/** Values that a request carries. */
export function requestBeads(exchange: Exchange, bag: Bag, prefer: readonly string[]): string[] {
  return once(bag, `${keyOf(exchange, 'request')} ${prefer.length}`, () => carried(exchange, bag, prefer));
}

function carried(exchange: Exchange, bag: Bag, prefer: readonly string[]): string[] {
  const { url, body } = exchange.request;
  return names(
    [url.includes('?') ? url.slice(url.indexOf('?')) : null, headerOf(exchange.request, 'authorization'), body],
    bag,
    prefer,
  );
}

/** Values that its answer carries. */
export function responseBeads(exchange: Exchange, bag: Bag, made: readonly string[]): string[] {
  return once(bag, `${keyOf(exchange, 'response')} ${made.length}`, () => brought(exchange, bag, made));
}

function brought(exchange: Exchange, bag: Bag, made: readonly string[]): string[] {
  const { response } = exchange;
  if (!response) return [];
  const isHtml = (headerOf(response, 'content-type') ?? '').includes('html');
  return names(
    [headerOf(response, 'www-authenticate'), headerOf(response, 'location'), isHtml ? null : response.body],
    bag,
    made,
  );
}
