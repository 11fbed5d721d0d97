import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * Without a page, only what the user agreed to before is granted.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError
 */
export const consentPresent: Check<{ agreed: boolean }> = {
  name: 'consent-present',
  says: 'The user has agreed to this before',
  clause: 'oidc-core-3.1.2.6',
  test({ agreed }) {
    if (agreed) return;
    throw new OAuthError('consent_required', {
      reason: 'consent-required',
      description: 'The user has not agreed to this yet, and may not be asked.',
    });
  },
};
