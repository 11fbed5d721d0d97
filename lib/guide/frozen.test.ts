import { expect, test } from 'vitest';
import { freeze, thaw } from './frozen.ts';
import { parseText } from './text.ts';
import { withTerms } from './terms.ts';
import type { Step } from './types.ts';

test('a state comes out of its link as it went in', () => {
  const state = { edits: { token: { 'form:code': { value: 'Übung' }, 'form:x': { value: null, omitted: true } } } };
  expect(thaw(freeze({ ...state, experiment: 'd' }))).toEqual({ ...state, experiment: 'd' });
});

test.each([
  ['nothing', ''],
  ['another fragment', '#experiment-d'],
  ['no base64url', '#state=%%%'],
  ['no object', `#state=${btoa('[1]')}`],
  ['too much', `#state=${'A'.repeat(9000)}`],
])('a link that is %s is no state', (_name, fragment) => {
  expect(thaw(fragment)).toBeNull();
});

test('what is no edit is left out, and a strange experiment is none', () => {
  const state = { edits: { a: { b: 3, c: { value: 1 } }, d: null }, experiment: '__proto__' };
  const link = `#state=${btoa(JSON.stringify(state))}`;
  expect(thaw(link.replaceAll('=', '').replace('#state', '#state='))).toEqual({
    edits: { a: { c: { value: null } }, d: {} },
    experiment: null,
  });
});

test('a term is marked once in a step, never inside protocol, and the longer term wins', () => {
  const step = { lede: 'An access token, not `token`.', margin_note: 'Tokens and access tokens.', notes: [] };
  const made = withTerms(step as unknown as Step, [
    { id: 'token', term: 'token' },
    { id: 'access-token', term: 'access token' },
  ]);
  expect(made.lede).toBe('An [[access-token|access token]], not `token`.');
  expect(made.margin_note).toBe('[[token|Tokens]] and access tokens.');
  expect(parseText(made.lede)[1]).toEqual({ kind: 'term', id: 'access-token', text: 'access token' });
});
