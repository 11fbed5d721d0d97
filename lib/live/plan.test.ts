import { expect, test } from 'vitest';
import { makeExchange } from '#lib/exchange/make.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { itemMark, openItem, type PlanItem, planSteps } from './plan.ts';

function came(
  seq: number,
  endpoint: string,
  { status = 200, method, tool, location }: { status?: number; method?: string; tool?: string; location?: string } = {},
): Exchange {
  const made = makeExchange({
    seq,
    at: 1_700_000_000_000 + seq * 1000,
    monotonic: seq * 1000,
    duration: 5,
    from: endpoint === 'consent' ? 'you' : 'client',
    to: 'as',
    endpoint,
    request: { method: 'POST', url: `http://localhost/s/a/${endpoint}`, headers: [], body: null },
    response: { status, headers: location ? [['location', location]] : [], body: null },
    client: { userAgent: 'node', connection: null },
  });
  return { ...made, rpcMethod: method ?? null, tool: tool ?? null };
}

const run = [
  came(1, 'mcp', { status: 401, method: 'tools/list' }),
  came(2, 'consent', { status: 302, location: 'http://127.0.0.1/callback?code=a&state=b' }),
  came(3, 'mcp', { method: 'tools/list' }),
  came(4, 'mcp', { status: 403, method: 'tools/call', tool: 'notes_add' }),
];
const now = 1_700_000_010_000;

test('a step is done by what arrives, in order', () => {
  const drive = ['connect', 'list', { call: 'notes_add' }, 'again'] as const;
  expect(planSteps(drive, [], now).map(({ by }) => by)).toEqual([null, null, null, null, null]);
  expect(planSteps(drive, run.slice(0, 2), now).map(({ by }) => by)).toEqual([1, 2, null, null, null]);
  expect(planSteps(drive, run, now).map(({ by }) => by)).toEqual([1, 2, 3, 4, null]);
});

test('a refused list is no list, and a call of another tool is not the call', () => {
  const drive = ['connect', 'list', { call: 'whoami' }] as const;
  expect(planSteps(drive, run.slice(0, 1), now).map(({ by }) => by)).toEqual([1, null, null, null]);
  expect(planSteps(drive, run, now).map(({ by }) => by)).toEqual([1, 2, 3, null]);
});

test('a client that calls a tool without a list goes past that step', () => {
  const drive = ['connect', 'list', { call: 'whoami' }] as const;
  const calls = [...run.slice(0, 2), came(3, 'mcp', { method: 'tools/call', tool: 'whoami' })];
  expect(planSteps(drive, calls, now).map(({ by, passed }) => [by, passed])).toEqual([
    [1, false],
    [2, false],
    [3, true],
    [3, false],
  ]);
});

test('what runs is what the server says, so that a reload goes on there', () => {
  const item = (scenario: string, more: Partial<PlanItem>): PlanItem => ({
    scenario,
    title: scenario,
    state: 'waiting',
    do: [],
    judged_by: [],
    not_judged: null,
    seconds: { least: 1, most: 2 },
    ...more,
  });
  const items = [
    item('a', { state: 'done', sandbox: 's' }),
    item('b', {}),
    item('c', { state: 'running', sandbox: 's' }),
  ];
  expect(openItem({ id: 'p', items })?.scenario).toBe('c');
  expect(openItem({ id: 'p', items: items.slice(0, 2) })).toBeNull();
  // It is being opened: its sandbox is not there yet.
  expect(openItem({ id: 'p', items: [item('d', { state: 'running' })] })).toBeNull();
});

test('an item that observed nothing was not reached, and is no pass', () => {
  const summary = {
    pass: 0,
    fail: 0,
    warn: 0,
    not_observed: 9,
    must: { pass: 0, fail: 0 },
    asked: ['a'],
    unanswered: ['a'],
  };
  const item = {
    scenario: 'x',
    title: 'X',
    state: 'done' as const,
    do: [],
    judged_by: ['a'],
    not_judged: null,
    seconds: { least: 1, most: 2 },
    summary,
  };
  expect(itemMark(item)).toBe('unreached');
  expect(itemMark({ ...item, summary: { ...summary, pass: 3, unanswered: [] } })).toBe('pass');
  expect(itemMark({ ...item, summary: { ...summary, fail: 1 } })).toBe('fail');
});

test('an item that every rule is about passes, and one that no rule judges says so', () => {
  const summary = { pass: 3, fail: 0, warn: 0, not_observed: 9, must: { pass: 3, fail: 0 }, asked: [], unanswered: [] };
  const item = {
    scenario: 'conforming',
    title: 'X',
    state: 'done' as const,
    do: [],
    judged_by: [],
    not_judged: null,
    seconds: { least: 1, most: 2 },
    summary,
  };
  expect(itemMark(item)).toBe('pass');
  expect(itemMark({ ...item, not_judged: { why: 'W', look: 'L' } })).toBe('unjudged');
});
