import { OAuthError } from '../errors.ts';
import { missingScopes } from '../scope.ts';
import type { Check } from './types.ts';

/**
 * "The requested scope MUST NOT include any scope not originally granted by the resource owner."
 * What a broader scope includes may be asked for by its own name.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.3.1
 */
export const scopeWithin: Check<{ granted: readonly string[]; requested: readonly string[] }> = {
  name: 'scope-within',
  says: 'The scope is within what was granted',
  clause: 'oauth21-4.3.1',
  test({ granted, requested }) {
    const missing = missingScopes(granted, requested);
    if (missing.length === 0) return { expected: granted, got: requested };
    throw new OAuthError('invalid_scope', {
      reason: 'scope-beyond-grant',
      description: `The grant does not hold the scope ${missing[0]!.slice(0, 60)}.`,
      evidence: { expected: granted, got: requested },
    });
  },
};
