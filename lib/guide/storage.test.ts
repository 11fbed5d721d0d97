import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keepPlanReport, keepScenarioRun, readPlanReports } from './storage.ts';

test('the last run of a scenario takes the place of the one before, under the key that the page reads', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const run = (scenario: string, at: string) =>
    keepScenarioRun(storage, { scenario, at, page: '/sandbox/s', client: 'fieldnotes', verdicts: [['Title', 'fail']] });
  run('conforming', '1');
  run('iss-wrong-issuer', '2');
  run('conforming', '3');
  const [[key, text] = ['', '']] = [...kept];
  expect(JSON.parse(text).map(({ scenario, at }: { scenario: string; at: string }) => [scenario, at])).toEqual([
    ['conforming', '3'],
    ['iss-wrong-issuer', '2'],
  ]);
  expect(readFileSync('public/pages.js', 'utf8')).toContain(`localStorage.getItem('${key}')`);
});

test('a storage that is nearly full keeps fewer reports of plans, the newest first', () => {
  let kept: string | null = null;
  const storage = {
    getItem: () => kept,
    setItem: (_key: string, value: string) => {
      if (value.length > 100) throw new Error('QuotaExceededError');
      kept = value;
    },
    removeItem: () => undefined,
  };
  for (const plan of ['a', 'b', 'c', 'd', 'e']) keepPlanReport(storage, { plan, text: 'x'.repeat(15) } as never);
  expect(readPlanReports(storage).map((one) => (one as { plan: string }).plan)).toEqual(['e', 'd']);
});
