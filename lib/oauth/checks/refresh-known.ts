import type { GrantRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The refresh token, found by its hash.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.3.2
 */
export const refreshKnown: Check<{ readonly token: RefreshTokenRecord; readonly grant: GrantRecord } | null> = {
  name: 'refresh-known',
  says: 'The refresh token was issued here, found by its hash',
  clause: 'oauth21-4.3.2',
  test(found) {
    if (found === null)
      throw new OAuthError('invalid_grant', {
        reason: 'refresh-unknown',
        description: 'There is no such refresh token.',
      });
    return { generation: found.token.generation };
  },
};
