import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ClientKnown {
  readonly clientId: string | undefined;
  readonly client: ClientRecord | null;
}

/**
 * Somebody is registered under this name. If not, nothing else in the request can be believed, least
 * of all where to send an answer.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1 "If the request fails
 *   due to a missing, invalid, or mismatching redirect URI, or if the client identifier is missing or
 *   invalid, the authorization server SHOULD inform the resource owner of the error and MUST NOT
 *   automatically redirect the user agent to the invalid redirect URI."
 */
export const clientKnown: Check<ClientKnown> = {
  name: 'client-known',
  says: ({ client }) =>
    client?.source === 'dynamic' && client.metadata.unregistered === true
      ? 'Nobody registered the client, which does not matter here'
      : 'The client is known',
  clause: 'oauth21-4.1.2.1',
  test({ clientId, client }) {
    if (client) return { client_id: client.clientId, source: client.source };
    throw new OAuthError('invalid_request', {
      reason: 'client-unknown',
      delivery: { kind: 'page' },
      description:
        clientId === undefined
          ? 'The parameter client_id is required.'
          : 'No client is registered under this client_id.',
      evidence: { expected: 'a registered client', got: clientId?.slice(0, 200) ?? null },
    });
  },
};
