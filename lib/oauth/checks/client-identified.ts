import type { ClientRecord } from '#lib/store/store.ts';
import type { Credentials } from './types.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ClientIdentified {
  readonly credentials: Credentials;
  readonly client: ClientRecord | null;
  /** Why the client's document will not do; null if that is not the reason. */
  readonly problem: { readonly reason: string; readonly description: string } | null;
}

/** @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.4 */
export const clientIdentified: Check<ClientIdentified> = {
  name: 'client-identified',
  says: 'The request says whose it is, and that client exists',
  clause: 'oauth21-3.2.4',
  test({ credentials, client, problem }) {
    if (client !== null) return { client_id: client.clientId };
    const { clientId } = credentials;
    throw new OAuthError('invalid_client', {
      reason: 'client-unidentified',
      description:
        problem !== null
          ? problem.description
          : clientId === undefined
            ? 'The request does not say which client it is from; send client_id.'
            : `There is no client ${clientId.slice(0, 100)} here.`,
      evidence: {
        expected: 'a registered client_id',
        got: clientId?.slice(0, 200) ?? null,
        ...(problem === null ? {} : { document: problem.reason }),
      },
    });
  },
};
