/** A report as JUnit XML, as test reporters of continuous integration read it. */
import type { Report, Verdict } from '../types.ts';
import { applies, failureText, scenarioName } from './words.ts';
import { attribute, content } from './xml.ts';

export interface JunitOptions {
  /** Whether warnings are failures. */
  readonly warnings?: 'pass' | 'fail';
}

/** One suite for each report. */
export function toJunit(reports: readonly Report[], { warnings = 'pass' }: JunitOptions = {}): string {
  const suites = reports.map((report) => suiteOf(report, warnings));
  const sum = (name: 'tests' | 'failures' | 'skipped'): number => suites.reduce((all, suite) => all + suite[name], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="authwalk" ${counts(sum('tests'), sum('failures'), sum('skipped'))}>`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
    '',
  ].join('\n');
}

const counts = (tests: number, failures: number, skipped: number): string =>
  `tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}"`;

function suiteOf(report: Report, warnings: 'pass' | 'fail') {
  const name = `authwalk.${scenarioName(report)}`;
  const verdicts = report.verdicts.filter(applies);
  const isFailure = ({ verdict }: Verdict): boolean =>
    verdict === 'fail' || (verdict === 'warn' && warnings === 'fail');
  const tests = verdicts.length;
  const failures = verdicts.filter(isFailure).length;
  const skipped = verdicts.filter(({ verdict }) => verdict === 'not_observed').length;
  const properties: readonly (readonly [string, string])[] = [
    ['client', report.client?.name ?? report.client?.client_ids[0] ?? 'none'],
    ['revision', report.revision.value ?? 'unknown'],
    ['sandbox', report.sandbox.id],
    ['catalogue', String(report.catalogue.version)],
  ];
  const at = report.generated_at.replace(/\.\d+Z$/, '');
  const xml = [
    `  <testsuite name="${attribute(name)}" ${counts(tests, failures, skipped)} timestamp="${at}" time="0">`,
    '    <properties>',
    ...properties.map(([key, value]) => `      <property name="${key}" value="${attribute(value)}"/>`),
    '    </properties>',
    ...verdicts.map((verdict) => caseOf(verdict, name, isFailure(verdict))),
    '  </testsuite>',
  ].join('\n');
  return { xml, tests, failures, skipped };
}

function caseOf(verdict: Verdict, suite: string, failed: boolean): string {
  const group = attribute(`${suite}.${verdict.phase}`);
  const open = `    <testcase classname="${group}" name="${attribute(verdict.rule)}" time="0"`;
  const end = '    </testcase>';
  if (failed) {
    const type = verdict.in_force ?? verdict.level;
    const failure = `<failure type="${type}" message="${attribute(verdict.says)}">`;
    return `${open}>\n      ${failure}${content(failureText(verdict))}</failure>\n${end}`;
  }
  if (verdict.verdict === 'warn')
    return `${open}>\n      <system-out>${content(failureText(verdict))}</system-out>\n    </testcase>`;
  if (verdict.verdict === 'not_observed') {
    const message = attribute(`${verdict.reason?.code}: ${verdict.reason?.says}`);
    return `${open}>\n      <skipped message="${message}"/>\n${end}`;
  }
  return `${open}/>`;
}
