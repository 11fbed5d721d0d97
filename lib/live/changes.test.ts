import { expect, test } from 'vitest';
import type { Change } from '#lib/exchange/types.ts';
import { changeWords } from './changes.ts';

const change = (what: Change['what'], body: unknown, method = 'POST'): Change => ({
  kind: 'change',
  seq: 9,
  at: '2026-11-25T22:00:00.000Z',
  monotonic: 0,
  by: 'control',
  what,
  config: 0,
  scenario: 'iss-wrong-issuer',
  did: { method, path: '/', body: body as never },
});

test.each([
  ['clock', { advance: 3600 }, 'Clock +1 h', ''],
  ['clock', { advance: -60 }, 'Clock −60 s', ''],
  ['clock', { freeze: true }, 'Clock frozen', ''],
  ['scenario', { scenario: 'iss-wrong-issuer' }, 'Scenario', 'iss-wrong-issuer'],
  ['config', { config: { refresh: { rotate: false } } }, 'Knob', 'refresh.rotate false'],
  ['config', { config: { 'refresh.rotate': false, 'code.lifetime': 5 } }, '2 knobs', 'refresh.rotate, code.lifetime'],
  ['faults', { endpoint: 'token', effect: { status: 503 } }, 'Fault armed', 'token: 503'],
] as const)('%s %j is told as "%s"', (what, body, title, detail) => {
  expect(changeWords(change(what, body))).toMatchObject({ title, detail });
});

test('a change without what was done still has words', () => {
  for (const what of ['config', 'reset', 'clock', 'faults', 'client', 'grant', 'keys'] as const)
    expect(changeWords({ ...change(what, {}), did: null }).title).not.toBe('');
});
