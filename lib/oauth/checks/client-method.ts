import type { ClientRecord } from '#lib/store/store.ts';
import type { Credentials } from './types.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The client authenticates in a way that it registered: a public client with nothing, a confidential
 * one with its own method.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export const clientMethod: Check<{ credentials: Credentials; client: ClientRecord; offered: readonly string[] }> = {
  name: 'client-method',
  says: 'It authenticates by a method that it registered',
  clause: 'oauth21-2.4',
  test({ credentials, client, offered }) {
    const { method } = credentials;
    if (offered.includes(method) && client.authMethods.includes(method)) return { method };
    const expected = client.authMethods.filter((registered) => offered.includes(registered));
    throw new OAuthError('invalid_client', {
      reason: 'client-credentials-wrong',
      description:
        expected.length === 0
          ? 'This server offers no method that the client registered.'
          : `This client authenticates by ${expected.join(' or ')}, and ${method === 'none' ? 'sent no credentials' : `sent ${method}`}.`,
      evidence: { expected, got: method },
    });
  },
};
