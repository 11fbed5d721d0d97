/**
 * Imported keys, kept. Importing a JWK costs more than signing with it, and keys are few beside the
 * tokens that they sign.
 *
 * What is kept is a function of the JWK alone, so nothing here can be out of date. It stands on
 * `globalThis`, because a module can be loaded more than once in one process.
 */
import { importJWK, type JWK } from 'jose';

const BOUND = 2000;
const SLOT = Symbol.for('authwalk.imported-keys');

function kept(): Map<string, Promise<CryptoKey>> {
  const room = globalThis as unknown as Record<symbol, Map<string, Promise<CryptoKey>> | undefined>;
  const held = room[SLOT];
  if (held) return held;
  const made = new Map<string, Promise<CryptoKey>>();
  room[SLOT] = made;
  return made;
}

/**
 * The key of a JWK, for one algorithm.
 * @param jwk an asymmetric key, public or private
 * @param alg JWS algorithm that it will be used with
 * @throws TypeError or DOMException where the JWK is not a key for this algorithm
 */
export function importedKey(jwk: JWK, alg: string): Promise<CryptoKey> {
  // The public coordinates name a key; whether the private half is there makes it another one.
  const name = `${alg}|${jwk.kty}|${jwk.x ?? ''}|${jwk.y ?? ''}|${jwk.n ?? ''}|${jwk.e ?? ''}|${jwk.d ?? ''}`;
  const keys = kept();
  const held = keys.get(name);
  if (held) return held;
  // Extractable, so that a key can also sign through node:crypto; the JWK that it comes from lies beside it anyway.
  const made = importJWK(jwk, alg, { extractable: true }) as Promise<CryptoKey>;
  keys.set(name, made);
  // A failure is not worth a place; whoever awaits it hears of it.
  made.catch(() => keys.delete(name));
  if (keys.size > BOUND) keys.delete(keys.keys().next().value!);
  return made;
}
