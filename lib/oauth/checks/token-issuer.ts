import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The token is by an issuer that the resource trusts, compared as strings.
 * @see https://datatracker.ietf.org/doc/html/rfc9068#section-4
 */
export const tokenIssuer: Check<{ iss: unknown; trusted: readonly string[]; here: string }> = {
  name: 'token-issuer',
  says: 'The issuer is one that this resource trusts',
  clause: 'rfc9068-4',
  test({ iss, trusted, here }) {
    if (typeof iss === 'string' && trusted.includes(iss)) return { iss };
    const by = typeof iss === 'string' ? iss.slice(0, 200) : 'nobody';
    throw new OAuthError('invalid_token', {
      reason: 'token-issuer',
      description: `The token was issued by ${by} and shown at ${here}, which trusts ${trusted.join(' and ')}.`,
      delivery: { kind: 'challenge' },
      evidence: { expected: trusted, got: iss ?? null },
    });
  },
};
