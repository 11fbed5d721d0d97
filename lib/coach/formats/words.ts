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
