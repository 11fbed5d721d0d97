import type { ClientRecord, CodeRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * "The authorization server MUST ensure that the authorization code was issued to the authenticated
 * confidential client, or if the client is public, to `client_id` in the request."
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.3
 */
export const codeClient: Check<{ code: CodeRecord; client: ClientRecord }> = {
  name: 'code-client',
  says: 'It was issued to this client',
  clause: 'oauth21-4.1.3',
  test({ code, client }) {
    if (code.clientId === client.clientId) return { client_id: client.clientId };
    throw new OAuthError('invalid_grant', {
      reason: 'code-other-client',
      description: 'The code was issued to another client.',
      evidence: { expected: code.clientId, got: client.clientId },
    });
  },
};
