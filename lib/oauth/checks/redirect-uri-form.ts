import { OAuthError } from '../errors.ts';
import { malformed } from './redirect-policy.ts';
import type { Check } from './types.ts';

/**
 * Each redirect URI is absolute and has no fragment.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-3.2.2
 */
export const redirectUriForm: Check<readonly string[]> = {
  name: 'redirect-uri-form',
  says: 'Each redirect URI is absolute, without a fragment',
  clause: 'oauth21-2.3.1',
  test(uris) {
    for (const uri of uris) {
      const problem = malformed(uri);
      if (problem === null) continue;
      throw new OAuthError('invalid_redirect_uri', {
        reason: 'redirect-uri-fragment',
        description: `The redirect URI ${uri.slice(0, 200)} ${problem}.`,
        evidence: { expected: 'an absolute URI without a fragment', got: uri.slice(0, 500) },
      });
    }
    return { redirect_uris: uris };
  },
};
