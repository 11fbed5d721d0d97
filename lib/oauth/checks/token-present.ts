import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface TokenPresent {
  /** Whether the request carries a token in a place that is looked at. */
  readonly present: boolean;
  /** `Authorization`, in words and without the token. */
  readonly header: string;
  /** Whether `access_token` stands in the address, where it is not looked at. */
  readonly inQuery: boolean;
  /** Whether a token in the address alone is refused as such, instead of being taken for no token at all. */
  readonly refuseQuery: boolean;
}

/**
 * The request carries a token: in the `Authorization` header, not in the address, which ends up in logs.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.1.1
 */
export const tokenPresent: Check<TokenPresent> = {
  name: 'token-present',
  says: ({ present, header }) =>
    present && header === 'absent' ? 'The form carries a token' : 'The Authorization header carries a token',
  clause: 'oauth21-5.1.1',
  test({ present, header, inQuery, refuseQuery }) {
    const evidence = { header, ...(inQuery ? { 'access_token in the address': 'not looked at' } : {}) };
    if (present) return evidence;
    if (inQuery && refuseQuery) {
      throw new OAuthError('invalid_request', {
        reason: 'token-in-query',
        status: 401,
        description: 'The access token stands in the address. Send it in the Authorization header.',
        delivery: { kind: 'challenge' },
        evidence,
      });
    }
    throw new OAuthError('invalid_token', {
      reason: 'token-absent',
      description: 'An access token is required, in the Authorization header.',
      delivery: { kind: 'challenge' },
      evidence,
    });
  },
};
