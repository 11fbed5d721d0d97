/**
 * Client authentication by a signed assertion: `private_key_jwt`.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
import { compactVerify, decodeProtectedHeader, type JWK, type JWTPayload } from 'jose';
import type { ClientRecord } from '#lib/store/store.ts';
import { addresses } from '../addresses.ts';
import { assertionClaims } from '../checks/assertion-claims.ts';
import { assertionOnce } from '../checks/assertion-once.ts';
import { assertionSignature } from '../checks/assertion-signature.ts';
import { check, checkAsync } from '../checks/check.ts';
import type { Evidence } from '../checks/types.ts';
import type { Context } from '../context.ts';
import { importedKey } from '../keys/imported.ts';
import { isSigningAlgorithm } from '../algorithms.ts';
import { clientKeys } from './client-keys.ts';
import { ASSERTION_TYPE } from './credentials.ts';

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
      tenant.store.rememberOnce(`assertion:${client.clientId}:${claims.jti}`, (claims.exp! + 60) * 1000, tenant.now()),
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

interface Signer {
  readonly problem: string | null;
  readonly evidence: Evidence;
  readonly claims?: JWTPayload;
}

async function findSigner(
  ctx: Context,
  client: ClientRecord,
  assertion: string,
  type: string | undefined,
): Promise<Signer> {
  if (type !== ASSERTION_TYPE) {
    return {
      problem: `client_assertion_type must be ${ASSERTION_TYPE}.`,
      evidence: { expected: ASSERTION_TYPE, got: type ?? null },
    };
  }
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(assertion);
  } catch {
    return { problem: 'client_assertion is not a JWT.', evidence: { expected: 'a JWT' } };
  }
  const { alg, kid } = header;
  const registered = client.metadata.token_endpoint_auth_signing_alg;
  if (alg === undefined || !isSigningAlgorithm(alg) || (registered !== undefined && registered !== alg)) {
    return {
      problem: 'The assertion is signed with an algorithm that is not accepted.',
      evidence: { expected: registered ?? 'an asymmetric algorithm', got: alg ?? null },
    };
  }
  let unread = false;
  for (const unknownKey of [false, true]) {
    const { keys: known, current, ...rest } = await clientKeys(ctx, client, unknownKey);
    ({ unread } = rest);
    const keys = known.filter((key) => fits(key, alg, kid));
    for (const key of keys) {
      const claims = await tryKey(key, alg, assertion);
      if (claims !== null) return { problem: null, evidence: { alg, kid: kid ?? null }, claims };
    }
    if (keys.length > 0 || current) break;
  }
  if (unread)
    return {
      problem: 'The keys of the client could not be read from its jwks_uri.',
      evidence: { expected: 'a JWK set', jwks_uri: String(client.metadata.jwks_uri).slice(0, 300) },
    };
  return {
    problem: 'No key of the client fits the signature of the assertion.',
    evidence: { alg, kid: kid ?? null },
  };
}

function fits(key: JWK, alg: string, kid: string | undefined): boolean {
  return (
    (kid === undefined || key.kid === undefined || key.kid === kid) &&
    (key.alg === undefined || key.alg === alg) &&
    key.use !== 'enc' &&
    key.kty !== 'oct'
  );
}

async function tryKey(key: JWK, alg: string, jwt: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await compactVerify(jwt, await importedKey(key, alg), { algorithms: [alg] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as JWTPayload) : null;
  } catch {
    return null;
  }
}
