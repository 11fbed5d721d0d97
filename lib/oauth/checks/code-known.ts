import type { CodeRecord, GrantRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

/**
 * The code, found by its hash.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.3
 */
export interface CodeKnown {
  readonly found: { readonly code: CodeRecord; readonly grant: GrantRecord } | null;
  /** What the value is instead, as far as the server knows. */
  readonly elsewhere?: Evidence | undefined;
}

export const codeKnown: Check<CodeKnown> = {
  name: 'code-known',
  says: 'The code was issued here, found by its hash',
  clause: 'oauth21-4.1.3',
  test({ found, elsewhere }) {
    if (found === null)
      throw new OAuthError('invalid_grant', {
        reason: 'code-unknown',
        description: 'There is no such code.',
        ...(elsewhere ? { evidence: { elsewhere } } : {}),
      });
    return { issued: new Date(found.code.createdAt).toISOString() };
  },
};
