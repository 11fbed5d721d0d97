import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * A bound token comes under the scheme `DPoP` with a proof, an unbound one under `Bearer`.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-7.2
 */
export const tokenBinding: Check<{ jkt: string | null; scheme: string; proof: boolean }> = {
  name: 'token-binding',
  says: 'A bound token comes under the DPoP scheme, with a proof',
  clause: 'rfc9449-7.1',
  test({ jkt, scheme, proof }) {
    const delivery = { kind: 'challenge', scheme: 'DPoP' } as const;
    if (jkt === null) {
      throw new OAuthError('invalid_token', {
        reason: 'token-binding',
        description:
          scheme === 'dpop'
            ? 'The token is not bound to a key; send it as a Bearer token.'
            : 'This resource takes only tokens that are bound to a key.',
        delivery,
        evidence: { expected: 'a token with cnf.jkt', got: 'no cnf' },
      });
    }
    if (scheme !== 'dpop') {
      throw new OAuthError('invalid_token', {
        reason: 'token-binding',
        description: 'The token is bound to a key; send it under the DPoP scheme, with a proof.',
        delivery,
        evidence: { expected: 'DPoP', got: scheme || null },
      });
    }
    if (!proof) {
      throw new OAuthError('invalid_dpop_proof', {
        reason: 'resource-proof-missing',
        status: 401,
        description: 'The DPoP header with the proof is missing.',
        delivery,
        evidence: { expected: 'one DPoP header', got: 0 },
      });
    }
    return { jkt };
  },
};
