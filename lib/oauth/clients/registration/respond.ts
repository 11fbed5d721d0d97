import type { ClientRecord } from '#lib/store/store.ts';
import { addresses } from '../../addresses.ts';
import type { Tenant } from '../../context.ts';

/**
 * The client information response: everything that was registered, and the secrets that were made
 * just now. Those of before are stored as hashes, and can be told no more.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-3.2.1
 */
export function clientInformation(
  tenant: Tenant,
  client: ClientRecord,
  secrets: { secret?: string; registrationToken?: string },
): Record<string, unknown> {
  return {
    client_id: client.clientId,
    client_id_issued_at: Math.floor(client.createdAt / 1000),
    ...(secrets.secret === undefined ? {} : { client_secret: secrets.secret }),
    ...(client.secretHash === null ? {} : { client_secret_expires_at: client.secretExpiresAt }),
    ...(secrets.registrationToken === undefined ? {} : { registration_access_token: secrets.registrationToken }),
    registration_client_uri: `${addresses(tenant).registration}/${encodeURIComponent(client.clientId)}`,
    ...client.metadata,
  };
}
