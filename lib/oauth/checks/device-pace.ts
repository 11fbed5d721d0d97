import type { PollOutcome } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The interval has passed. If not, it is five seconds longer "for this and all subsequent requests".
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.5
 */
export const devicePace: Check<{ poll: PollOutcome; status: number }> = {
  name: 'device-pace',
  says: ({ poll }) =>
    poll.outcome !== 'unknown' && poll.device.polls <= 1
      ? 'This is the first poll'
      : 'The interval has passed since the last poll',
  clause: 'rfc8628-3.5',
  test({ poll, status }) {
    if (poll.outcome === 'unknown') return;
    if (poll.outcome !== 'too-fast') return { interval: poll.device.interval };
    throw new OAuthError('slow_down', {
      reason: 'device-too-fast',
      status,
      description: `Wait ${poll.device.interval} seconds between polls from now on.`,
      evidence: { expected: `${poll.device.interval} seconds`, polls: poll.device.polls },
    });
  },
};
