import { makePkce } from '../../pkce.ts';
import type { Make } from '../value.ts';

/** A verifier and its challenge. @see https://datatracker.ietf.org/doc/html/rfc7636#section-4 */
export const codeVerifier: Make = {
  values: ['code_verifier', 'code_challenge'],
  make: async () => {
    const { verifier, challenge } = await makePkce();
    return { code_verifier: verifier, code_challenge: challenge };
  },
};
