import { decodeProtectedHeader } from 'jose';
import type { ClientRecord } from '#lib/store/store.ts';
import type { Credentials } from './types.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ClientMethod {
  readonly credentials: Credentials;
  readonly client: ClientRecord;
  readonly offered: readonly string[];
  /** Whether a client with a secret may use either secret method: at revocation and introspection. */
  readonly eitherSecret: boolean;
}

const SECRETS: readonly string[] = ['client_secret_basic', 'client_secret_post'];
const isSecretMethod = (method: string) => SECRETS.includes(method);

/**
 * The client authenticates in a way that it registered: a public client with nothing, a confidential
 * one with its own method.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export const clientMethod: Check<ClientMethod> = {
  name: 'client-method',
  says: ({ credentials, client, eitherSecret }) =>
    eitherSecret && isSecretMethod(credentials.method) && !client.authMethods.includes(credentials.method)
      ? 'It authenticates by the other secret method, which this endpoint takes from a client with a secret'
      : 'It authenticates by a method that it registered',
  clause: 'oauth21-2.4',
  test({ credentials, client, offered, eitherSecret }) {
    const method = methodOf(credentials, client);
    const registered = client.authMethods.some(isSecretMethod) && eitherSecret ? SECRETS : client.authMethods;
    const allowed = [...new Set([...client.authMethods, ...registered])];
    if (offered.includes(method) && allowed.includes(method)) return { method };
    const expected = allowed.filter((one) => offered.includes(one));
    throw new OAuthError('invalid_client', {
      reason: 'client-credentials-wrong',
      description:
        expected.length === 0
          ? 'This server offers no method that the client registered.'
          : `This client authenticates by ${expected.join(' or ')}, and ` +
            `${method === 'none' ? 'sent no credentials' : `sent ${method}`}.`,
      evidence: { expected, got: method },
    });
  },
};

/** The method that was used, by its own name: an assertion under a secret is another method than one under a key. */
function methodOf({ method, assertion }: Credentials, client: ClientRecord): string {
  if (method !== 'private_key_jwt' || assertion === undefined || client.authMethods.includes(method)) return method;
  try {
    return /^HS\d+$/.test(decodeProtectedHeader(assertion).alg ?? '') ? 'client_secret_jwt' : method;
  } catch {
    return method;
  }
}
