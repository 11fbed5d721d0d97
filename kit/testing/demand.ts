/**
 * What a test hands over is looked at before it is used: a name that does not exist would match nothing, and an
 * expectation that is negated would hold for ever.
 */
import { endpoints } from '#lib/spec/endpoints.ts';
import type { Came, Decision, EndpointName, ReportOptions, Sandbox, Sent, Verdict } from './types.ts';

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

/** A value as a message shows it. */
const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

/**
 * @param what says whose members they are, such as `createAuthwalk()`
 * @throws TypeError for what is no object, and for a member that is not among `known`
 */
export function demandMembers(what: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError(`${what} takes an object with the members ${quoted(known)}, and not ${shown(given)}.`);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new TypeError(`${what} takes no ${quoted(unknown)}. It takes: ${quoted(known)}.`);
}

const SANDBOX = ['exchanges', 'report', 'faults'] as const satisfies (keyof Sandbox)[];

/**
 * @param says what the message begins with, such as `assertReport() takes a sandbox`
 * @throws TypeError for anything that is no sandbox
 */
export function demandSandbox(value: unknown, says: string): Sandbox {
  if (typeof value === 'object' && value !== null && SANDBOX.every((member) => member in value))
    return value as Sandbox;
  throw new TypeError(`${says}.`);
}

/** @throws TypeError for an endpoint that does not exist */
export function demandEndpoint(endpoint: EndpointName): void {
  if (Object.hasOwn(endpoints, endpoint)) return;
  throw new TypeError(
    `There is no endpoint with the name ${shown(endpoint)}. There are ${Object.keys(endpoints).join(', ')}.`,
  );
}

/** What each member of {@link Came} is held against. */
const CAME = {
  status: 'number',
  error: 'string',
  reason: 'string',
  clientId: 'string',
  tool: 'string',
  headers: 'object',
  times: 'number',
  timeout: 'number',
} as const satisfies Record<keyof Came | 'timeout', string>;

/** @throws TypeError for what no request can be held against */
export function demandExpectation(sent: Sent = {}, came: Came = {}): void {
  demandMembers('What came of a request', came, Object.keys(CAME));
  for (const [name, type] of Object.entries(CAME)) {
    const value = (came as Record<string, unknown>)[name];
    if (value !== undefined && (typeof value !== type || Number.isNaN(value)))
      throw new TypeError(`${name} of a request is held against a ${type}, and not ${shown(value)}.`);
  }
  const { timeout } = came as { readonly timeout?: number };
  if (timeout !== undefined && timeout < 0)
    throw new TypeError(`timeout of a request is a number of milliseconds, and not ${timeout}.`);
  if (typeof sent !== 'object' || sent === null)
    throw new TypeError(`What was sent is an object of parameters by name, and not ${shown(sent)}.`);
  for (const [whose, expected] of [
    ['A parameter', sent],
    ['A header', came.headers ?? {}],
  ] as const)
    for (const [name, value] of Object.entries(expected as Record<string, unknown>))
      if (typeof value !== 'string' && value !== null && !(value instanceof RegExp))
        throw new TypeError(
          `${whose} is held against a text, a pattern or null, and ${JSON.stringify(name)} has ${typeof value}.`,
        );
}

/** @throws TypeError for an object that approves nothing; a word is looked at by the server */
export function demandDecision(decision: Decision): void {
  if (typeof decision === 'string') return;
  demandMembers('A decision', decision, ['approve', 'scope', 'delay']);
  const { approve }: { approve: unknown } = decision;
  if (approve !== true && typeof approve !== 'string')
    throw new TypeError("A decision approves as true or as an e-mail address; to refuse, it is 'deny'.");
}

const LEVELS: readonly unknown[] = ['MUST', 'SHOULD'] satisfies ReportOptions['level'][];

/** @throws TypeError for what no report can be held against */
export function demandReportOptions(options: ReportOptions): void {
  demandMembers('A report', options, ['level', 'rules', 'except', 'final']);
  if (options.level !== undefined && !LEVELS.includes(options.level))
    throw new TypeError(`The level of a report is MUST or SHOULD, and not ${shown(options.level)}.`);
}

const VERDICTS: readonly unknown[] = ['pass', 'fail', 'warn', 'not_observed'] satisfies Verdict['verdict'][];

/** @throws TypeError for a verdict that no rule can have */
export function demandVerdict(verdict: unknown): void {
  if (!VERDICTS.includes(verdict))
    throw new TypeError(`A verdict is pass, fail, warn or not_observed, and not ${shown(verdict)}.`);
}
