/** One run of all scenarios beside another: what got worse, what got better, the first difference first. */
import type { PathRow } from '#lib/coach/path.ts';
import { askedOf, summaryOf, WORST } from '#lib/coach/summary.ts';
import type { Report, Verdict, VerdictName } from '#lib/coach/types.ts';

/** The result of a plan, small enough to keep in a browser for the next comparison. */
export interface PlanResult {
  readonly plan: string;
  readonly client: string;
  readonly revision: string | null;
  /** ISO time. */
  readonly at: string;
  readonly verdicts: Readonly<Record<string, VerdictName>>;
  /** The worst of its rules, by scenario; absent: not run. */
  readonly scenarios: Readonly<Record<string, VerdictName>>;
  /** What the client did, by scenario; a result that was kept earlier has none. */
  readonly paths?: Readonly<Record<string, readonly PathRow[]>>;
}

/** A report over all items, as `GET /api/plans/{id}/report` gives it. */
export type PlanReport = Pick<Report, 'report' | 'generated_at' | 'client' | 'revision' | 'summary' | 'verdicts'> & {
  readonly items?: readonly {
    readonly scenario: string;
    readonly summary?: Report['summary'] | null;
    /** The rules that the scenario is about. */
    readonly asked?: Readonly<Record<string, VerdictName>>;
    readonly path?: readonly PathRow[];
  }[];
};

/** What `authwalk check --json` writes. */
export interface CheckFile {
  readonly check: 1;
  readonly scenarios: readonly {
    readonly scenario: string;
    readonly report: Report | null;
    readonly path?: readonly PathRow[];
  }[];
}

/** The worst of the rules that a scenario is about; of all rules, if it is about none. */
const worst = (
  summary: Report['summary'] | null | undefined,
  asked: Readonly<Record<string, VerdictName>> = {},
): VerdictName | null => {
  if (!summary) return null;
  const names = Object.values(asked);
  const first = WORST.find((name) => names.includes(name));
  if (first !== undefined) return first;
  if (summary.fail > 0) return 'fail';
  if (summary.warn > 0) return 'warn';
  return summary.pass > 0 ? 'pass' : 'not_observed';
};

/** @param plan id of the plan, or the name of the file that it comes from */
export function resultOf(report: PlanReport, plan: string): PlanResult {
  return {
    plan,
    client: report.client?.name ?? report.client?.client_ids[0] ?? 'client',
    revision: report.revision.value,
    at: report.generated_at,
    verdicts: Object.fromEntries(report.verdicts.map(({ rule, verdict }) => [rule, verdict])),
    scenarios: Object.fromEntries(
      (report.items ?? []).flatMap(({ scenario, summary, asked }) => {
        const mark = worst(summary, asked);
        return mark === null ? [] : [[scenario, mark]];
      }),
    ),
    paths: Object.fromEntries((report.items ?? []).flatMap(({ scenario, path }) => (path ? [[scenario, path]] : []))),
  };
}

/**
 * What `authwalk check` wrote, as one report over its scenarios: the verdict of a rule is the worst that any of them
 * gave it, with the evidence of those that did.
 * @returns null if it holds no report
 */
export function reportOfCheck({ scenarios }: CheckFile): PlanReport | null {
  const reached = scenarios.flatMap(({ report, ...one }) => (report === null ? [] : [{ ...one, report }]));
  const last = reached.at(-1)?.report;
  if (last === undefined) return null;
  const byRule = new Map<string, Verdict>();
  for (const { scenario, report } of reached)
    for (const verdict of report.verdicts) {
      const { rule } = verdict;
      const before = byRule.get(rule);
      const evidence = verdict.evidence.map((one) => ({ ...one, scenario }));
      const than = before === undefined ? -1 : WORST.indexOf(verdict.verdict) - WORST.indexOf(before.verdict);
      if (than < 0) byRule.set(rule, { ...verdict, evidence });
      else if (than === 0 && before) byRule.set(rule, { ...before, evidence: [...before.evidence, ...evidence] });
    }
  const verdicts = [...byRule.values()];
  return {
    ...last,
    client: reached.find(({ report }) => report.client !== null)?.report.client ?? null,
    summary: summaryOf(verdicts, [...new Set(reached.flatMap(({ report }) => report.summary.asked))]),
    verdicts,
    items: reached.map(({ scenario, report, path }) => ({
      scenario,
      summary: report.summary,
      asked: askedOf(report),
      ...(path ? { path } : {}),
    })),
  };
}

/** What a file of JSON holds: a run that can be looked at, or only the result of one; null if it holds neither. */
export type RunFile = { readonly report: PlanReport } | { readonly result: PlanResult };

/** @param told a file of `authwalk check`, the report of a plan or of a sandbox, or a result as a browser keeps it */
export function readRun(told: unknown): RunFile | null {
  if (isPlanResult(told)) return { result: told };
  if (isCheckFile(told)) {
    const report = reportOfCheck(told);
    return report && { report };
  }
  const one = told as PlanReport | null;
  return one?.report === 1 && Array.isArray(one.verdicts) ? { report: one } : null;
}

/** Whether a file holds what `authwalk check --json` writes. */
export function isCheckFile(value: unknown): value is CheckFile {
  const one = value as CheckFile | null;
  return one?.check === 1 && Array.isArray(one.scenarios);
}

/** Whether something that a browser kept, or a file holds, is such a result. */
export function isPlanResult(value: unknown): value is PlanResult {
  const one = value as PlanResult | null;
  return (
    typeof one?.plan === 'string' &&
    typeof one.client === 'string' &&
    typeof one.at === 'string' &&
    typeof one.verdicts === 'object' &&
    typeof one.scenarios === 'object'
  );
}

export interface Difference {
  readonly letter: string;
  readonly rule: string;
  readonly verdict: Verdict;
  readonly before: VerdictName;
  readonly now: VerdictName;
  readonly worse: boolean;
}

const RANK: Readonly<Record<VerdictName, number>> = { fail: 0, warn: 1, not_observed: 2, pass: 3 };

/**
 * Rules on which two runs disagree: what got worse before what got better, each in the order of a sign-in.
 * @param verdicts of the run that is looked at
 */
export function differences(verdicts: readonly Verdict[], before: PlanResult): Difference[] {
  const found = verdicts.flatMap((verdict) => {
    const then = before.verdicts[verdict.rule];
    if (then === undefined || then === verdict.verdict) return [];
    // A rule that was not observed in one of the runs has not changed unless the other failed or was warned.
    const quiet = [then, verdict.verdict].every((one) => one === 'pass' || one === 'not_observed');
    return quiet ? [] : [{ verdict, then }];
  });
  const worse = found.filter(({ verdict, then }) => RANK[verdict.verdict] < RANK[then]);
  const better = found.filter(({ verdict, then }) => RANK[verdict.verdict] >= RANK[then]);
  return [...worse, ...better].map(({ verdict, then }, index) => ({
    letter: index < 26 ? String.fromCharCode(97 + index) : String(index + 1),
    rule: verdict.rule,
    verdict,
    before: then,
    now: verdict.verdict,
    worse: RANK[verdict.verdict] < RANK[then],
  }));
}
