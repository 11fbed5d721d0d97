import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The caller has proved its identity. Without this a thief could ask whether a stolen token is valid.
 * @see https://datatracker.ietf.org/doc/html/rfc7662#section-2.1 "To prevent token scanning attacks,
 * the endpoint MUST also require some form of authorization"
 */
export const introspectClient: Check<{ client: ClientRecord; method: string; required: boolean }> = {
  name: 'introspect-client',
  says: ({ method, required }) =>
    method === 'none' && !required
      ? 'The caller need not prove its identity here'
      : 'The caller has proved its identity',
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
