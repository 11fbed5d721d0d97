import type { ClientRecord, PollOutcome } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The device code is one of this client, and has not been redeemed.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.5
 */
export const deviceKnown: Check<{ poll: PollOutcome; client: ClientRecord }> = {
  name: 'device-known',
  says: 'The device code is one of this client, and has not been redeemed',
  clause: 'rfc8628-3.5',
  test({ poll, client }) {
    if (poll.outcome === 'unknown' || poll.device.clientId !== client.clientId) {
      throw new OAuthError('invalid_grant', {
        reason: 'device-code-unknown',
        description: 'No such device code is waiting for this client.',
      });
    }
    if (poll.outcome === 'redeemed') {
      throw new OAuthError('invalid_grant', {
        reason: 'device-code-unknown',
        description: 'The device code has been redeemed.',
        evidence: { expected: 'one redemption', got: 'another' },
      });
    }
    return { polls: poll.device.polls };
  },
};
