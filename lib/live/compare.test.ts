import { expect, test } from 'vitest';
import type { Verdict, VerdictName } from '#lib/coach/types.ts';
import { differences, isPlanResult, type PlanResult } from './compare.ts';

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
