/** What is held once under load: never anything else than what came. */
import { expect, it } from 'vitest';
import type { Check } from '#lib/exchange/types.ts';
import { createAlike } from './alike.ts';
import type { Draft } from './draft.ts';

const check = (evidence?: Record<string, unknown>): Check =>
  ({ check: 'scope-known', says: 'It knows the scopes', ok: true, clause: 'oauth21-1.4.1', evidence }) as Check;

const draft = (more: Partial<Draft> = {}): Draft =>
  ({
    endpoint: 'token',
    rawHeaders: ['Host', 'localhost'],
    body: 'grant_type=client_credentials',
    response: { status: 200, rawHeaders: ['content-type', 'application/json'], body: '{}', bytes: 2 },
    checks: [check({ scope: ['notes:read'] }), check()],
    ...more,
  }) as Draft;

it('headers and checks that are equal are held once, and what a request sent is its own', () => {
  const alike = createAlike();
  const first = alike.heldOnce(draft());
  const second = alike.heldOnce(draft({ body: 'another' }));
  expect(second.rawHeaders).toBe(first.rawHeaders);
  expect(second.response?.rawHeaders).toBe(first.response?.rawHeaders);
  expect(second.checks).toBe(first.checks);
  expect(second.body).toBe('another');
});

it('a check that compared something else is its own, beside those that did not', () => {
  const alike = createAlike();
  const first = alike.heldOnce(draft());
  const second = alike.heldOnce(draft({ checks: [check({ scope: ['notes:write'] }), check()] }));
  expect(second.checks[0]).toEqual(check({ scope: ['notes:write'] }));
  expect(second.checks[1]).toBe(first.checks[1]);
});

const unlike: [string, Partial<Draft>][] = [
  ['a header', { rawHeaders: ['Host', '127.0.0.1'] }],
  ['a header more', { rawHeaders: ['Host', 'localhost', 'Accept', '*/*'] }],
  ['a header of the answer', { response: { status: 200, rawHeaders: ['etag', '"1"'], body: '{}', bytes: 2 } }],
  ['no answer', { response: null }],
  ['a check fewer', { checks: [check({ scope: ['notes:read'] })] }],
  ['a member more', { checks: [check({ scope: ['notes:read'], got: 'notes:read' }), check()] }],
  ['a member fewer', { checks: [check({}), check()] }],
  ['an object in place of a list', { checks: [check({ scope: { 0: 'notes:read' } }), check()] }],
  ['null', { checks: [check({ scope: null }), check()] }],
  ['undefined', { checks: [check({ scope: undefined }), check()] }],
  ['what is too deep to be compared', { checks: [check({ scope: { a: { b: { c: { d: 1 } } } } }), check()] }],
  ['a failure', { checks: [{ ...check({ scope: ['notes:read'] }), ok: false }, check()] }],
  ['another endpoint', { endpoint: 'register' }],
];
it.each(unlike)('what differs by %s is kept as it came', (_, more) => {
  const alike = createAlike();
  alike.heldOnce(draft());
  expect(alike.heldOnce(draft(more))).toEqual(draft(more));
  expect(alike.heldOnce(draft())).toEqual(draft());
});
