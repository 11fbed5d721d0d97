import type { CodeRecord, GrantRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The code, found by its hash.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.3
 */
export const codeKnown: Check<{ readonly code: CodeRecord; readonly grant: GrantRecord } | null> = {
  name: 'code-known',
  says: 'The code was issued here, found by its hash',
  clause: 'oauth21-4.1.3',
  test(found) {
    if (found === null)
      throw new OAuthError('invalid_grant', { reason: 'code-unknown', description: 'There is no such code.' });
    return { issued: new Date(found.code.createdAt).toISOString() };
  },
};
