import { OAuthError } from '../errors.ts';
import type { TokenSignature } from './token-signature.ts';
import type { AsyncCheck } from './types.ts';

/**
 * The signature fits by the algorithm and the key that the token itself names: all that a naive resource server asks
 * (knob `resource.jwtChecks`).
 * @see https://www.rfc-editor.org/rfc/rfc8725.html#section-3.1
 */
export const tokenSignatureNaive: AsyncCheck<TokenSignature & { readonly verify: () => Promise<boolean> }> = {
  name: 'token-signature-naive',
  says: 'The signature fits, by the algorithm and the key that the token names',
  clause: 'rfc8725-3.1',
  async test({ alg, kid, verify }) {
    if (await verify()) return { alg, kid };
    throw new OAuthError('invalid_token', {
      reason: 'token-signature',
      description: 'The signature does not fit the token.',
      delivery: { kind: 'challenge' },
      evidence: { alg, kid },
    });
  },
};
