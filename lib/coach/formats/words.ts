/** Parts of a report in words, for the formats that are text. */
import type { Evidence, Report, Verdict } from '../types.ts';

/** The clause that a verdict quotes. */
export function clauseText({ clause }: Verdict): string {
  return `${clause.doc}, ${clause.section} (${clause.url})`;
}

/** One exhibit in a line. */
export function evidenceText({ seq, says, got, expected, pointer, sandbox, scenario }: Evidence): string {
  const where = scenario === undefined ? '' : `${scenario}${sandbox === undefined ? '' : ` (${sandbox})`}, `;
  const values = [
    ...(got === undefined ? [] : [`got ${got === null ? 'nothing' : got}`]),
    ...(expected === undefined ? [] : [`expected ${expected}`]),
  ].join(', ');
  return `${where}exchange ${seq}: ${says}${values === '' ? '' : ` (${values})`} ${pointer}`;
}

/** What a failure says in full: what happened, evidence, clause, why, fix. */
export function failureText(verdict: Verdict): string {
  return [
    verdict.says,
    ...verdict.evidence.map((one) => `- ${evidenceText(one)}`),
    `Clause: ${clauseText(verdict)}`,
    `Why: ${verdict.why}`,
    `Fix: ${verdict.fix}`,
  ].join('\n');
}

/** Rules that apply to this client. */
export function applies({ reason }: Verdict): boolean {
  return reason?.code !== 'other-revision' && reason?.code !== 'other-kind';
}

/** What the suites of a report are named after: the scenario in force. */
export function scenarioName({ scenarios }: Pick<Report, 'scenarios'>): string {
  return scenarios.length === 0 ? 'none' : scenarios.join('+');
}

interface Unseen {
  readonly reason: { readonly scenarios: readonly string[] } | null;
}

/** Scenarios that would show what was not observed, the most telling first, each with the verdicts that it adds. */
export function tellingScenarios<V extends Unseen>(unseen: Iterable<V>): { id: string; rules: V[] }[] {
  const left = new Set(unseen);
  const scenarios: { id: string; rules: V[] }[] = [];
  while (left.size > 0) {
    const byScenario = new Map<string, V[]>();
    for (const verdict of left)
      for (const id of verdict.reason?.scenarios ?? []) byScenario.set(id, [...(byScenario.get(id) ?? []), verdict]);
    const [best] = [...byScenario].sort((a, b) => b[1].length - a[1].length);
    if (!best) break;
    scenarios.push({ id: best[0], rules: best[1] });
    for (const verdict of best[1]) left.delete(verdict);
  }
  return scenarios;
}
