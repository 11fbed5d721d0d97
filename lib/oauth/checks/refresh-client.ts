import type { ClientRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * "The authorization server MUST maintain the binding between a refresh token and the client to whom
 * it was issued."
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.3.2
 */
export const refreshClient: Check<{ token: RefreshTokenRecord; client: ClientRecord }> = {
  name: 'refresh-client',
  says: 'It belongs to this client',
  clause: 'oauth21-4.3.2',
  test({ token, client }) {
    if (token.clientId === client.clientId) return { client_id: client.clientId };
    throw new OAuthError('invalid_grant', {
      reason: 'refresh-other-client',
      description: 'The refresh token belongs to another client.',
      evidence: { expected: token.clientId, got: client.clientId },
    });
  },
};
