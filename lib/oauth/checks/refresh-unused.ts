import type { SandboxConfig } from '#lib/config/config.ts';
import type { GrantRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

interface Input {
  readonly token: RefreshTokenRecord;
  readonly grant: GrantRecord;
  readonly now: number;
  /** ms after its use in which the same successor is given once more: the knob `refresh.grace`. */
  readonly grace: number;
  /** The knob `refresh.reuse`. */
  readonly reuse: SandboxConfig['refresh.reuse'];
}

/**
 * The token was not used before, and its family is alive.
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.14.2
 */
export const refreshUnused: Check<Input> = {
  name: 'refresh-unused',
  says: ({ token, now, grace, reuse }) =>
    isForgiven(token.usedAt, now, grace, reuse)
      ? 'It was used before, which is forgiven here, and its family is alive'
      : 'It was not used before, and its family is alive',
  clause: 'rfc9700-4.14.2',
  test({ token, grant, now, grace, reuse }) {
    const used = token.usedAt;
    if (used !== null && !isForgiven(used, now, grace, reuse)) {
      throw new OAuthError('invalid_grant', {
        reason: 'refresh-spent',
        description:
          reuse === 'revoke-family'
            ? 'The refresh token was used before. All tokens of the grant are revoked; ask the user again.'
            : 'The refresh token was used before.',
        evidence: { expected: 'unused', got: `used at ${new Date(used).toISOString()}`, generation: token.generation },
      });
    }
    if (grant.revokedAt !== null) {
      throw new OAuthError('invalid_grant', {
        reason: 'grant-revoked',
        description: 'The grant of the refresh token has been revoked; ask the user again.',
        evidence: {
          expected: 'a living grant',
          got: `revoked at ${new Date(grant.revokedAt).toISOString()}`,
          by: grant.revokedBy,
        },
      });
    }
    return {
      ...(reuse === 'accept' ? { asked: false } : {}),
      generation: token.generation,
      ...(used === null ? {} : { used: new Date(used).toISOString() }),
    };
  },
};

/** Whether a token was used before, and may be used all the same. @param used ms, when it was used; null: never */
function isForgiven(used: number | null, now: number, grace: number, reuse: Input['reuse']): boolean {
  return used !== null && (reuse === 'accept' || (grace > 0 && now - used <= grace));
}
