import type { ClientRecord } from '#lib/store/store.ts';
import type { Credentials } from './types.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.4 */
export const clientIdentified: Check<{ credentials: Credentials; client: ClientRecord | null }> = {
  name: 'client-identified',
  says: 'The request says whose it is, and that client exists',
  clause: 'oauth21-3.2.4',
  test({ credentials, client }) {
    if (client !== null) return { client_id: client.clientId };
    const { clientId } = credentials;
    throw new OAuthError('invalid_client', {
      reason: 'client-unidentified',
      description:
        clientId === undefined
          ? 'The request does not say which client it is from; send client_id.'
          : `There is no client ${clientId.slice(0, 100)} here.`,
      evidence: { expected: 'a registered client_id', got: clientId?.slice(0, 200) ?? null },
    });
  },
};
