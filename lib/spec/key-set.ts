/** Sets of public keys, as clients and owners of sandboxes bring them. */
import { SECRET_MEMBERS } from './secret-members.ts';

/** Keys of a set at most. */
export const MOST_KEYS = 20;

/**
 * What is wrong with a set of public keys, as what follows its name in a sentence; null if nothing is.
 * @see https://www.rfc-editor.org/rfc/rfc7517.html#section-5
 */
export function keySetProblem(set: unknown): string | null {
  const keys = (set as { keys?: unknown } | null | undefined)?.keys;
  if (!Array.isArray(keys)) return 'must be an object with a list of keys';
  if (keys.length > MOST_KEYS) return `may have ${MOST_KEYS} keys at most`;
  for (const key of keys as unknown[]) {
    if (typeof key !== 'object' || key === null || typeof (key as { kty?: unknown }).kty !== 'string')
      return 'holds something that is not a JWK';
    if ((key as { kty: string }).kty === 'oct') return 'holds a symmetric key';
    if (SECRET_MEMBERS.some((member) => Object.hasOwn(key, member)))
      return 'holds a private key; keep that to yourself and send the public one';
  }
  return null;
}
