/**
 * What a test hands over is looked at before it is used: a name that does not exist would match nothing, and an
 * expectation that is negated would hold for ever.
 */
import { endpoints } from '#lib/spec/endpoints.ts';
import type { Came, Decision, EndpointName, ReportOptions, Sent, Verdict } from './types.ts';

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

/**
 * @param what says whose members they are, such as `createAuthwalk()`
 * @throws TypeError for a member that is not among `known`
 */
export function demandMembers(what: string, given: object | undefined, known: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new TypeError(`${what} takes no ${quoted(unknown)}. It takes: ${quoted(known)}.`);
}

/** @throws TypeError for an endpoint that does not exist */
export function demandEndpoint(endpoint: EndpointName | undefined): void {
  if (endpoint === undefined || Object.hasOwn(endpoints, endpoint)) return;
  throw new TypeError(
    `There is no endpoint with the name ${JSON.stringify(endpoint)}. There are ${Object.keys(endpoints).join(', ')}.`,
  );
}

const CAME = ['status', 'error', 'reason', 'clientId', 'tool', 'headers', 'times', 'timeout'] as const satisfies (
  | keyof Came
  | 'timeout'
)[];

/** @throws TypeError for what no request can be held against */
export function demandExpectation(endpoint?: EndpointName, sent: Sent = {}, came: Came = {}): void {
  demandEndpoint(endpoint);
  demandMembers('What came of a request', came, CAME);
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
    throw new TypeError(`The level of a report is MUST or SHOULD, and not ${JSON.stringify(options.level)}.`);
}

const VERDICTS: readonly unknown[] = ['pass', 'fail', 'warn', 'not_observed'] satisfies Verdict['verdict'][];

/** @throws TypeError for a verdict that no rule can have */
export function demandVerdict(verdict: unknown): void {
  if (!VERDICTS.includes(verdict))
    throw new TypeError(`A verdict is pass, fail, warn or not_observed, and not ${JSON.stringify(verdict)}.`);
}
