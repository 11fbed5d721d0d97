import { OAuthError } from '../errors.ts';
import type { AsyncCheck } from './types.ts';

export interface AssertionOnce {
  /** Whether it authenticates a client or is brought as a grant. */
  readonly purpose: 'client' | 'grant';
  readonly jti: string;
  /** Remembers the assertion. Resolves to false if it was remembered already. */
  readonly remember: () => Promise<boolean>;
}

/**
 * Each assertion is used once.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
export const assertionOnce: AsyncCheck<AssertionOnce> = {
  name: 'assertion-once',
  says: 'This assertion has not been seen before',
  clause: 'rfc7523-3',
  async test({ purpose, jti, remember }) {
    if (await remember()) return { jti };
    throw new OAuthError(purpose === 'client' ? 'invalid_client' : 'invalid_grant', {
      reason: purpose === 'client' ? 'client-assertion-invalid' : 'assertion-invalid',
      description: 'This assertion was used before; each needs a jti of its own.',
      evidence: { jti },
    });
  },
};
