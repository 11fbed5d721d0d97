/**
 * Matchers for any `expect.extend`: Vitest, Jest and Playwright call them with the value and what it is held against,
 * and show the message. All of them are to be awaited.
 */
import { passesReport, received } from './testing/assert.ts';
import { demandSandbox, demandVerdict } from './testing/demand.ts';
import { counted, listing } from './testing/match.ts';
import { failureOf, pageOf } from './testing/report.ts';
import type { Came, EndpointName, Fault, ReportOptions, Sandbox, Sent, Verdict } from './testing/types.ts';

/** What a matcher answers its runner. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers as a test calls them, for the runners' types. */
export interface AuthwalkMatchers<R = unknown> {
  /** A request arrived; with `times`, exactly so many. */
  toHaveReceived(endpoint: EndpointName, sent?: Sent, came?: Came): Promise<R>;
  /** No rule at that level has failed, and at least one has passed. */
  toPassReport(options?: ReportOptions): Promise<R>;
  /** The rule says so of this client. @throws TypeError for a rule that does not exist */
  toHaveVerdict(rule: string, verdict: Verdict['verdict']): Promise<R>;
  /** The fault acted at least once. */
  toHaveFired(fault: Fault | string): Promise<R>;
}

/** @throws TypeError for anything that is no sandbox */
const sandboxOf = (value: unknown, matcher: string): Sandbox =>
  demandSandbox(value, `${matcher} looks at a sandbox: expect(sandbox).${matcher}(…)`);

/** @see Sandbox.exchanges for what `sent` and `came` mean */
export async function toHaveReceived(
  actual: unknown,
  endpoint: EndpointName,
  sent?: Sent,
  came?: Came,
): Promise<MatcherResult> {
  const { pass, message } = await received(sandboxOf(actual, 'toHaveReceived'), endpoint, sent, came);
  return { pass, message: () => (pass ? message.replace('Expected ', 'Did not expect ') : message) };
}

export async function toPassReport(actual: unknown, options?: ReportOptions): Promise<MatcherResult> {
  const { pass, message } = await passesReport(sandboxOf(actual, 'toPassReport'), options);
  return { pass, message: () => message };
}

export async function toHaveVerdict(
  actual: unknown,
  rule: string,
  expected: Verdict['verdict'],
): Promise<MatcherResult> {
  demandVerdict(expected);
  const sandbox = sandboxOf(actual, 'toHaveVerdict');
  const report = await sandbox.report();
  const verdict = report.verdicts.find((one) => one.rule === rule);
  if (verdict === undefined) throw new TypeError(`There is no rule with the id ${JSON.stringify(rule)}.`);
  const pass = verdict.verdict === expected;
  const why = verdict.reason === null ? failureOf(verdict) : `${verdict.reason.code}: ${verdict.reason.says}`;
  return {
    pass,
    message: () =>
      `Expected the verdict of ${rule} ${pass ? 'not ' : ''}to be ${expected}; it is ${verdict.verdict}.\n\n${why}` +
      pageOf(sandbox.inspectUrl),
  };
}

export async function toHaveFired(actual: unknown, fault: Fault | string): Promise<MatcherResult> {
  const sandbox = sandboxOf(actual, 'toHaveFired');
  const id = typeof fault === 'string' ? fault : (fault as Fault | undefined)?.id;
  if (typeof id !== 'string') throw new TypeError('toHaveFired takes what faults.add() returned, or its id.');
  const faults = await sandbox.faults.list();
  const found = faults.find((one) => one.id === id);
  if (found === undefined) throw new TypeError(`This sandbox has no fault with the id ${JSON.stringify(id)}.`);
  const pass = found.acted > 0;
  const arrived = await sandbox.exchanges();
  return {
    pass,
    message: () =>
      `Expected the fault ${id} on ${found.endpoint} ${pass ? 'not ' : ''}to act; ` +
      `${counted(found.matched, 'request')} matched, and it acted on ${found.acted}. What arrived:\n` +
      `${listing(arrived)}${pageOf(sandbox.inspectUrl)}`,
  };
}
