/** Which requests a fault is about. */
import type { RE2JS } from 're2js';
import { type Fault, type MatchValue, PATTERN_SEES } from '#lib/config/fault.ts';
import { isMatchName } from '#lib/config/fault-rules.ts';
import { claimedClientOf, headerOf, namedClientOf, parameterOf, rpcOf } from '#lib/exchange/read.ts';
import type { HttpRequest } from '#lib/exchange/types.ts';
import type { Context } from '#lib/oauth/context.ts';
import { BoundedMap } from '#lib/spec/bounded-map.ts';

/** What a request is, as far as faults ask. */
export interface FaultRequest {
  readonly ctx: Context;
  readonly endpoint: string;
  /** Where a document was asked for: `path`, `custom`, `oauth-inserted` and so on; null elsewhere. */
  readonly location: string | null;
}

/** Whether a fault is about a request; `nth` and `times` are counted elsewhere. */
export function matches(fault: Fault, asked: FaultRequest): boolean {
  if (fault.endpoint !== asked.endpoint) return false;
  const sent = sentOf(asked.ctx);
  const { request } = sent;
  if (fault.client_id !== undefined && (namedClientOf(sent) ?? claimedClientOf(sent)) !== fault.client_id) return false;
  const { grant_type, rpc_method, tool, authenticated, location, method, parameters, headers, ...rest } =
    fault.match ?? {};
  if (location !== undefined && asked.location !== location) return false;
  if (method !== undefined && request.method !== method) return false;
  if (authenticated !== undefined && (headerOf(request, 'authorization') !== null) !== authenticated) return false;
  const rpc = rpc_method === undefined && tool === undefined ? null : rpcOf(sent);
  return (
    (grant_type === undefined || isLike(parameterOf(sent, 'grant_type'), grant_type)) &&
    (rpc_method === undefined || isLike(rpc?.method ?? null, rpc_method)) &&
    (tool === undefined || isLike(rpc?.tool ?? null, tool)) &&
    Object.entries(parameters ?? {}).every(([name, value]) => isLike(parameterOf(sent, name), value)) &&
    Object.entries(headers ?? {}).every(([name, value]) => isLike(headerOf(request, name), value)) &&
    // A name that means nothing else is a parameter or a header.
    Object.entries(rest as Readonly<Record<string, MatchValue>>)
      .filter(([name]) => !isMatchName(name))
      .every(([name, value]) => isLikeEither(parameterOf(sent, name), headerOf(request, name), value))
  );
}

const isAbsence = (value: MatchValue): boolean =>
  typeof value === 'object' && ('absent' in value || 'otherThan' in value);

/** Whether a value is what a match asks for. @param got null: there is none */
function isLike(got: string | null, wanted: MatchValue): boolean {
  if (typeof wanted !== 'object') return got === String(wanted);
  if ('absent' in wanted) return got === null;
  if ('otherThan' in wanted) return got === null || !isFound(wanted.otherThan, got);
  return got !== null && isFound(wanted.matches, got);
}

function isLikeEither(one: string | null, other: string | null, wanted: MatchValue): boolean {
  return isAbsence(wanted)
    ? isLike(one, wanted) && isLike(other, wanted)
    : isLike(one, wanted) || isLike(other, wanted);
}

/** The engine that matches in linear time whatever the pattern; loaded when a fault first has a pattern. */
let engine: typeof RE2JS | null = null;

/** To be awaited before {@link matches} sees a fault with a pattern. */
export async function loadPatterns(faults: readonly Fault[]): Promise<void> {
  if (
    engine === null &&
    faults.some(({ match }) => match !== undefined && /"(?:matches|otherThan)"/.test(JSON.stringify(match)))
  )
    engine = (await import('re2js')).RE2JS;
}

/**
 * States of the patterns of one fault, and of all faults of a sandbox: each may be looked at for each character of a
 * value, at some 100 ns, and everybody else waits for it. `[a-z]{43}` has 45, `.{1,255}` has 511.
 */
export const MOST_STATES = 600;
export const MOST_STATES_IN_ALL = 4000;

/** What the counted repetitions of a pattern come to at least: what is too large is not even compiled. */
function repetitions(pattern: string): number {
  return [...pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)].reduce(
    (sum, [, least, most]) => sum + Math.max(Number(least), Number(most ?? 0)),
    0,
  );
}

/** How many states a pattern has that the engine takes. */
export async function statesOf(pattern: string): Promise<number> {
  if (repetitions(pattern) > MOST_STATES) return repetitions(pattern);
  engine ??= (await import('re2js')).RE2JS;
  return engine.compile(pattern).programSize();
}

/** Why the engine does not take a pattern, so that it could never match; null if it does. */
export async function patternProblem(pattern: string): Promise<string | null> {
  engine ??= (await import('re2js')).RE2JS;
  try {
    if (repetitions(pattern) <= MOST_STATES) engine.compile(pattern);
    return null;
  } catch (error) {
    const says = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read';
    return `not a pattern of RE2, so this can never match: ${says}`;
  }
}

/** Patterns that were compiled; null: the engine does not take it. */
const compiled = new BoundedMap<string, { readonly pattern: RE2JS | null }>(2_000);

function isFound(text: string, value: string): boolean {
  const { pattern } = compiled.getOrMake(text, () => {
    try {
      return { pattern: engine?.compile(text) ?? null };
    } catch {
      return { pattern: null };
    }
  });
  return pattern?.matcher(value.slice(0, PATTERN_SEES)).find() ?? false;
}

/** A request as the record reads it. */
export interface SentRequest {
  readonly request: HttpRequest;
  readonly response: null;
  readonly endpoint: string;
}

const known = new WeakMap<Context, SentRequest>();

/** The request as the record reads it, made once: all faults of a sandbox share what is parsed of it. */
export function sentOf(ctx: Context): SentRequest {
  const before = known.get(ctx);
  if (before !== undefined) return before;
  const { method, url, headers } = ctx.request;
  const sent: SentRequest = {
    request: { method, url, httpVersion: '1.1', headers: [...headers], body: ctx.body.text },
    response: null,
    endpoint: '',
  };
  known.set(ctx, sent);
  return sent;
}
