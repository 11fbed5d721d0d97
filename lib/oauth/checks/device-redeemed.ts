import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * Of many who collect at once, one gets the tokens.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.5
 */
export const deviceRedeemed: Check<boolean> = {
  name: 'device-redeemed',
  says: 'No other request collected the tokens at the same time',
  clause: 'rfc8628-3.5',
  test(redeemed) {
    if (redeemed) return;
    throw new OAuthError('invalid_grant', {
      reason: 'device-code-unknown',
      description: 'The device code has been redeemed.',
      evidence: { expected: 'one redemption', got: 'another' },
    });
  },
};
