import { describe, expect, it } from 'vitest';
import { clientSeed } from '#lib/config/seed.ts';
import { keysProblem } from './client-keys.ts';
import { documentValid } from './document-valid.ts';
import { keySetProblem, MOST_KEYS } from '#lib/spec/key-set.ts';

const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
const place = { needed: true, origin: 'http://localhost:3000', isPublic: false };
const ID = 'https://client.example/id';

/** Whether a registration, a client's document and a seed take the keys. */
function takers(jwks: unknown): Record<string, boolean> {
  const method = { token_endpoint_auth_method: 'private_key_jwt', redirect_uris: [`${ID}/cb`] };
  let document = true;
  try {
    documentValid.test({ ...place, document: { client_id: ID, ...method, jwks } });
  } catch {
    document = false;
  }
  return {
    registration: keysProblem(jwks, undefined, place) === null,
    document,
    seed: clientSeed.safeParse({ client_id: 'x', ...method, jwks }).success,
  };
}

describe('a set of public keys', () => {
  it('is taken by all alike', () => {
    expect(keySetProblem({ keys: [KEY] })).toBeNull();
    expect(takers({ keys: [KEY] })).toEqual({ registration: true, document: true, seed: true });
  });

  it.each([
    ['no object', 'x'],
    ['no list', { keys: 'x' }],
    ['no JWK', { keys: [7] }],
    ['a JWK without kty', { keys: [{ x: 'x' }] }],
    ['a symmetric key', { keys: [{ kty: 'oct' }] }],
    ['a private key', { keys: [{ ...KEY, d: 'd' }] }],
    ['a factor of a private key', { keys: [{ kty: 'RSA', oth: [] }] }],
    ['too many keys', { keys: Array.from({ length: MOST_KEYS + 1 }, () => KEY) }],
  ])('with %s is refused by all alike', (_, jwks) => {
    expect(takers(jwks)).toEqual({ registration: false, document: false, seed: false });
  });
});
