/** An exchange as one line of the ledger, and which lines are shown. */
import { entryOf } from '#lib/spec/own.ts';
import { formOf, headerOf, redirectOf } from '#lib/exchange/read.ts';
import { clientName } from '#lib/exchange/sender.ts';
import type { Exchange, LedgerEntry } from './types.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

export interface RowWords {
  /** Path as far as it tells something: `/mcp`, `…protected-resource`. */
  readonly path: string;
  /** What it was for: a tool, a JSON-RPC method, a grant. */
  readonly detail: string;
  readonly status: string;
}

const known = new WeakMap<Exchange, RowWords>();

/** The words of a line; worked out once for an exchange. */
export function rowWords(exchange: Exchange): RowWords {
  const before = known.get(exchange);
  if (before) return before;
  const words = {
    path: pathOf(exchange.request.url),
    detail: detailOf(exchange),
    status: exchange.response ? String(exchange.response.status) : '—',
  };
  known.set(exchange, words);
  return words;
}

/** A path without the sandbox, a well-known address by its last word. */
export function pathOf(url: string): string {
  let path: string;
  try {
    path = decodeURI(new URL(url).pathname);
  } catch {
    return url;
  }
  const wellKnown = /\/\.well-known\/(?:oauth-)?([^/]+)/.exec(path);
  if (wellKnown) return `…${wellKnown[1]}`;
  return path.replace(/^\/s\/[^/]+/, '') || '/';
}

const GRANTS: Readonly<Record<string, string>> = {
  authorization_code: 'code',
  refresh_token: 'refresh',
  client_credentials: 'client credentials',
  'urn:ietf:params:oauth:grant-type:device_code': 'device code',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'token exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'assertion',
  password: 'password',
};

function detailOf(exchange: Exchange): string {
  const what =
    exchange.tool ??
    exchange.rpcMethod ??
    (exchange.grantType ? (entryOf(GRANTS, exchange.grantType) ?? exchange.grantType) : decisionOf(exchange));
  return [
    what,
    exchange.acted.some((one) => one.kind === 'fault') ? 'fault' : '',
    exchange.response && !exchange.delivered ? 'not delivered' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function decisionOf(exchange: Exchange): string {
  if (exchange.endpoint !== 'authorize' && exchange.endpoint !== 'consent') return '';
  const action = formOf(exchange).get('action');
  if (action !== null) return action === 'deny' ? 'denied' : 'approved';
  const location = headerOf(exchange.response, 'location') ?? '';
  if (location.includes('/consent/')) return 'asks the user';
  const answered = redirectOf(exchange)?.parameters;
  return answered?.get('error') ?? (answered?.has('code') ? 'code' : '');
}

/** Time since the one before, as people say it; the first one has its time of day. */
export function sinceWords(exchange: Pick<LedgerEntry, 'at'>, before: Pick<LedgerEntry, 'at'> | undefined): string {
  if (!before) return timeOfDay(exchange.at);
  const ms = Math.max(0, Date.parse(exchange.at) - Date.parse(before.at));
  if (ms < 1000) return `+${Math.round(ms)} ms`;
  if (ms < 100_000) return `+${(ms / 1000).toFixed(1)} s`;
  if (ms < 5_400_000) return `+${Math.round(ms / 60_000)} min`;
  return timeOfDay(exchange.at);
}

/** Seconds as people say them: `42 s`, `3 min`, `2 h`. */
export function spell(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 100) return `${whole} s`;
  if (whole < 3600)
    return whole % 60 === 0 || whole > 600
      ? `${Math.round(whole / 60)} min`
      : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 172_800)
    return whole % 3600 < 60
      ? `${Math.floor(whole / 3600)} h`
      : `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
  return `${Math.round(whole / 86_400)} days`;
}

export interface Filter {
  readonly endpoint: string;
  readonly client: string;
  readonly status: string;
  readonly text: string;
}
export const everything: Filter = { endpoint: '', client: '', status: '', text: '' };

export const isFiltering = (filter: Filter): boolean =>
  filter !== everything && Object.values(filter).some((value) => value !== '');

const texts = new WeakMap<Exchange, string>();

/** Everything that travelled, in lower case. */
function textOf(exchange: Exchange): string {
  const before = texts.get(exchange);
  if (before !== undefined) return before;
  const { request, response } = exchange;
  const headers = [...request.headers, ...(response?.headers ?? [])].map((pair) => pair.join(': '));
  const text = [
    request.method,
    request.url,
    ...headers,
    request.body ?? '',
    response?.body ?? '',
    exchange.reason ?? '',
    exchange.error ?? '',
    exchange.tool ?? '',
    exchange.client.name ?? '',
  ]
    .join('\n')
    .toLowerCase();
  texts.set(exchange, text);
  return text;
}

/** Whether a line is shown. */
export function passes(exchange: Exchange, filter: Filter, names?: ReadonlyMap<string, string>): boolean {
  return (
    (filter.endpoint === '' || exchange.endpoint === filter.endpoint) &&
    (filter.client === '' || clientName(exchange, names) === filter.client) &&
    (filter.status === '' ||
      (filter.status === 'none'
        ? exchange.response === null
        : filter.status === 'refused'
          ? exchange.error !== null || (exchange.response?.status ?? 0) >= 400
          : String(exchange.response?.status ?? '').startsWith(filter.status))) &&
    (filter.text === '' || textOf(exchange).includes(filter.text.toLowerCase()))
  );
}
