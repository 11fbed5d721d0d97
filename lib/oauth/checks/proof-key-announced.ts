import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * `dpop_jkt` of a pushed request is the thumbprint of the key of its proof.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-10.1
 */
export const proofKeyAnnounced: Check<{ announced: string | undefined; jkt: string }> = {
  name: 'proof-key-announced',
  says: '`dpop_jkt` is the thumbprint of the key of the proof',
  clause: 'rfc9449-5',
  test({ announced, jkt }) {
    if (announced === jkt) return { jkt };
    throw new OAuthError('invalid_dpop_proof', {
      reason: 'proof-key-differs',
      description: 'The dpop_jkt is not the thumbprint of the key of the proof.',
      evidence: { expected: announced ?? null, got: jkt },
    });
  },
};
