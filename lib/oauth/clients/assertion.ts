/**
 * Client authentication by a signed assertion: `private_key_jwt`.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
import { compactVerify, decodeProtectedHeader, type JWK, type JWTPayload } from 'jose';
import type { ClientRecord } from '#lib/store/store.ts';
import { addresses } from '../addresses.ts';
import { assertionClaims } from '../checks/assertion-claims.ts';
import { check } from '../checks/check.ts';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { importedKey } from '../keys/imported.ts';
import { isSigningAlgorithm } from '../algorithms.ts';
import { clientKeys } from './client-keys.ts';
import { ASSERTION_TYPE } from './credentials.ts';

/**
 * Verifies the assertion of a client.
 * @throws OAuthError `invalid_client` where it is not from this client, for this server, of this moment, or came before
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
  // The issuer is what the MCP extension and the update of RFC 7523 ask for; the endpoints are what the RFC itself suggests.
  const audiences = [
    ...new Set([
      tenant.issuer,
      here.token,
      `${tenant.base}/oauth/token`,
      `${tenant.origin}${new URL(ctx.request.url).pathname}`,
    ]),
  ];
  check(trace, assertionClaims, { claims, clientId: client.clientId, audiences, now });
  const first = await tenant.store.rememberOnce(
    `assertion:${client.clientId}:${claims.jti}`,
    (claims.exp! + 60) * 1000,
    tenant.now(),
  );
  trace.check({
    check: 'assertion-once',
    says: 'This assertion has not been seen before',
    ok: first,
    clause: 'rfc7523-3',
    evidence: { jti: claims.jti },
  });
  if (!first) throw refusal('This assertion was used before; each needs a jti of its own.');
}

async function verifiedClaims(
  ctx: Context,
  client: ClientRecord,
  assertion: string,
  type: string | undefined,
): Promise<JWTPayload> {
  const says = 'The assertion is signed by a key of the client';
  const fail = (description: string, evidence?: Record<string, unknown>): OAuthError => {
    ctx.trace.check({
      check: 'assertion-signature',
      says,
      ok: false,
      clause: 'rfc7523-3',
      ...(evidence ? { evidence } : {}),
    });
    return refusal(description, evidence);
  };
  if (type !== ASSERTION_TYPE)
    throw fail(`client_assertion_type must be ${ASSERTION_TYPE}.`, { expected: ASSERTION_TYPE, got: type ?? null });
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(assertion);
  } catch {
    throw fail('client_assertion is not a JWT.');
  }
  const { alg, kid } = header;
  const registered = client.metadata.token_endpoint_auth_signing_alg;
  if (alg === undefined || !isSigningAlgorithm(alg) || (registered !== undefined && registered !== alg)) {
    throw fail('The assertion is signed with an algorithm that is not taken.', {
      expected: registered ?? 'an asymmetric algorithm',
      got: alg ?? null,
    });
  }
  for (const fresh of [false, true]) {
    const keys = (await clientKeys(ctx, client, fresh)).filter((key) => fits(key, alg, kid));
    for (const key of keys) {
      const payload = await tryKey(key, alg, assertion);
      if (payload === null) continue;
      ctx.trace.check({
        check: 'assertion-signature',
        says,
        ok: true,
        clause: 'rfc7523-3',
        evidence: { alg, kid: kid ?? null },
      });
      return payload;
    }
    if (keys.length > 0 || client.metadata.jwks_uri === undefined) break;
  }
  throw fail('No key of the client fits the signature of the assertion.', { alg, kid: kid ?? null });
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

function refusal(description: string, evidence?: Record<string, unknown>): OAuthError {
  return new OAuthError('invalid_client', {
    reason: 'client-assertion-invalid',
    description,
    ...(evidence ? { evidence } : {}),
  });
}
