import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ExchangeTarget {
  /** The knob `exchange.policy`. */
  readonly policy: 'strict' | 'open';
  /** What the new token is to be for. */
  readonly wanted: readonly string[];
  /** What the subject token is for. */
  readonly audience: readonly string[];
  /** Whether it is a resource of this server. */
  readonly isOwn: (target: string) => boolean;
}

/**
 * An exchange does not undo the restriction to an audience: of this server's resources the new token is only for those
 * that the subject token is for already. A name of another service may join.
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-2.3
 */
export const exchangeTarget: Check<ExchangeTarget> = {
  name: 'exchange-target',
  says: ({ policy, wanted, audience, isOwn }) =>
    policy === 'open' && wanted.some((target) => isOwn(target) && !audience.includes(target))
      ? 'The new token is for a further resource, which does not matter here'
      : 'The new token is for no further resource of this server',
  clause: 'rfc8693-2.2.2',
  test({ policy, wanted, audience, isOwn }) {
    if (policy === 'open') return { policy, got: wanted };
    const further = wanted.find((target) => isOwn(target) && !audience.includes(target));
    if (further === undefined) return { expected: audience, got: wanted };
    throw new OAuthError('invalid_target', {
      reason: 'target-not-allowed',
      description: `The subject_token is not for ${further.slice(0, 200)}. The knob exchange.policy can lift this.`,
      evidence: { expected: audience, got: wanted, knob: 'exchange.policy' },
    });
  },
};
