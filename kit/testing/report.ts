/** Verdicts, as a test looks at them. */
import type { Report, ReportOptions, Verdict } from './types.ts';

interface ReportJson {
  readonly verdicts: readonly Verdict[];
  readonly [member: string]: unknown;
}

/**
 * @param json what `GET …/report` gave
 * @param formats the same report in other forms
 */
export function createReport(json: ReportJson, formats: { readonly junit: string; readonly markdown: string }): Report {
  const failures = json.verdicts.filter(({ verdict, level }) => verdict === 'fail' && level === 'MUST');
  return {
    ok: failures.length === 0 && json.verdicts.some(({ verdict }) => verdict === 'pass'),
    verdicts: json.verdicts,
    failures,
    json,
    toJUnit: () => formats.junit,
    toMarkdown: () => formats.markdown,
  };
}

/** What a report says against a client, by the level that counts. */
export interface Judgement {
  readonly pass: boolean;
  readonly against: readonly Verdict[];
  /** What the assertion says when it does not hold. */
  readonly says: string;
}

/** @param inspectUrl the page to look at; null if there is none */
export function judge(report: Report, options: ReportOptions, inspectUrl: string | null): Judgement {
  const { level = 'MUST', rules, except = [] } = options;
  const known = new Set(report.verdicts.map(({ rule }) => rule));
  for (const id of [...(rules ?? []), ...except])
    if (!known.has(id)) throw new TypeError(`There is no rule with the id ${JSON.stringify(id)}.`);
  const counted = report.verdicts.filter(
    ({ rule }) => (rules === undefined || rules.includes(rule)) && !except.includes(rule),
  );
  const against = counted.filter(({ verdict }) => verdict === 'fail' || (level === 'SHOULD' && verdict === 'warn'));
  const passed = counted.filter(({ verdict }) => verdict === 'pass').length;
  const page = inspectUrl === null ? '' : `\n\nAll of it: ${withoutToken(inspectUrl)}`;
  if (against.length > 0)
    return {
      pass: false,
      against,
      says:
        `${against.length} of ${counted.length} rules speak against the ` +
        `client.\n\n${against.map(failureOf).join('\n\n')}${page}`,
    };
  if (passed === 0)
    return {
      pass: false,
      against,
      says: `No rule has passed: the client reached nothing that could be judged.${page}`,
    };
  return { pass: true, against, says: `${passed} rules passed, and none speaks against the client.${page}` };
}

/** One failed rule: what happened, where it is seen, what the clause is, and how to mend it. */
export function failureOf(verdict: Verdict): string {
  const { rule, level, says, clause, evidence, fix } = verdict;
  return [
    `✗ ${rule} (${level})`,
    `  ${says}`,
    ...evidence
      .slice(0, 4)
      .map(
        ({ seq, says: seen, got, expected }) =>
          `    #${seq} ` +
          `${seen}${got === undefined ? '' : `: ${got}`}${expected === undefined ? '' : ` (expected ${expected})`}`,
      ),
    `  ${clause.doc}, ${clause.section}: ${clause.url}`,
    `  Fix: ${fix}`,
  ].join('\n');
}

/** The page's address without the control token, which has no place in the log of a test run. */
function withoutToken(url: string): string {
  return url.split('#', 1)[0]!;
}
