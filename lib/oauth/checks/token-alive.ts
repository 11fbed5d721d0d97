import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The token is neither too old nor too young, by the clock of the sandbox.
 * @see https://datatracker.ietf.org/doc/html/rfc7519#section-4.1
 */
export const tokenAlive: Check<{ expiresAt: number | null; notBefore: number | null; now: number }> = {
  name: 'token-alive',
  says: 'It has not expired, and its time has begun',
  clause: 'rfc9068-4',
  test({ expiresAt, notBefore, now }) {
    const at = (time: number) => new Date(time).toISOString();
    if (expiresAt !== null && expiresAt <= now) {
      throw new OAuthError('invalid_token', {
        reason: 'token-expired',
        description: `The token expired at ${at(expiresAt)}; it is ${at(now)} now.`,
        delivery: { kind: 'challenge' },
        evidence: { expected: `before ${at(expiresAt)}`, got: at(now) },
      });
    }
    if (notBefore !== null && notBefore > now) {
      throw new OAuthError('invalid_token', {
        reason: 'token-not-yet-valid',
        description: `The token is valid from ${at(notBefore)} on; it is ${at(now)} now.`,
        delivery: { kind: 'challenge' },
        evidence: { expected: `from ${at(notBefore)}`, got: at(now) },
      });
    }
    return expiresAt === null ? undefined : { exp: at(expiresAt), now: at(now) };
  },
};
