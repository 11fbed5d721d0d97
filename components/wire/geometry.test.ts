import { expect, test } from 'vitest';
import type { Party, WireMessage } from '#lib/guide/types.ts';
import { lanes, layOut } from './geometry.ts';

const message = (
  number: number,
  kind: WireMessage['kind'],
  from: Party,
  to: Party,
  state: WireMessage['state'] = 'done',
): WireMessage => ({
  key: `${number}.${kind}.${from}`,
  step: `s${number}`,
  number,
  request: 'r',
  kind,
  from,
  to,
  label: 'POST /x',
  status: kind === 'response' ? 200 : null,
  beads: ['a', 'b'],
  state,
  newest: false,
});

test('an answer shares the row of its request, but not where the user has a part in it', () => {
  const [there, back] = layOut(
    [message(1, 'request', 'client', 'as'), message(1, 'response', 'as', 'client')],
    [],
  ).messages;
  expect(back!.y - there!.y).toBe(7);
  expect(back!.label).toBeNull();
  const [ask, page] = layOut([message(1, 'request', 'you', 'as'), message(1, 'response', 'as', 'you')], []).messages;
  expect(page!.y - ask!.y).toBeGreaterThan(15);
  expect(page!.label).not.toBeNull();
});

test('an arrow hops over each lifeline that it does not touch', () => {
  const [arrow] = layOut([message(1, 'request', 'client', 'mcp')], []).messages;
  expect(arrow!.shaft.match(/a4\.5/g)).toHaveLength(1);
  expect(arrow!.shaft).toContain(`H${lanes.as - 4.5}`);
});

test('beads rest before the head, whichever way it points', () => {
  const { messages } = layOut([message(1, 'request', 'client', 'mcp'), message(1, 'response', 'mcp', 'client')], []);
  expect(messages[0]!.beads.every((bead) => bead.x < messages[0]!.tip)).toBe(true);
  expect(messages[1]!.beads.every((bead) => bead.x > messages[1]!.tip)).toBe(true);
});

test('of a step to come only the first request is drawn, without its cargo', () => {
  const { messages } = layOut(
    [message(1, 'request', 'client', 'as', 'future'), message(1, 'response', 'as', 'client', 'future')],
    [],
  );
  expect(messages).toHaveLength(1);
  expect(messages[0]!.beads).toEqual([]);
});

test('rows never overlap, and bars of one lane stand beside each other', () => {
  const all = Array.from({ length: 8 }, (_, index) => [
    message(index + 1, 'request', 'client', 'as'),
    message(index + 1, 'response', 'as', 'client'),
  ]).flat();
  const layout = layOut(
    all,
    [
      { value: 'a', party: 'as', fromKey: all[0]!.key, toKey: null, alive: true },
      { value: 'b', party: 'as', fromKey: all[2]!.key, toKey: null, alive: true },
    ],
    's3',
  );
  const rows = layout.messages.map((one) => one.y);
  expect(rows.every((y, index) => index === 0 || y - rows[index - 1]! >= 7)).toBe(true);
  expect(new Set(layout.bars.map((bar) => bar.x)).size).toBe(2);
  expect(layout.height).toBeGreaterThan(rows.at(-1)!);
});

test('past steps fold to one row each, the longest first, only if the wire would be too high', () => {
  const long = (number: number) =>
    (['you', 'as', 'you', 'as', 'you'] as const).map((from, at) => ({
      ...message(number, 'request', from, from === 'you' ? 'as' : 'you'),
      key: `${number}.${at}`,
    }));
  const pair = (number: number) => [
    message(number, 'request', 'client', 'as'),
    message(number, 'response', 'as', 'client'),
  ];
  const short = layOut([...long(1), ...pair(2)], [], 's2');
  expect(short.messages.every(({ more }) => more === 0)).toBe(true);
  const all = [...pair(1), ...long(2), ...[3, 4, 5, 6, 7, 8].flatMap(pair), ...long(9)];
  const bar = { value: 'code', party: 'as', fromKey: '2.3', toKey: null, alive: true } as const;
  const layout = layOut(all, [bar], 's9');
  expect(layout.messages.filter(({ more }) => more > 0)).toMatchObject([{ message: { step: 's2' }, more: 4 }]);
  // The step that is looked at stays whole, and what began in a folded row begins there.
  expect(layout.messages.filter((one) => one.message.step === 's9')).toHaveLength(5);
  expect(layout.bars[0]!.from).toBe(layout.messages.find((one) => one.message.step === 's2')!.y);
});
