import { OAuthError } from '../errors.ts';
import type { AsyncCheck } from './types.ts';

export interface TokenSignature {
  readonly alg: string | null;
  readonly kid: string | null;
  /** Verifies the signature; null if the issuer has no key with this id for this algorithm. */
  readonly verify: (() => Promise<boolean>) | null;
}

/**
 * The token is signed by a key of its issuer.
 * @see https://datatracker.ietf.org/doc/html/rfc9068#section-4
 */
export const tokenSignature: AsyncCheck<TokenSignature> = {
  name: 'token-signature',
  says: 'The signature fits, by a key of the issuer',
  clause: 'rfc9068-4',
  async test({ alg, kid, verify }) {
    if (verify !== null && (await verify())) return { alg, kid };
    throw new OAuthError('invalid_token', {
      reason: 'token-signature',
      description:
        verify === null ? 'The issuer has no key with the kid of this token.' : 'The signature does not fit the token.',
      delivery: { kind: 'challenge' },
      evidence: { alg, kid },
    });
  },
};
