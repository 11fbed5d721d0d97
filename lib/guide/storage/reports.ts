/** Plans, their reports, and the latest run of each scenario. */
import { read, keys, write, type KeyValueStore } from './store.ts';

/** The control token of a plan; null if this browser does not have it. */
export function readPlanToken(storage: Pick<Storage, 'getItem'> | null, id: string): string | null {
  const token = read(storage, keys.plan(id));
  return typeof token === 'string' ? token : null;
}

/** Keeps the control token of a plan. */
export function keepPlanToken(storage: Pick<Storage, 'setItem'> | null, id: string, token: string): void {
  write(storage, keys.plan(id), token);
}

/** Reports of plans that were looked at, newest first: what the next run is compared with. */
export function readPlanReports(storage: Pick<Storage, 'getItem'> | null): readonly unknown[] {
  const list = read(storage, keys.planReports);
  return Array.isArray(list) ? list : [];
}

/** As many as are kept: a summary of all scenarios is about 250 kB. Fewer are if the storage is full. */
const MOST_PLAN_REPORTS = [8, 4, 2, 1];

/** Keeps the report of a plan, in place of an earlier one of the same plan. */
export function keepPlanReport(storage: KeyValueStore | null, report: { readonly plan: string }): void {
  const others = readPlanReports(storage).filter((one) => (one as { plan?: unknown } | null)?.plan !== report.plan);
  MOST_PLAN_REPORTS.some((most) => write(storage, keys.planReports, [report, ...others].slice(0, most)));
}

/** The reader's last run of a scenario, as much as its page shows. `public/pages.js` reads it. */
export interface ScenarioRun {
  readonly scenario: string;
  /** Path of the page that it was run from: `/sandbox/…` or `/plans/…`. */
  readonly page: string;
  readonly client: string;
  /** ISO time. */
  readonly at: string;
  /** Rules that the scenario is about, and others that were found broken. */
  readonly verdicts: readonly (readonly [title: string, mark: 'pass' | 'fail' | 'warn' | 'unseen'])[];
}

/** As many scenarios as are remembered: a run is about 500 bytes, and there are 123. */
const MOST_SCENARIO_RUNS = 150;

/** Keeps a run as the last one of its scenario. */
export function keepScenarioRun(storage: KeyValueStore | null, run: ScenarioRun): void {
  const list = read(storage, keys.scenarioRuns);
  const others = Array.isArray(list) ? list.filter((one: ScenarioRun | null) => one?.scenario !== run.scenario) : [];
  write(storage, keys.scenarioRuns, [run, ...others].slice(0, MOST_SCENARIO_RUNS));
}
