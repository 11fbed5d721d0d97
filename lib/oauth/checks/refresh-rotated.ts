import type { RotateOutcome } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * Of many uses at once one wins: what the transaction found.
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.14.2
 */
export const refreshRotated: Check<{ outcome: RotateOutcome['outcome'] }> = {
  name: 'refresh-rotated',
  says: ({ outcome }) =>
    outcome === 'repeated'
      ? 'Another request used it already, which is forgiven here'
      : 'No other request used it at the same time',
  clause: 'rfc9700-4.14.2',
  test({ outcome }) {
    switch (outcome) {
      case 'rotated':
      case 'repeated':
        return { outcome };
      case 'family-revoked':
        throw new OAuthError('invalid_grant', {
          reason: 'refresh-spent',
          description: 'The refresh token was used before. All tokens of the grant are revoked; ask the user again.',
          evidence: { expected: 'unused', got: 'used meanwhile' },
        });
      case 'spent':
        throw new OAuthError('invalid_grant', {
          reason: 'refresh-spent',
          description: 'The refresh token was used before.',
          evidence: { expected: 'unused', got: 'used meanwhile' },
        });
      case 'expired':
        throw new OAuthError('invalid_grant', {
          reason: 'refresh-expired',
          description: 'The refresh token has expired; ask the user again.',
        });
      case 'revoked':
        throw new OAuthError('invalid_grant', {
          reason: 'grant-revoked',
          description: 'The grant of the refresh token has been revoked; ask the user again.',
        });
      case 'unknown':
        throw new OAuthError('invalid_grant', {
          reason: 'refresh-unknown',
          description: 'There is no such refresh token.',
        });
    }
  },
};
