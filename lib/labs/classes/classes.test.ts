import { expect, test } from 'vitest';
import { makeExchange } from '#lib/exchange/make.ts';
import { emptyState } from '#lib/guide/state.ts';
import type { ExchangeEntry, RunState } from '#lib/guide/types.ts';
import { placeOf } from './place.ts';
import { countWords, discsOf, fullest, QUIET } from './wall.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const refused = (step: string, reason: string | null): ExchangeEntry => ({
  ...{ kind: 'exchange', key: `${step}.${reason}`, step, request: 'token', run: 1, at: NOW, source: 'page' },
  ...{ used: {}, edits: {}, made: { access_token: 'a secret' }, checks: [], failed: null },
  exchange: {
    ...makeExchange({
      ...{ at: NOW, clock: NOW, from: 'client', to: 'as', endpoint: 'token' },
      request: { method: 'POST', url: 'http://localhost/oauth/token', headers: [], body: 'code=secret' },
    }),
    reason,
  },
});
const stateOf = (...log: ExchangeEntry[]): RunState => ({ ...emptyState('authorization-code'), log });

test('the same refusal twice is stuck; another, or what was before the step, is not', () => {
  const first = refused('token', 'code-expired');
  expect(placeOf(stateOf(first), 'token')).toMatchObject({ state: 'moving', reason: 'code-expired' });
  expect(placeOf(stateOf(first, first), 'token')).toMatchObject({ state: 'stuck', reason: 'code-expired' });
  expect(placeOf(stateOf(first, refused('token', 'pkce-mismatch')), 'token').state).toBe('moving');
  expect(placeOf(stateOf(first, first, refused('token', null)), 'token').state).toBe('moving');
  expect(placeOf(stateOf(first, first), 'call').state).toBe('moving');
});

test('nothing is sent but step, state, reason and guesses', () => {
  const state: RunState = {
    ...stateOf(refused('token', 'code-expired')),
    experiments: { 'a.b.c': { guess: 1, right: true, outcome: null, trouble: null, at: NOW } },
  };
  const place = placeOf(state, null);
  expect(place).toEqual({ step: 'done', state: 'moving', reason: null, guesses: { 'a.b.c': 1 } });
  expect(JSON.stringify(placeOf(state, 'token'))).not.toContain('secret');
});

test('who says nothing for three minutes is quiet, who is done is not', () => {
  const seen = (step: string, state: string, ago: number) => ({
    ...{ step, state, name: null },
    seen_at: new Date(NOW - ago).toISOString(),
  });
  const members = [
    ...[seen('a', 'moving', 0), seen('b', 'moving', QUIET + 60_000), seen('b', 'stuck', 0), seen('', 'moving', 0)],
    seen('done', 'moving', QUIET + 1),
  ];
  const columns = discsOf({ members }, ['a', 'b', 'done'], NOW);
  expect(columns.map((column) => column.map(({ state }) => state))).toEqual([
    ['moving', 'moving'],
    ['stuck', 'quiet'],
    ['moving'],
  ]);
  expect(columns[1]![1]!.minutes).toBe(4);
  expect(countWords(columns)).toBe('5 here, 1 stuck, 1 quiet');
  expect(fullest(columns)).toBe(0);
  expect(fullest(columns.slice(1))).toBe(0);
  expect(fullest([[], [], columns[0]!])).toBe(2);
  expect(fullest([[], []])).toBe(0);
});
