/** Refusals that only a race, or an outcome of the store that is rare, leads to: each outcome by itself. */
import { expect, test } from 'vitest';
import { addressKnown } from './address.ts';
import { codeUnspent } from './code-unspent.ts';
import { grantAssertion } from './grant-assertion.ts';
import { refreshRotated } from './refresh-rotated.ts';
import { userPresent } from './user-present.ts';

test.each([
  ['spent', 'code-spent'],
  ['expired', 'code-expired'],
  ['revoked', 'grant-revoked'],
  ['unknown', 'code-unknown'],
] as const)('a code that the store finds %s is refused as %s', (outcome, reason) => {
  expect(() => codeUnspent.test({ outcome })).toThrow(expect.objectContaining({ code: 'invalid_grant', reason }));
});

test.each([
  ['family-revoked', 'refresh-spent'],
  ['spent', 'refresh-spent'],
  ['expired', 'refresh-expired'],
  ['revoked', 'grant-revoked'],
  ['unknown', 'refresh-unknown'],
] as const)('a refresh token that the store finds %s is refused as %s', (outcome, reason) => {
  expect(() => refreshRotated.test({ outcome })).toThrow(expect.objectContaining({ code: 'invalid_grant', reason }));
});

test('userinfo refuses the token of a user who is gone', () => {
  expect(() => userPresent.test(null)).toThrow(
    expect.objectContaining({ code: 'invalid_token', reason: 'userinfo-token' }),
  );
});

test.each([
  ['/s/x/.well-known/openid-configuration', 'metadata-unknown'],
  ['/nowhere', 'path-unknown'],
])('at %s the refusal says %s', (pathname, reason) => {
  expect(() => addressKnown.test({ pathname, decodable: true, known: false })).toThrow(
    expect.objectContaining({ code: 'not_found', reason }),
  );
});

test('an ID-JAG names one audience: one that names two is refused, though ours is among them', () => {
  const now = 1_800_000_000;
  const claims = { aud: 'https://as.example', sub: 'ada', client_id: 'c', exp: now + 60, iat: now, jti: 'one' };
  const assertion = { claims, typ: 'oauth-id-jag+jwt', idJag: true, own: false, clientId: 'c', publicClient: false };
  const asked = { ...assertion, audiences: ['https://as.example'], now };
  expect(() => grantAssertion.test(asked as never)).not.toThrow();
  const two = { ...asked, claims: { ...claims, aud: ['https://as.example', 'https://other.example'] } };
  expect(() => grantAssertion.test(two as never)).toThrow(expect.objectContaining({ reason: 'assertion-invalid' }));
});
