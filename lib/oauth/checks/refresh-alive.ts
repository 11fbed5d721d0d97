import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The token was used recently enough, and its family is not too old.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.3.3
 */
export const refreshAlive: Check<{ expiresAt: number; now: number }> = {
  name: 'refresh-alive',
  says: 'It was used recently enough, and its family is not too old',
  clause: 'oauth21-4.3.3',
  test({ expiresAt, now }) {
    const evidence = { expected: `before ${new Date(expiresAt).toISOString()}`, got: new Date(now).toISOString() };
    if (now < expiresAt) return evidence;
    throw new OAuthError('invalid_grant', {
      reason: 'refresh-expired',
      description: 'The refresh token has expired; ask the user again.',
      evidence,
    });
  },
};
