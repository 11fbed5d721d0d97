import type { ClientRecord } from '#lib/store/store.ts';
import type { Credentials } from './types.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ClientIdentified {
  readonly credentials: Credentials;
  readonly client: ClientRecord | null;
  /** Whether the query of the address names a client, where nobody reads it. */
  readonly inAddress?: boolean;
  /** Why the client's document will not do; null if that is not the reason. */
  readonly problem: { readonly reason: string; readonly description: string } | null;
}

/** @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.4 */
export const clientIdentified: Check<ClientIdentified> = {
  name: 'client-identified',
  says: ({ client }) =>
    client?.source === 'dynamic' && client.metadata.unregistered === true
      ? 'The request says whose it is; nobody registered that client, which does not matter here'
      : 'The request says whose it is, and that client exists',
  clause: 'oauth21-3.2.4',
  test({ credentials, client, inAddress = false, problem }) {
    if (client !== null) return { client_id: client.clientId };
    const { clientId } = credentials;
    throw new OAuthError('invalid_client', {
      reason: 'client-unidentified',
      description:
        problem !== null
          ? problem.description
          : clientId === undefined
            ? unnamed(credentials.method, inAddress)
            : `There is no client ${clientId.slice(0, 100)} here.`,
      evidence: {
        expected: 'a registered client_id',
        got: clientId?.slice(0, 200) ?? null,
        ...(problem === null ? {} : { document: problem.reason }),
      },
    });
  },
};

/** Why a request names no client, as far as it tells. */
function unnamed(method: Credentials['method'], inAddress: boolean): string {
  if (method === 'client_secret_basic')
    return (
      'The Basic credentials cannot be read. They are client_id and client_secret, each form-encoded, with a colon ' +
      'between, in base64.'
    );
  return inAddress
    ? 'The client_id came in the address, where it is not read; send it in the body.'
    : 'The request does not say which client it is from; send client_id.';
}
