import { OAuthError } from '../errors.ts';
import type { DpopServer } from './types.ts';
import type { Check } from './types.ts';

/**
 * Where the server wants a nonce of its own in the proof, it is there, and recent.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-8
 */
export const dpopNonce: Check<{ server: DpopServer; accepted: boolean; came: boolean; next: () => string }> = {
  name: 'dpop-nonce',
  says: 'The proof carries a recent nonce of this server',
  clause: 'rfc9449-8',
  test({ server, accepted, came, next }) {
    if (accepted) return;
    throw new OAuthError('use_dpop_nonce', {
      ...(server === 'as'
        ? { reason: 'proof-nonce' as const }
        : {
            reason: 'resource-proof-nonce' as const,
            status: 401,
            delivery: { kind: 'challenge' as const, scheme: 'DPoP' as const },
          }),
      description: 'Send a new proof with the nonce from DPoP-Nonce.',
      evidence: { expected: 'a nonce of this server', got: came ? 'another' : null },
      headers: { 'DPoP-Nonce': next() },
    });
  },
};
