import type { RedeemOutcome } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * "If an authorization code is used more than once, the authorization server MUST deny the request
 * and SHOULD revoke (when possible) all access tokens and refresh tokens previously issued based on
 * that authorization code." The store has done so by now, in the transaction that found it spent.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-7.5.3
 */
export const codeUnspent: Check<{ outcome: RedeemOutcome['outcome'] }> = {
  name: 'code-unspent',
  says: 'It had not been redeemed before',
  clause: 'oauth21-7.5.3',
  test({ outcome }) {
    switch (outcome) {
      case 'redeemed':
        return;
      case 'spent':
        throw new OAuthError('invalid_grant', {
          reason: 'code-spent',
          description: 'The code has been redeemed before; the tokens that it gave are revoked.',
          evidence: { expected: 'one redemption', got: 'another' },
        });
      case 'expired':
        throw new OAuthError('invalid_grant', { reason: 'code-expired', description: 'The code has expired.' });
      case 'revoked':
        throw new OAuthError('invalid_grant', {
          reason: 'grant-revoked',
          description: 'The grant of the code has been revoked.',
        });
      case 'unknown':
        throw new OAuthError('invalid_grant', { reason: 'code-unknown', description: 'There is no such code.' });
    }
  },
};
