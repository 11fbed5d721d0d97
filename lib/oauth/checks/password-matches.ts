import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** @see https://datatracker.ietf.org/doc/html/rfc6749#section-4.3.2 */
export const passwordMatches: Check<boolean> = {
  name: 'password-matches',
  says: 'Name and password belong together',
  clause: 'rfc6749-4.3',
  test(matches) {
    // Which of the two is wrong is not told: else anyone could find out who has an account.
    if (!matches)
      throw new OAuthError('invalid_grant', {
        reason: 'password-wrong',
        description: 'The user name or the password is wrong.',
      });
    return undefined;
  },
};
