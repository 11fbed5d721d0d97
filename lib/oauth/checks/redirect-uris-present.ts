import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * A client that wants codes says where they may be sent.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export const redirectUrisPresent: Check<{ grantTypes: readonly string[]; uris: readonly string[] }> = {
  name: 'redirect-uris-present',
  says: 'A client that wants codes says where they may be sent',
  clause: 'rfc7591-2',
  test({ grantTypes, uris }) {
    if (uris.length > 0 || !grantTypes.includes('authorization_code')) return { redirect_uris: uris.length };
    throw new OAuthError('invalid_redirect_uri', {
      reason: 'redirect-uris-missing',
      description: 'redirect_uris must name at least one address for the authorization_code grant.',
      evidence: { expected: 'at least one redirect URI', got: [] },
    });
  },
};
