import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * Where a proof is demanded, there is one.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-5
 */
export const dpopPresent: Check<{ demanded: boolean; jkt: string | null }> = {
  name: 'dpop-present',
  says: 'The request proves that it holds a key',
  clause: 'rfc9449-5',
  test({ demanded, jkt }) {
    if (!demanded || jkt !== null) return { jkt };
    throw new OAuthError('invalid_dpop_proof', {
      reason: 'proof-missing',
      description: 'The DPoP header with a proof is required.',
      evidence: { expected: 'one DPoP header', got: 0 },
    });
  },
};
