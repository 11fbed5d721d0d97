import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import { sameSecret, sha256 } from '../hash.ts';
import type { Check } from './types.ts';

/**
 * The registration access token is that of the client.
 * @see https://datatracker.ietf.org/doc/html/rfc7592#section-2.1 "If the client does not exist on this
 * server, the server MUST respond with HTTP 401 Unauthorized"
 */
export const registrationToken: Check<{ client: ClientRecord | null; token: string | null }> = {
  name: 'registration-token',
  says: 'The registration access token is that of the client',
  clause: 'rfc7592-2',
  test({ client, token }) {
    const hash = client?.registrationTokenHash ?? null;
    if (token !== null && hash !== null && sameSecret(sha256(token), hash)) return;
    throw new OAuthError('invalid_token', {
      reason: 'registration-token-wrong',
      description: 'Send the registration_access_token of this client as a Bearer token.',
      delivery: { kind: 'challenge' },
    });
  },
};
