import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * A device waits under the code that the user typed.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.3
 */
export const userCode: Check<{ waiting: boolean }> = {
  name: 'user-code',
  says: 'A device is waiting under this code',
  clause: 'rfc8628-3.3',
  test({ waiting }) {
    if (waiting) return;
    throw new OAuthError('invalid_request', {
      reason: 'user-code-unknown',
      delivery: { kind: 'page' },
      description: 'No device is waiting under this code, or it has run out, or it was answered.',
    });
  },
};
