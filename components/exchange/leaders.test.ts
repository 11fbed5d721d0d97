import { expect, test } from 'vitest';
import { lanesOf } from './leaders.ts';

test('a leader turns down only to a note that stands lower than its line', () => {
  expect(
    lanesOf([
      { line: 0, note: 0 },
      { line: 20, note: 60 },
    ]),
  ).toEqual([
    { drop: 0, lane: 0 },
    { drop: 40, lane: 0 },
  ]);
});

test('leaders that turn down beside each other have a lane each, the later the further left', () => {
  const lanes = (leads: [number, number][]) =>
    lanesOf(leads.map(([line, note]) => ({ line, note }))).map((one) => one.lane);
  const three: [number, number][] = [
    [0, 40],
    [20, 80],
    [40, 120],
  ];
  expect(lanes(three)).toEqual([0, 1, 2]);
  // Where the one before has ended, the first lane is free again.
  expect(lanes([...three, [140, 200]])).toEqual([0, 1, 2, 0]);
});
