import { expect, test } from 'vitest';
import { firstFork, forkOf, type PathRow } from './fork.ts';

const metadata: PathRow = ['client', 'as', 'GET /.well-known/oauth-authorization-server', '', '', 200];
const token = (parameters: string, status = 200): PathRow => [
  'client',
  'as',
  'POST /oauth/token',
  'authorization_code',
  parameters,
  status,
];

test('two runs part at the first request that differs, and the parameter that it lacks is named', () => {
  expect(forkOf([metadata, token('code resource')], [metadata, token('code')])).toEqual({
    same: 1,
    last: metadata,
    before: token('code resource'),
    now: token('code'),
    onlyBefore: ['resource'],
    onlyNow: [],
  });
});

test('a run that stops parts from one that goes on', () => {
  expect(forkOf([metadata], [metadata, token('code')])).toMatchObject({ same: 1, before: null, now: token('code') });
  expect(forkOf([metadata, token('code')], [metadata, token('code')])).toBeNull();
});

test('a scenario that the rule was seen in comes first, then any other that both runs have', () => {
  const before = { a: [metadata], b: [token('code')], c: [metadata] };
  const now = { a: [token('code')], b: [token('code', 400)], d: [metadata] };
  expect(firstFork(before, now, ['b'])?.scenario).toBe('b');
  expect(firstFork(before, now, ['c', 'd'])?.scenario).toBe('a');
  expect(firstFork(before, {}, ['a'])).toBeNull();
});
