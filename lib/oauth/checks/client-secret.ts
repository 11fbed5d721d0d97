import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import { sameSecret, sha256 } from '../hash.ts';
import type { Check } from './types.ts';

/**
 * The secret is the client's, and has not run out.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.4.1
 */
export const clientSecret: Check<{ client: ClientRecord; secret: string; now: number }> = {
  name: 'client-secret',
  says: 'The hash of the secret is the one stored, compared in constant time, and the secret has not run out',
  clause: 'oauth21-2.4.1',
  test({ client, secret, now }) {
    if (client.secretHash === null || !sameSecret(sha256(secret), client.secretHash)) {
      throw new OAuthError('invalid_client', {
        reason: 'client-credentials-wrong',
        description: 'The client secret is wrong.',
      });
    }
    if (client.secretExpiresAt !== 0 && client.secretExpiresAt * 1000 <= now) {
      throw new OAuthError('invalid_client', {
        reason: 'client-credentials-wrong',
        description: 'The client secret has expired; register again.',
        evidence: {
          expected: `before ${new Date(client.secretExpiresAt * 1000).toISOString()}`,
          got: new Date(now).toISOString(),
        },
      });
    }
  },
};
