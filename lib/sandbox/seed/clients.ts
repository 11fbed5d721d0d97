/** Pre-registered clients. */
import { authMethodOf, type ClientSeed } from '#lib/config/seed.ts';
import type { Handout } from '#lib/oauth/clients/handouts.ts';
import { grantTypeName } from '#lib/oauth/grants/names.ts';
import { hmac, sha256 } from '#lib/oauth/hash.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { keyPair } from './key-pair.ts';
import type { SeedTarget } from './target.ts';

/** What the creator has to know of a client: its secret, or its private key if that was made here. */
export interface ConnectionDetails extends Partial<Handout> {
  readonly client_id: string;
  readonly token_endpoint_auth_method: string;
  /** The same, under its older name. */
  readonly auth_method: string;
  readonly redirect_uris: readonly string[];
  readonly client_secret?: string;
  readonly private_jwk?: Readonly<Record<string, unknown>>;
}

/** Makes or replaces clients. */
export async function saveClients(target: SeedTarget, clients: readonly ClientSeed[]): Promise<ConnectionDetails[]> {
  const details: ConnectionDetails[] = [];
  for (const client of clients) {
    const method = authMethodOf(client);
    const withSecret = method === 'client_secret_basic' || method === 'client_secret_post';
    const secret = withSecret
      ? (client.client_secret ?? hmac(target.secret, `client-secret:${client.client_id}`))
      : null;
    const pair =
      method === 'private_key_jwt' && client.jwks === undefined && client.jwks_uri === undefined
        ? keyPair(target.secret, client.client_id)
        : null;
    const record: ClientRecord = {
      clientId: client.client_id,
      source: 'preregistered',
      metadata: {
        ...registeredMembers(client),
        redirect_uris: client.redirect_uris ?? [],
        grant_types: grantTypesOf(client, method),
        response_types:
          client.response_types ?? (grantTypesOf(client, method).includes('authorization_code') ? ['code'] : []),
        token_endpoint_auth_method: method,
        ...(pair ? { jwks: { keys: [pair.publicJwk] } } : {}),
      },
      authMethods: withSecret
        ? ['client_secret_basic', 'client_secret_post'].filter(
            // Who names no method gets both, as at registration.
            (each) => each === method || (client.token_endpoint_auth_method ?? client.auth_method) === undefined,
          )
        : [method],
      secretHash: secret === null ? null : sha256(secret),
      secretExpiresAt: 0,
      registrationTokenHash: null,
      createdAt: target.now,
    };
    await target.store.putClient(record);
    details.push({
      client_id: client.client_id,
      token_endpoint_auth_method: method,
      auth_method: method,
      redirect_uris: record.metadata.redirect_uris as string[],
      ...(secret === null ? {} : { client_secret: secret }),
      ...(pair ? { private_jwk: pair.privateJwk } : {}),
    });
  }
  return details;
}

/** The members of RFC 7591 that stand in the record as they came. */
function registeredMembers(client: ClientSeed): ClientSeed {
  const { client_secret: _secret, auth_method: _older, ...members } = client;
  return members;
}

/** Without redirect URIs a client can use any loopback address, so that it has the authorization code grant too. */
function grantTypesOf(client: ClientSeed, method: string): string[] {
  if (client.grant_types) return client.grant_types.map(grantTypeName);
  const grants = ['authorization_code', 'refresh_token'];
  return method === 'none' ? grants : [...grants, 'client_credentials'];
}
