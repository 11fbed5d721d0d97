import type { PollOutcome } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The user has answered, and said yes.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.5
 */
export const deviceAnswered: Check<{ poll: PollOutcome; status: number }> = {
  name: 'device-answered',
  says: 'The user has answered, and said yes',
  clause: 'rfc8628-3.5',
  test({ poll, status }) {
    if (poll.outcome === 'approved') return;
    if (poll.outcome === 'denied')
      throw new OAuthError('access_denied', { reason: 'device-denied', status, description: 'The user said no.' });
    throw new OAuthError('authorization_pending', {
      reason: 'device-pending',
      status,
      description: 'The user has not answered yet; ask again after the interval.',
    });
  },
};
