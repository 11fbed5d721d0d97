import { expect, test } from 'vitest';
import type { Report, Verdict, VerdictName } from '#lib/coach/types.ts';
import { differences, isCheckFile, isPlanResult, type PlanResult, resultOfCheck } from './compare.ts';

const verdict = (rule: string, name: VerdictName) => ({ rule, verdict: name }) as Verdict;
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

test('a file of authwalk check is a result: the worst of each rule, the marks and paths of the scenarios', () => {
  const report = (asked: string[], verdicts: Verdict[]) =>
    ({
      report: 1,
      generated_at: before.at,
      client: { id: 'c1', name: 'fieldnotes', client_ids: [], user_agents: [], attribution: 'certain' },
      revision: { value: '2026-07-28', by: 'header' },
      summary: { pass: 1, fail: 1, warn: 0, not_observed: 0, must: { pass: 1, fail: 1 }, asked, unanswered: [] },
      verdicts,
    }) as unknown as Report;
  const file = {
    check: 1,
    scenarios: [
      { scenario: 'one', report: report(['a'], [verdict('a', 'pass'), verdict('b', 'fail')]), path: [] },
      { scenario: 'two', report: report(['b'], [verdict('a', 'not_observed'), verdict('b', 'fail')]) },
      { scenario: 'three', report: null },
    ],
  };
  expect(isCheckFile(file)).toBe(true);
  expect(resultOfCheck(file as never, 'check.json')).toMatchObject({
    plan: 'check.json',
    client: 'fieldnotes',
    verdicts: { a: 'pass', b: 'fail' },
    scenarios: { one: 'pass', two: 'fail' },
    paths: { one: [] },
  });
});
