/** What several rules look for. */
import { type JsonObject, jsonOf, type Parameters } from '#lib/exchange/read.ts';
import { none } from './findings.ts';
import type { Run } from './run.ts';
import type { Seen } from './seen.ts';
import type { Finding } from './types.ts';

/** Words that a program writes when it has no value. */
export const PLACEHOLDER = /^(?:undefined|null|none|nil|nan|true|false|\[object object\]|\{\}|""|'')$/i;

/** Where two texts begin to differ, in words. */
export function differenceOf(got: string, expected: string): string {
  let at = 0;
  while (at < got.length && at < expected.length && got[at] === expected[at]) at += 1;
  if (at === got.length) return `it ends after ${at} characters`;
  if (at === expected.length) return `it goes on after ${at} characters with ${JSON.stringify(got.slice(at, at + 12))}`;
  return `they differ from character ${at + 1} on: ${JSON.stringify(got.slice(at, at + 12))}`;
}

/** Requests to the authorization server that go beyond discovery and registration. */
const BEYOND: ReadonlySet<string> = new Set(['authorize', 'par', 'device', 'token']);

export function goesBeyond({ endpoint }: Seen): boolean {
  return BEYOND.has(endpoint);
}

/** The same, and registration. */
export function usesServer({ endpoint }: Seen): boolean {
  return BEYOND.has(endpoint) || endpoint === 'register';
}

/** Judges each of some requests that every one must get right. */
export function everyOne<T>(items: readonly T[], judge: (item: T) => Finding | null): readonly Finding[] {
  return items.flatMap((item) => judge(item) ?? []);
}

/** Whether a poll was answered: the user has not decided yet. */
export function isPending(seen: Seen): boolean {
  return seen.delivered && (seen.error === 'authorization_pending' || seen.error === 'slow_down');
}

/** What a call asks for: HTTP method, JSON-RPC method, tool. */
export function operationOf({ exchange, method }: Seen): string {
  return `${method} ${exchange.rpcMethod ?? ''} ${exchange.tool ?? ''}`;
}

/** What cannot be told while the run is open. */
export function untilClosed(says: string): Finding {
  return none('open', says);
}

/** Registrations that were tried, refused ones included. */
export function attemptsOf(run: Run): readonly { readonly seen: Seen; readonly body: JsonObject }[] {
  return run.seen.flatMap((seen) => {
    const body = seen.endpoint === 'register' && seen.method === 'POST' ? jsonOf(seen.exchange.request) : null;
    return body === null ? [] : [{ seen, body }];
  });
}

/** The first parameter that comes more than once, but for those that may; null if none does. */
export function repeatedName(parameters: Iterable<[string, string]>, allowed: readonly string[]): string | null {
  const names = new Set<string>();
  for (const [name] of parameters) {
    if (names.has(name) && !allowed.includes(name)) return name;
    names.add(name);
  }
  return null;
}

/** The resources that a request names. An empty parameter names none. @see RFC 6749 section 3.1 */
export const namedResources = (parameters: Parameters): readonly string[] =>
  parameters.getAll('resource').filter(Boolean);

/** Authorization and token requests with `resource`. */
export function resourcesOf(run: Run): readonly { readonly seen: Seen; readonly values: readonly string[] }[] {
  return [
    ...run.authorizations.map(({ seen, pushed, parameters }) => ({
      seen: pushed ?? seen,
      values: namedResources(parameters),
    })),
    ...run.tokenRequests
      .filter(({ issuer, grantType }) => issuer !== `${run.base}/idp` && grantType !== 'refresh_token')
      .map(({ seen }) => ({ seen, values: namedResources(seen.form) })),
  ].filter(({ values }) => values.length > 0);
}

/** Whether the sandbox plays a server of MCP 2025-03-26: it has no resource metadata, and its challenge names none. */
export function playsFirstRevision(run: Run, seen: Seen): boolean {
  return run.knob(seen, 'prm.location') === 'none' && run.knob(seen, 'prm.inChallenge') === false;
}
