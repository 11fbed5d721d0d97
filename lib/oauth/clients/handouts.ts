/**
 * What a client needs beside its credentials where the sandbox has an identity provider: as a company
 * would have it from its own, or a workload from the platform that runs it.
 */
import type { ClientRecord } from '#lib/store/store.ts';
import type { Tenant } from '../context.ts';
import { addresses } from '../addresses.ts';
import { furtherIssuer } from '../issuers.ts';
import { issueIdToken } from '../tokens/id-token.ts';
import { type WorkloadAssertions, workloadAssertions } from '../tokens/workload.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

export interface Handout {
  readonly idp_issuer: string;
  /** Of a client with credentials: where it exchanges the ID token, and the ID token. */
  readonly idp_token_endpoint?: string;
  readonly id_token?: string;
  /** Of a workload: a good assertion, an expired one, and one for another server. */
  readonly assertions?: WorkloadAssertions;
}

/**
 * Makes the client known to the identity provider, and gives out what it begins with there.
 * @param clientId of a client that is registered at the sandbox's own issuer
 * @returns null if there is no provider, or the client has no grant that needs one
 */
export async function handoutOf(tenant: Tenant, clientId: string): Promise<Handout | null> {
  const idp = furtherIssuer(tenant, 'idp');
  const client = idp === null ? null : await tenant.store.getClient(clientId);
  const grants = client?.metadata.grant_types ?? [];
  if (idp === null || client === null || !grants.includes(JWT_BEARER)) return null;
  if (client.metadata.token_endpoint_auth_method === 'none')
    return { idp_issuer: idp.issuer, assertions: await workloadAssertions(idp, tenant.issuer, clientId) };
  const there: ClientRecord = {
    ...client,
    metadata: { ...client.metadata, grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE] },
  };
  await idp.store.putClient(there);
  const now = idp.now();
  const sub = `staff-${clientId}`.slice(0, 100);
  await idp.store.putUser({
    sub,
    email: 'staff@test.authwalk.dev',
    passwordHash: null,
    claims: { name: 'Staff' },
    temporary: true,
    createdAt: now,
    lastUsedAt: now,
  });
  const idToken = await issueIdToken(idp, { client: there, sub, details: { authTime: now } });
  return { idp_issuer: idp.issuer, idp_token_endpoint: addresses(idp).token, id_token: idToken };
}
