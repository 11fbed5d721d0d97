import { expect, test } from 'vitest';
import { toBase64url } from '#lib/exchange/encoding.ts';
import { freeze, refusalOf, thaw } from './frozen.ts';
import { loadTrack } from './load.ts';
import { emptyState, withEdit } from './state.ts';
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

const linkOf = (text: string) => `#state=${toBase64url(new TextEncoder().encode(text))}`;
const step = loadTrack('authorization-code')!.steps.find((one) => one.id === 'token')!;
const code = { token: { 'form:code': { value: 'x' } } };

test.each([
  ['an edit that is a number', '{"edits":{"token":{"form:code":3}}}'],
  ['a value that is no text', '{"edits":{"token":{"form:code":{"value":1}}}}'],
  ['a value that cannot become text', '{"edits":{"token":{"form:code":{"value":{"toString":1,"valueOf":1}}}}}'],
  ['a request without edits', '{"edits":{"token":null}}'],
  ['an experiment that is no letter', '{"edits":{},"experiment":"__proto__"}'],
  ['half a text', '{"edits":{"tok'],
])('a state with %s is refused whole, with a sentence', (_name, text) => {
  expect(thaw(linkOf(text))).toBeNull();
  expect(refusalOf(linkOf(text), step)).toMatch(/cannot be read, and nothing was changed/);
});

test('what a step does not have is said, and changes nothing', () => {
  expect(refusalOf(freeze({ edits: code, experiment: null }), step)).toBeNull();
  for (const text of [
    '{"edits":{"__proto__":{"form:code":{"value":"x"}}}}',
    '{"edits":{"token":{"__proto__":{"value":"x"}}}}',
    '{"edits":{"constructor":{}}}',
    '{"edits":{},"experiment":"z"}',
  ]) {
    expect(refusalOf(linkOf(text), step), text).toMatch(/has no effect/);
    let state = emptyState('authorization-code');
    for (const [request, edits] of Object.entries(thaw(linkOf(text))!.edits))
      for (const [key, edit] of Object.entries(edits)) state = withEdit('token', request, key, edit)(state);
    expect(Object.getPrototypeOf(state.edits.token ?? {}), text).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['form:code'], text).toBeUndefined();
  }
});

test('a term is marked once in a step, never inside protocol, and the longer term wins', () => {
  const step = { lede: 'An access token, not `token`.', margin_note: 'Tokens and access tokens.', notes: [] };
  const made = withTerms(step as unknown as Step, [
    { id: 'token', term: 'token', also: [] },
    { id: 'access-token', term: 'access token', also: [] },
  ]);
  expect(made.lede).toBe('An [[access-token|access token]], not `token`.');
  expect(made.margin_note).toBe('[[token|Tokens]] and access tokens.');
  expect(parseText(made.lede)[1]).toEqual({ kind: 'term', id: 'access-token', text: 'access token', as: 'text' });
});

test('a term is marked by another of its words, in italics, and as protocol', () => {
  const step = { lede: 'A *back channel*, a verifier.', margin_note: 'Send `state`, not a state.', notes: [] };
  const made = withTerms(step as unknown as Step, [
    { id: 'back-channel', term: 'back channel', also: [] },
    { id: 'code-verifier', term: 'code verifier', also: ['verifier'] },
    { id: 'state', term: 'state parameter', also: ['`state`'] },
  ]);
  expect(made.lede).toBe('A [[back-channel|*back channel*]], a [[code-verifier|verifier]].');
  expect(made.margin_note).toBe('Send [[state|`state`]], not a state.');
  expect(parseText(made.margin_note)[1]).toEqual({ kind: 'term', id: 'state', text: 'state', as: 'code' });
  expect(parseText(made.lede)[1]).toMatchObject({ text: 'back channel', as: 'italic' });
});
