/**
 * Client authentication by a signed assertion: `private_key_jwt`.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
import type { JWTPayload } from 'jose';
import type { ClientRecord } from '#lib/store/store.ts';
import { addresses } from '../addresses.ts';
import { assertionClaims } from '../checks/assertion-claims.ts';
import { assertionOnce } from '../checks/assertion-once.ts';
import { assertionSignature } from '../checks/assertion-signature.ts';
import { check, checkAsync } from '../checks/check.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { ASSERTION_TYPE } from './credentials.ts';
import { type Signed, signedByClient } from './signature.ts';

/**
 * Verifies the assertion of a client.
 * @throws OAuthError `invalid_client` if it is not from this client, for this server, of this moment, or came before
 */
export async function verifyClientAssertion(
  ctx: Context,
  client: ClientRecord,
  assertion: string,
  type: string | undefined,
): Promise<void> {
  const { tenant, trace } = ctx;
  const claims = await verifiedClaims(ctx, client, assertion, type);
  const now = Math.floor(tenant.now() / 1000);
  const here = addresses(tenant);
  // The issuer is what the MCP extension and the update of RFC 7523 ask for; the endpoints are what the RFC itself
  // suggests.
  const audiences = [
    ...new Set([
      tenant.issuer,
      here.token,
      `${tenant.base}/oauth/token`,
      `${tenant.origin}${new URL(ctx.request.url).pathname}`,
    ]),
  ];
  check(trace, assertionClaims, { claims, clientId: client.clientId, audiences, now });
  await checkAsync(trace, assertionOnce, {
    purpose: 'client',
    jti: claims.jti!,
    remember: () =>
      tenant.store.rememberOnce(
        `assertion:${sha256(JSON.stringify([client.clientId, claims.jti]))}`,
        (claims.exp! + 60) * 1000,
        tenant.now(),
      ),
  });
}

/** Claims of the assertion, once a key of the client fits its signature. */
async function verifiedClaims(
  ctx: Context,
  client: ClientRecord,
  assertion: string,
  type: string | undefined,
): Promise<JWTPayload> {
  const found = await findSigner(ctx, client, assertion, type);
  check(ctx.trace, assertionSignature, { purpose: 'client', problem: found.problem, evidence: found.evidence });
  return found.claims!;
}

async function findSigner(
  ctx: Context,
  client: ClientRecord,
  assertion: string,
  type: string | undefined,
): Promise<Signed> {
  if (type !== ASSERTION_TYPE) {
    return {
      problem: `client_assertion_type must be ${ASSERTION_TYPE}.`,
      evidence: { expected: ASSERTION_TYPE, got: type?.slice(0, 200) ?? null },
    };
  }
  return signedByClient(ctx, client, assertion, client.metadata.token_endpoint_auth_signing_alg);
}
