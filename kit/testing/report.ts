/** Verdicts, as a test looks at them. */
import { counted } from './match.ts';
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
  /** How many rules passed. */
  readonly passed: number;
  /** What the assertion says when it does not hold. */
  readonly says: string;
}

/** @throws TypeError for the id of a rule that does not exist */
export function judge(report: Report, options: ReportOptions): Judgement {
  const { level = 'MUST', rules, except = [] } = options;
  const known = new Set(report.verdicts.map(({ rule }) => rule));
  for (const id of [...(rules ?? []), ...except])
    if (!known.has(id)) throw new TypeError(`There is no rule with the id ${JSON.stringify(id)}.`);
  const considered = report.verdicts.filter(
    ({ rule }) => (rules === undefined || rules.includes(rule)) && !except.includes(rule),
  );
  const against = considered.filter(({ verdict }) => verdict === 'fail' || (level === 'SHOULD' && verdict === 'warn'));
  const passed = considered.filter(({ verdict }) => verdict === 'pass').length;
  if (against.length > 0)
    return {
      pass: false,
      against,
      passed,
      says:
        `${against.length} of ${considered.length} rules ${against.length === 1 ? 'speaks' : 'speak'} against the ` +
        `client.\n\n${against.map(failureOf).join('\n\n')}`,
    };
  if (passed === 0)
    return {
      pass: false,
      against,
      passed,
      says: 'No rule has passed: the client reached nothing that could be judged.',
    };
  return {
    pass: true,
    against,
    passed,
    says: `${counted(passed, 'rule')} passed, and none speaks against the client.`,
  };
}

const MARK: Readonly<Record<Verdict['verdict'], string>> = { pass: '✓', fail: '✗', warn: '!', not_observed: '○' };

/** One rule: what happened, where it is seen, what the clause is, and how to mend it if it does not hold. */
export function failureOf(verdict: Verdict): string {
  const { rule, level, says, clause, evidence, fix } = verdict;
  return [
    `${MARK[verdict.verdict]} ${rule} (${level})`,
    `  ${says}`,
    ...evidence
      .slice(0, 4)
      .map(
        ({ seq, says: seen, got, expected }) =>
          `    #${seq} ` +
          `${seen}${got === undefined ? '' : `: ${got}`}${expected === undefined ? '' : ` (expected ${expected})`}`,
      ),
    `  ${clause.doc}, ${clause.section}: ${clause.url}`,
    ...(verdict.verdict === 'pass' ? [] : [`  Fix: ${fix}`]),
  ].join('\n');
}

/**
 * Where all of it is seen; without the control token, which has no place in the log of a test run.
 * @param inspectUrl the page; null if there is none
 */
export const pageOf = (inspectUrl: string | null): string =>
  inspectUrl === null ? '' : `\n\nAll of it: ${inspectUrl.split('#', 1)[0]}`;
