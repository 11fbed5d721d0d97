import { OAuthError } from '../errors.ts';
import { badProof } from './bad-proof.ts';
import type { DpopServer } from './types.ts';
import type { Check } from './types.ts';

/**
 * The proof is by the key that the token, code or refresh token is bound to.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-5
 */
export const dpopKey: Check<{ server: DpopServer; expected: string; got: string }> = {
  name: 'dpop-key',
  says: 'The proof is by the key that it is bound to',
  clause: 'rfc9449-5',
  test({ server, expected, got }) {
    if (expected === got) return { jkt: got };
    const description = 'The proof is by another key than the one that this is bound to.';
    if (server === 'rs') throw badProof('rs', description, { expected, got });
    throw new OAuthError('invalid_grant', { reason: 'proof-key-differs', description, evidence: { expected, got } });
  },
};
