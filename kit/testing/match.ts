/** Which exchanges a test means: by endpoint, by what was sent, and by what came of it. */
import { headerOf, parametersOf } from '#lib/exchange/read.ts';
import type { Came, EndpointName, Exchange, Sent } from './types.ts';

/** One value against what a test expects: an exact text, a pattern, or null for absent. */
function fits(value: string | null, expected: string | RegExp | null): boolean {
  if (expected === null || value === null) return value === expected;
  // A pattern with the flag g or y remembers where it stopped.
  return typeof expected === 'string'
    ? value === expected
    : new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(value);
}

/**
 * Whether an exchange is the one that is meant.
 * @param endpoint any, if undefined
 */
export function matches(exchange: Exchange, endpoint?: EndpointName, sent: Sent = {}, came: Came = {}): boolean {
  if (endpoint !== undefined && exchange.endpoint !== endpoint) return false;
  const parameters = parametersOf(exchange);
  for (const [name, expected] of Object.entries(sent)) {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!fits(value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value), expected))
      return false;
  }
  if (came.status !== undefined && exchange.response?.status !== came.status) return false;
  if (came.error !== undefined && exchange.error !== came.error) return false;
  if (came.reason !== undefined && exchange.reason !== came.reason) return false;
  if (came.clientId !== undefined && exchange.client.clientId !== came.clientId) return false;
  if (came.tool !== undefined && exchange.tool !== came.tool) return false;
  return Object.entries(came.headers ?? {}).every(([name, expected]) =>
    fits(exchange.response === null ? null : headerOf(exchange.response, name.toLowerCase()), expected),
  );
}

/** A number with its noun: `1 time`, `2 times`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** One exchange on one line, without secrets: `#9 token refresh_token 400 invalid_grant: refresh-spent`. */
export function lineOf(exchange: Exchange): string {
  const what = exchange.grantType ?? exchange.tool ?? exchange.rpcMethod;
  const status = exchange.response === null ? 'no answer' : String(exchange.response.status);
  const refused =
    exchange.error === null ? '' : ` ${exchange.error}${exchange.reason === null ? '' : `: ${exchange.reason}`}`;
  return `#${exchange.seq} ${exchange.endpoint}${what === null ? '' : ` ${what}`} ${status}${refused}`;
}

/** Parameters whose values have no place in the log of a test run. */
const SECRET: ReadonlySet<string> = new Set([
  'access_token',
  'actor_token',
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'id_token',
  'password',
  'refresh_token',
  'registration_access_token',
  'subject_token',
  'token',
  'user_code',
]);

/** What a test asked for, in words; secrets are masked. */
export function wanted(endpoint: EndpointName | undefined, sent: Sent = {}, came: Came = {}): string {
  const parts = Object.entries(sent).map(([name, value]) =>
    value === null ? `no ${name}` : `${name}=${SECRET.has(name) && typeof value === 'string' ? '…' : String(value)}`,
  );
  const { times: _times, headers, ...rest } = came as Came & { timeout?: number };
  const outcome = Object.entries(rest)
    .filter(([name]) => name !== 'timeout')
    .map(([name, value]) => `${name} ${String(value)}`);
  const answered = Object.entries(headers ?? {}).map(([name, value]) =>
    value === null ? `no ${name}` : `${name}: ${String(value)}`,
  );
  return [
    endpoint ?? 'a request',
    ...(parts.length > 0 ? [`with ${parts.join(', ')}`] : []),
    ...(outcome.length + answered.length > 0 ? [`answered ${[...outcome, ...answered].join(', ')}`] : []),
  ].join(' ');
}

/** The most recent lines, oldest first, with how many were left out. */
export function listing(exchanges: readonly Exchange[], most = 30): string {
  if (exchanges.length === 0) return '  nothing arrived';
  const left = exchanges.length - most;
  return [
    ...(left > 0 ? [`  … ${left} before`] : []),
    ...exchanges.slice(-most).map((exchange) => `  ${lineOf(exchange)}`),
  ].join('\n');
}
