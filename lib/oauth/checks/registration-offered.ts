import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Clients may register themselves here (knob `registration.dynamic`). */
export const registrationOffered: Check<{ offered: boolean }> = {
  name: 'registration-offered',
  says: 'Clients may register themselves here',
  clause: 'rfc7591-3.1',
  test({ offered }) {
    if (offered) return;
    throw new OAuthError('not_found', {
      reason: 'metadata-unknown',
      description: 'This server offers no dynamic registration.',
    });
  },
};
