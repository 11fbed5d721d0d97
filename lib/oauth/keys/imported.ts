/**
 * Imported keys, kept. Importing a JWK costs more than signing with it, and keys are few beside the
 * tokens that they sign.
 *
 * What is kept is a function of the JWK alone, so nothing here can be out of date.
 */
import { importJWK, type JWK } from 'jose';
import { processWideMap } from '#lib/spec/bounded-map.ts';

const BOUND = 2000;

/**
 * The key of a JWK, for one algorithm.
 * @param jwk an asymmetric key, public or private, or a secret (`oct`)
 * @param alg JWS algorithm that it will be used with
 * @throws TypeError or DOMException if the JWK is not a key for this algorithm
 */
export function importedKey(jwk: JWK, alg: string): Promise<CryptoKey | Uint8Array> {
  // The bytes of a secret are the key, and are kept nowhere else.
  if (jwk.kty === 'oct') return Promise.resolve(new Uint8Array(Buffer.from(jwk.k ?? '', 'base64url')));
  // A stranger's key set may hold anything under these names.
  if ([jwk.kty, jwk.x, jwk.y, jwk.n, jwk.e, jwk.d].some((part) => part !== undefined && typeof part !== 'string'))
    return Promise.reject(new TypeError('A member of the JWK is no text.'));
  // The public coordinates name a key; whether the private half is there makes it another one.
  const name = `${alg}|${jwk.kty}|${jwk.x ?? ''}|${jwk.y ?? ''}|${jwk.n ?? ''}|${jwk.e ?? ''}|${jwk.d ?? ''}`;
  const keys = processWideMap<string, Promise<CryptoKey>>('imported-keys', BOUND);
  const held = keys.get(name);
  if (held) return held;
  // Extractable, so that a key can also sign through node:crypto; the JWK that it comes from lies beside it anyway.
  const made = importJWK(jwk, alg, { extractable: true }) as Promise<CryptoKey>;
  keys.set(name, made);
  // A failure is not kept; the caller that awaits it gets the error.
  made.catch(() => keys.delete(name));
  return made;
}

/** The public members of an asymmetric JWK, and no others. */
export function publicHalf(jwk: JWK): JWK {
  const { kty, crv, x, y, n, e } = jwk;
  return Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined)) as JWK;
}
