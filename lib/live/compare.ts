/** One run of all scenarios beside another: what got worse, what got better, the first difference first. */
import type { PathRow } from '#lib/coach/path.ts';
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
    readonly path?: readonly PathRow[];
  }[];
};

const worst = (summary: Report['summary'] | null | undefined): VerdictName | null => {
  if (!summary) return null;
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
      (report.items ?? []).flatMap(({ scenario, summary }) => {
        const mark = worst(summary);
        return mark === null ? [] : [[scenario, mark]];
      }),
    ),
    paths: Object.fromEntries((report.items ?? []).flatMap(({ scenario, path }) => (path ? [[scenario, path]] : []))),
  };
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
