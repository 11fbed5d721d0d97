import type { UserRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** The user of the token still exists. A token without a user has none. */
export const userPresent: Check<UserRecord | null> = {
  name: 'user-present',
  says: 'The user of the token still exists',
  clause: 'oidc-core-5.3',
  test(user) {
    if (user !== null) return { sub: user.sub };
    throw new OAuthError('invalid_token', {
      reason: 'userinfo-token',
      description: 'The user of this token is gone.',
      delivery: { kind: 'challenge' },
    });
  },
};
