/** A report as CTRF, the common test report format. @see https://ctrf.io */
import type { Report, Verdict } from '../types.ts';
import { applies, clauseText, evidenceText, scenarioName } from './words.ts';

const STATUS = { pass: 'passed', fail: 'failed', warn: 'other', not_observed: 'skipped' } as const;

/**
 * Nothing in it beside what its schema names.
 * @param version of Authwalk
 */
export function toCtrf(reports: readonly Report[], version: string): object {
  const tests = reports.flatMap((report) => report.verdicts.filter(applies).map((verdict) => testOf(verdict, report)));
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const [first] = reports;
  const at = Date.parse(first?.generated_at ?? '') || 0;
  const opened = reports.flatMap(({ run }) => (run.opened_at === null ? [] : Date.parse(run.opened_at)));
  return {
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    ...(first === undefined ? {} : { timestamp: first.generated_at }),
    generatedBy: 'authwalk',
    results: {
      tool: { name: 'authwalk', version },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: count('other'),
        suites: new Set(tests.map(({ suite }) => suite.join(' '))).size,
        start: Math.min(at, ...opened),
        stop: at,
      },
      tests,
    },
  };
}

function testOf(verdict: Verdict, report: Report) {
  const { rule, phase, says, evidence, reason } = verdict;
  const trace = evidence.map(evidenceText).join('\n');
  return {
    name: rule,
    status: STATUS[verdict.verdict],
    duration: 0,
    suite: [scenarioName(report), phase],
    message: says,
    ...(trace === '' || verdict.verdict === 'pass' ? {} : { trace }),
    rawStatus: verdict.verdict,
    extra: {
      title: verdict.title,
      clause: clauseText(verdict),
      level: verdict.level,
      in_force: verdict.in_force,
      reason: reason?.code ?? null,
      ...(verdict.verdict === 'fail' || verdict.verdict === 'warn' ? { fix: verdict.fix } : {}),
    },
  };
}
