import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** What the user, or the sandbox in the user's place, decided. */
export type ConsentDecision = 'approved' | 'denied' | 'nothing-granted';

/**
 * The user approved.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1
 */
export const consentGiven: Check<ConsentDecision> = {
  name: 'consent-given',
  says: 'The user approved',
  clause: 'oauth21-4.1.1',
  test(decision) {
    if (decision === 'approved') return;
    throw new OAuthError('access_denied', {
      reason: 'consent-denied',
      description: decision === 'denied' ? 'The user denied the request.' : 'The user granted none of the scopes.',
    });
  },
};
