import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import { sameSecret, sha256 } from '../hash.ts';
import type { Check } from './types.ts';

/** What only the server says. */
const SERVERS = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/**
 * An update names its client, brings no other secret than the client's own, and nothing that only the
 * server says.
 * @see https://datatracker.ietf.org/doc/html/rfc7592#section-2.2
 */
export const registrationUpdate: Check<{ client: ClientRecord; body: unknown }> = {
  name: 'registration-update',
  says: 'It names its client, and nothing that only the server says',
  clause: 'rfc7592-2',
  test({ client, body }) {
    const refuse = (description: string, member: string) =>
      new OAuthError('invalid_request', { reason: 'client-metadata-invalid', description, evidence: { member } });
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw refuse('The body must be a JSON object.', 'body');
    const members = body as Record<string, unknown>;
    if (members.client_id !== client.clientId)
      throw refuse('client_id must be there, and be that of the address.', 'client_id');
    const forbidden = SERVERS.find((name) => Object.hasOwn(members, name));
    if (forbidden !== undefined) throw refuse(`${forbidden} must not be there.`, forbidden);
    const { client_secret: secret } = members;
    if (
      secret !== undefined &&
      !(typeof secret === 'string' && client.secretHash !== null && sameSecret(sha256(secret), client.secretHash))
    ) {
      throw refuse('client_secret must be left out, or be the current one.', 'client_secret');
    }
  },
};
