/** What a run of `check` found: one result a scenario, and what they come to. */
import type { PathRow } from '#lib/coach/path.ts';
import type { Report, Verdict } from '#lib/coach/types.ts';
import { EXIT } from '../exit.ts';
import type { ChildResult } from './child.ts';
import { type Expected, type ExpectedFailures, excuseOf, type Judged, staleEntries } from './expected.ts';
import { CONFORMING, type ScenarioChoice } from './select.ts';

/** One scenario, run. */
export interface ScenarioRun {
  readonly scenario: ScenarioChoice;
  /** How many requests arrived. */
  readonly arrived: number;
  /** What the client did, small enough to compare with another run. */
  readonly path: readonly PathRow[];
  /** Null if nothing arrived or the run was interrupted. */
  readonly report: Report | null;
  readonly child: ChildResult | null;
  /** The page, if the sandbox was kept on a server with pages. */
  readonly inspectUrl: string | null;
  /** Rules that measure time and were judged again alone. */
  readonly retried: readonly string[];
  readonly interrupted: boolean;
}

/** How a scenario stands: the first that holds, in this order. */
export type State =
  | 'interrupted'
  | 'unreached'
  | 'failed'
  | 'expected'
  | 'warned'
  | 'passed'
  | 'not-observed'
  | 'not-judged';

/** What counts against a client. */
export interface Policy {
  readonly level: 'MUST' | 'SHOULD';
  readonly requireObserved: boolean;
  readonly expected: ExpectedFailures;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** A verdict against the client, and whether it is excused. */
export interface Failure {
  readonly scenario: string;
  readonly verdict: Verdict;
  readonly excuse: Expected | null;
}

export interface ScenarioResult extends ScenarioRun {
  readonly state: State;
  /** Runs and is shown, and decides nothing. */
  readonly quarantined: boolean;
  readonly failures: readonly Failure[];
  readonly warnings: readonly Verdict[];
  /** Rules that the scenario is about and that were not observed. */
  readonly unanswered: readonly string[];
}

/** The scenarios and what they come to. */
export interface CheckResult {
  readonly scenarios: readonly ScenarioResult[];
  /** Excuses whose rule passes by now. */
  readonly stale: readonly Expected[];
  /** The first that counts against the client; null if none does. */
  readonly against: ScenarioResult | null;
  readonly status: number;
  /** Why the status is what it is, for a person. */
  readonly because: readonly string[];
}

/** What one run of a scenario comes to. */
export function resultOf(run: ScenarioRun, { level, expected, today }: Policy): ScenarioResult {
  const verdicts = run.report?.verdicts ?? [];
  const { id, judgedBy } = run.scenario;
  const failures = verdicts
    .filter(({ verdict }) => verdict === 'fail')
    .map((verdict) => ({ scenario: id, verdict, excuse: excuseOf(expected, id, verdict.rule, today) }));
  const warnings = verdicts.filter(({ verdict }) => verdict === 'warn');
  const unanswered = run.report?.summary.unanswered ?? [];
  // `conforming` names no rule because it is about every MUST. A warning in it counts with --level SHOULD alone.
  const everyRule = id === CONFORMING;
  const passed = verdicts.some(({ rule, verdict }) => verdict === 'pass' && (everyRule || judgedBy.includes(rule)));
  const state: State = run.interrupted
    ? 'interrupted'
    : run.arrived === 0
      ? 'unreached'
      : failures.some(({ excuse }) => excuse === null)
        ? 'failed'
        : failures.length > 0
          ? 'expected'
          : judgedBy.length === 0 && !everyRule
            ? 'not-judged'
            : warnings.some(({ rule }) => level === 'SHOULD' || judgedBy.includes(rule))
              ? 'warned'
              : passed
                ? 'passed'
                : 'not-observed';
  return { ...run, state, quarantined: expected.quarantine.has(id), failures, warnings, unanswered };
}

/** All verdicts, as far as the file of expected failures is concerned. */
export function judgedOf(results: readonly ScenarioResult[]): Judged[] {
  return results.flatMap(({ scenario, report }) =>
    (report?.verdicts ?? []).map(({ rule, verdict }) => ({ scenario: scenario.id, rule, verdict })),
  );
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function countsAgainst({ state, warnings, unanswered }: ScenarioResult, { level, requireObserved }: Policy): boolean {
  if (state === 'failed' || state === 'unreached') return true;
  return (level === 'SHOULD' && warnings.length > 0) || (requireObserved && unanswered.length > 0);
}

/** What all of them come to. */
export function conclude(scenarios: readonly ScenarioResult[], policy: Policy): CheckResult {
  const deciding = scenarios.filter(({ quarantined }) => !quarantined);
  const stale = staleEntries(policy.expected, judgedOf(deciding));
  const count = (state: State): number => deciding.filter((one) => one.state === state).length;
  const failed = count('failed');
  const unreached = count('unreached');
  const warned = deciding.filter(({ warnings }) => warnings.length > 0).length;
  const unanswered = deciding.filter((one) => one.unanswered.length > 0).length;
  const because = [
    ...(failed > 0 ? [`a MUST failed that is not expected, in ${plural(failed, 'scenario', 'scenarios')}`] : []),
    ...(unreached > 0 ? [`${plural(unreached, 'scenario was', 'scenarios were')} not reached`] : []),
    ...(stale.length > 0
      ? [`${plural(stale.length, 'expected failure passes', 'expected failures pass')}: take them out`]
      : []),
    ...(policy.level === 'SHOULD' && warned > 0
      ? [`${plural(warned, 'scenario', 'scenarios')} with warnings, which count with --level SHOULD`]
      : []),
    ...(policy.requireObserved && unanswered > 0
      ? [`${plural(unanswered, 'scenario was', 'scenarios were')} not answered, which counts with --require-observed`]
      : []),
  ];
  const interrupted = scenarios.some((one) => one.interrupted);
  return {
    scenarios,
    stale,
    against: deciding.find((one) => countsAgainst(one, policy)) ?? null,
    status: interrupted ? EXIT.interrupted : because.length > 0 ? EXIT.against : EXIT.good,
    because: interrupted ? ['interrupted', ...because] : because,
  };
}
