import { expect, test } from 'vitest';
import { mapInTurns } from './turns.ts';

test('long work gives others their turn, and comes out in order', async () => {
  let turns = 0;
  const others = setInterval(() => {
    turns += 1;
  }, 0);
  const busy = (item: number): number => {
    const until = performance.now() + 4;
    while (performance.now() < until);
    return item * 2;
  };
  const done = await mapInTurns(
    Array.from({ length: 20 }, (_, at) => at),
    busy,
  );
  clearInterval(others);
  expect(done).toEqual(Array.from({ length: 20 }, (_, at) => at * 2));
  expect(turns).toBeGreaterThan(1);
});
