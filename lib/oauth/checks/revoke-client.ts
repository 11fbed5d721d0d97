import type { AccessTokenRecord, ClientRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * "The authorization server [...] verifies whether the token was issued to the client making the
 * revocation request. If this validation fails, the request is refused."
 * @see https://datatracker.ietf.org/doc/html/rfc7009#section-2.1
 */
export const revokeClient: Check<{ token: AccessTokenRecord | RefreshTokenRecord; client: ClientRecord }> = {
  name: 'revoke-client',
  says: 'It was issued to this client',
  clause: 'rfc7009-2.1',
  test({ token, client }) {
    if (token.clientId === client.clientId) return { client_id: client.clientId };
    throw new OAuthError('invalid_grant', {
      reason: 'revoke-other-client',
      description: 'The token was issued to another client; it lives on.',
      evidence: { expected: token.clientId, got: client.clientId },
    });
  },
};
