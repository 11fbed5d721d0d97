import type { CodeRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The code has not expired. "A maximum authorization code lifetime of 10 minutes is RECOMMENDED";
 * here it is 60 seconds, by the sandbox's clock.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2
 */
export const codeAlive: Check<{ code: CodeRecord; now: number; lifetime: number }> = {
  name: 'code-alive',
  says: 'The code has not expired',
  clause: 'oauth21-4.1.2',
  test({ code, now, lifetime }) {
    const evidence = { expected: `by ${new Date(code.expiresAt).toISOString()}`, got: new Date(now).toISOString() };
    if (now < code.expiresAt) return evidence;
    throw new OAuthError('invalid_grant', {
      reason: 'code-expired',
      description: `The code has expired; it can be redeemed for ${lifetime} seconds.`,
      evidence,
    });
  },
};
