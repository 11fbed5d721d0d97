/** The machine-readable reporters: JSON, JUnit, CTRF, Markdown, and the annotations of GitHub Actions. */
import { toCtrf } from '#lib/coach/formats/ctrf.ts';
import { toJunit } from '#lib/coach/formats/junit.ts';
import { toMarkdown } from '#lib/coach/formats/markdown.ts';
import type { ReasonCode, Report, Verdict } from '#lib/coach/types.ts';
import { version } from '#lib/server/version.ts';
import { saysOf } from './pretty.ts';
import type { CheckResult, Failure, ScenarioResult } from './results.ts';

/** Annotations that GitHub shows of one step. */
const MOST_ANNOTATIONS = 10;

/** A verdict that decides nothing, with the reason why. */
function excused(verdict: Verdict, says: string): Verdict {
  return {
    ...verdict,
    verdict: 'not_observed',
    reason: { code: 'expected' as ReasonCode, says, scenarios: [], fits: true },
  };
}

const reasonOf = ({ excuse }: Failure): string => {
  const until = excuse?.until == null ? '' : ` until ${excuse.until}`;
  return `an expected failure${until}${excuse?.because == null ? '' : `: ${excuse.because}`}`;
};

/** The report of a scenario as it counts: what is excused or in quarantine is skipped. */
function countedReport(result: ScenarioResult): Report | null {
  const { report, failures, quarantined } = result;
  if (report === null) return null;
  const verdicts = report.verdicts.map((verdict) => {
    if (verdict.verdict !== 'fail') return verdict;
    if (quarantined) return excused(verdict, 'the scenario is in quarantine');
    const failure = failures.find((one) => one.verdict.rule === verdict.rule);
    return failure?.excuse ? excused(verdict, reasonOf(failure)) : verdict;
  });
  // Most sandboxes end with their scenario: only the page of one that was kept can be looked at.
  const sandbox = { ...report.sandbox, inspect_url: result.inspectUrl ?? '' };
  return { ...report, sandbox, verdicts, scenarios: [result.scenario.id] };
}

/** A report that says only that nothing arrived, so that silence is a failure in every format. */
function unreachedReport(result: ScenarioResult, like: Report | undefined): Report {
  const clause = { doc: 'Authwalk', section: 'check', url: 'https://datatracker.ietf.org/doc/html/rfc9728#section-5' };
  const verdict: Verdict = {
    rule: 'check.reached',
    title: 'Reaches the server',
    phase: 'discovery',
    verdict: result.quarantined ? 'not_observed' : 'fail',
    so_far: false,
    level: 'MUST',
    in_force: 'MUST',
    clause,
    clauses: [clause],
    says: saysOf({ ...result, state: 'unreached' }),
    evidence: [],
    why: 'Without a request there is nothing to judge, and silence is no pass.',
    fix: 'Look at the output of the command: it has to connect to the address that it is given.',
    reason: null,
    url: '',
  };
  return {
    report: 1,
    catalogue: like?.catalogue ?? { version: 0, rules: 0 },
    generated_at: like?.generated_at ?? new Date().toISOString(),
    sandbox: { id: 'none', issuer: '', inspect_url: '' },
    run: { id: 'r0', opened_at: null, closed_at: null, first: null, last: null, dropped: 0 },
    final: true,
    scenarios: [result.scenario.id],
    client: null,
    revision: { value: null, by: null },
    summary: { pass: 0, fail: 1, warn: 0, not_observed: 0, must: { pass: 0, fail: 1 }, asked: [], unanswered: [] },
    verdicts: [verdict],
    silence: null,
    runs: [],
  };
}

/** One report a scenario, in the order in which they ran. */
function reportsOf({ scenarios }: CheckResult): Report[] {
  const like = scenarios.find(({ report }) => report !== null)?.report ?? undefined;
  return scenarios.flatMap((result) =>
    result.state === 'interrupted' ? [] : [countedReport(result) ?? unreachedReport(result, like)],
  );
}

/** One suite a scenario. */
export const toCheckJUnit = (result: CheckResult): string => toJunit(reportsOf(result));

/** @see https://ctrf.io */
export const toCheckCtrf = (result: CheckResult): string =>
  `${JSON.stringify(toCtrf(reportsOf(result), version), null, 2)}\n`;

/** For a job summary or a comment. */
export function toCheckMarkdown(result: CheckResult, duration: number): string {
  const { scenarios, status, because } = result;
  const shown = scenarios.filter(({ state }) => state === 'failed' || state === 'unreached' || state === 'warned');
  const count = (state: string): number => scenarios.filter((one) => one.state === state).length;
  const head = [
    '# Authwalk check',
    '',
    `**${count('passed')} passed**, ${count('failed')} failed, ${count('unreached')} not reached, ` +
      `${count('expected')} expected, ` +
      `${count('warned')} warned, ${count('not-observed')} not observed, ${count('not-judged')} not judged, ` +
      `in ${(duration / 1000).toFixed(1)} s. Exit ${status}${because.length === 0 ? '' : `: ${because.join('; ')}`}.`,
    '',
  ].join('\n');
  const reports = reportsOf({ ...result, scenarios: shown });
  return reports.length === 0 ? head : `${head}\n${toMarkdown(reports)}`;
}

/** Everything, for programs: one member a scenario, with its report. */
export function toCheckJson({ scenarios, stale, status, because }: CheckResult, duration: number): string {
  const body = {
    check: 1,
    status,
    because,
    seconds: Math.round(duration / 100) / 10,
    stale: stale.map(({ text }) => text),
    scenarios: scenarios.map((result) => ({
      scenario: result.scenario.id,
      title: result.scenario.title,
      group: result.scenario.group,
      state: result.state,
      not_judged: result.scenario.notJudged,
      quarantined: result.quarantined,
      expected: result.failures.filter(({ excuse }) => excuse !== null).map(({ verdict }) => verdict.rule),
      retried: result.retried,
      arrived: result.arrived,
      path: result.path,
      command:
        result.child === null
          ? null
          : {
              status: result.child.status,
              signal: result.child.signal,
              timed_out: result.child.timedOut,
              seconds: Math.round(result.child.duration / 100) / 10,
            },
      inspect_url: result.inspectUrl,
      report: result.report,
    })),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}

/**
 * A text as a workflow command takes it.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Annotations for GitHub Actions: failures as errors, warnings as warnings. */
export function annotations({ scenarios }: CheckResult): string[] {
  const lines: string[] = [];
  for (const result of scenarios) {
    const { scenario, failures, warnings, quarantined } = result;
    const note = (kind: 'error' | 'warning', title: string, says: string): void => {
      lines.push(`::${kind} title=${escapedProperty(title)}::${escaped(says)}`);
    };
    if (result.state === 'unreached') note(quarantined ? 'warning' : 'error', scenario.id, saysOf(result));
    for (const { verdict, excuse } of failures)
      note(
        excuse !== null || quarantined ? 'warning' : 'error',
        `${verdict.rule} in ${scenario.id}`,
        `${verdict.says} Fix: ${verdict.fix}`,
      );
    for (const verdict of warnings) note('warning', `${verdict.rule} in ${scenario.id}`, verdict.says);
  }
  const errors = lines.filter((line) => line.startsWith('::error')).slice(0, MOST_ANNOTATIONS);
  const rest = lines.filter((line) => line.startsWith('::warning')).slice(0, MOST_ANNOTATIONS);
  return [...errors, ...rest];
}
