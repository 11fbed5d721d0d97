import type { PollOutcome } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.5 */
export const deviceAlive: Check<{ poll: PollOutcome; status: number; lifetime: number }> = {
  name: 'device-alive',
  says: 'The pair of codes has not expired',
  clause: 'rfc8628-3.5',
  test({ poll, status, lifetime }) {
    if (poll.outcome !== 'expired') return;
    throw new OAuthError('expired_token', {
      reason: 'device-expired',
      status,
      description: `The device code lived ${lifetime} seconds; begin again.`,
      evidence: { expected: `before ${new Date(poll.device.expiresAt).toISOString()}` },
    });
  },
};
