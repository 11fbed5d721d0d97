import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** The sandbox is not set to fail at this point (knob `consent.outcome`). */
export const authorizeWorks: Check<string> = {
  name: 'authorize-works',
  says: 'The server is able to answer',
  clause: 'oauth21-4.1.2.1',
  test(outcome) {
    if (outcome !== 'server_error' && outcome !== 'temporarily_unavailable') return;
    throw new OAuthError(outcome, { reason: 'authorize-fails', description: 'This sandbox is set to fail here.' });
  },
};
