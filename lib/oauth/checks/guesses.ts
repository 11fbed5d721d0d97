import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface Guesses {
  /** Wrong codes from this address, in the current window. */
  readonly count: number;
  readonly max: number;
  /** ms until the window ends. */
  readonly left: number;
}

/**
 * Not too many wrong codes were typed from this address. It holds for a right code too, or guessing on would still pay.
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-5.1
 */
export const guesses: Check<Guesses> = {
  name: 'guesses',
  says: 'Not too many wrong codes came from there',
  clause: 'rfc8628-5.1',
  test({ count, max, left }) {
    if (left <= 0 || count < max) return;
    throw new OAuthError('rate_limit_exceeded', {
      reason: 'guesses-too-many',
      delivery: { kind: 'page' },
      description: `${max} wrong codes were typed. Wait a few minutes.`,
      headers: { 'Retry-After': String(Math.ceil(left / 1000)) },
      evidence: { expected: `fewer than ${max}`, got: count },
    });
  },
};
