import { expect, test } from 'vitest';
import type { Report, Verdict, VerdictName } from '#lib/coach/types.ts';
import { differences, isPlanResult, type PlanResult, readRun, resultOf } from './compare.ts';

const verdict = (rule: string, name: VerdictName, seq = 1) =>
  ({ rule, verdict: name, in_force: 'MUST', evidence: [{ seq }] }) as unknown as Verdict;
const before: PlanResult = {
  plan: 'p',
  client: 'fieldnotes',
  revision: null,
  at: '2026-11-25T22:00:00.000Z',
  verdicts: { a: 'pass', b: 'fail', c: 'pass', d: 'not_observed', e: 'warn' },
  scenarios: {},
};

test('what got worse comes before what got better, and rules that agree are no difference', () => {
  const now = [
    verdict('a', 'pass'),
    verdict('b', 'pass'),
    verdict('c', 'fail'),
    verdict('d', 'pass'),
    verdict('e', 'warn'),
  ];
  expect(differences(now, before).map(({ letter, rule, worse }) => [letter, rule, worse])).toEqual([
    ['a', 'c', true],
    ['b', 'b', false],
  ]);
});

test('what a browser kept is taken only if it is a result', () => {
  expect(isPlanResult(before)).toBe(true);
  expect(isPlanResult({ plan: 'p' })).toBe(false);
  expect(isPlanResult(null)).toBe(false);
});

const reportOf = (asked: string[], verdicts: Verdict[]) =>
  ({
    report: 1,
    generated_at: before.at,
    client: { id: 'c1', name: 'fieldnotes', client_ids: [], user_agents: [], attribution: 'certain' },
    revision: { value: '2026-07-28', by: 'header' },
    summary: { pass: 1, fail: 1, warn: 0, not_observed: 0, must: { pass: 1, fail: 1 }, asked, unanswered: [] },
    verdicts,
  }) as unknown as Report;

test('a file of authwalk check is a run: the worst of each rule, with evidence, and a mark a scenario', () => {
  const file = {
    check: 1,
    scenarios: [
      { scenario: 'one', report: reportOf(['a'], [verdict('a', 'pass'), verdict('b', 'fail', 3)]), path: [] },
      { scenario: 'two', report: reportOf(['b'], [verdict('a', 'not_observed'), verdict('b', 'fail', 5)]) },
      { scenario: 'three', report: null },
    ],
  };
  const run = readRun(file);
  if (run === null || !('report' in run)) throw new Error('The file was not read.');
  expect(run.report.summary).toEqual({
    ...{ pass: 1, fail: 1, warn: 0, not_observed: 0 },
    ...{ must: { pass: 1, fail: 1 }, asked: ['a', 'b'], unanswered: [] },
  });
  expect(run.report.verdicts.map(({ rule, evidence }) => [rule, evidence])).toEqual([
    ['a', [{ seq: 1, scenario: 'one' }]],
    [
      'b',
      [
        { seq: 3, scenario: 'one' },
        { seq: 5, scenario: 'two' },
      ],
    ],
  ]);
  expect(resultOf(run.report, 'check.json')).toMatchObject({
    plan: 'check.json',
    client: 'fieldnotes',
    verdicts: { a: 'pass', b: 'fail' },
    scenarios: { one: 'pass', two: 'fail' },
    paths: { one: [] },
  });
});

test('a file is a run, a result, or nothing that can be compared', () => {
  expect(readRun(before)).toEqual({ result: before });
  const report = reportOf([], [verdict('a', 'pass')]);
  expect(readRun(report)).toEqual({ report });
  for (const other of [null, 1, [], {}, { check: 1, scenarios: [] }, { report: 1 }]) expect(readRun(other)).toBeNull();
});
