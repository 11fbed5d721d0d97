import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * Whoever asks has proved who they are: else a thief could ask whether what he found is good.
 * @see https://datatracker.ietf.org/doc/html/rfc7662#section-2.1 "To prevent token scanning attacks,
 * the endpoint MUST also require some form of authorization"
 */
export const introspectClient: Check<{ client: ClientRecord; method: string; required: boolean }> = {
  name: 'introspect-client',
  says: 'Whoever asks has proved who they are',
  clause: 'rfc7662-2.1',
  test({ client, method, required }) {
    if (method !== 'none' || !required) return { client_id: client.clientId, method };
    throw new OAuthError('invalid_client', {
      reason: 'client-credentials-wrong',
      description: 'Introspection is for clients with credentials; this one has none.',
      evidence: { expected: 'a confidential client', got: 'a public one' },
    });
  },
};
