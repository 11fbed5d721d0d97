import { expect, it } from 'vitest';
import { scenarios } from './index.ts';

it('every scenario can be started, but for those that need what is not built, by name', () => {
  const all = [...scenarios().values()];
  expect(all.length).toBeGreaterThan(100);
  const waiting = all.filter(({ problems }) => problems.length > 0);
  for (const { id, problems } of waiting) {
    for (const problem of problems)
      expect([id, problem.problem, problem.says]).toEqual([id, 'not-built', expect.any(String)]);
  }
  expect(waiting.length).toBeLessThan(all.length / 5);
});
