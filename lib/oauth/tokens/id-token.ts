/**
 * ID tokens: what the server says of the user, to the client.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
import { compactVerify, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { ClientRecord, UserRecord } from '#lib/store/store.ts';
import type { GrantDetails, Tenant, Trace } from '../context.ts';
import { leftHalfHash } from '../hash.ts';
import { publishedAlgorithm, signingKey, verificationKey } from '../keys/ring.ts';
import { claimsFor } from './claims.ts';
import { nextDefect, spoiltClaims, spoiltKey, spoiltToken } from './defects.ts';
import { signJwt } from './sign.ts';

/** Seconds that an ID token is good: long enough to be read, and to be a hint at logout. */
const LIFETIME = 3600;

/**
 * The algorithm of a client's ID tokens: as registered, else RS256, which OpenID Connect has as the
 * default, unless the sandbox is set to sign with something else than its own default.
 */
export function idTokenAlgorithm(tenant: Tenant, client: ClientRecord | null): string {
  const registered = client?.metadata.id_token_signed_response_alg;
  if (typeof registered === 'string') return registered;
  const published = publishedAlgorithm(tenant);
  return published === 'ES256' ? 'RS256' : published;
}

/** The algorithms that an ID token may be signed with here. */
export function idTokenAlgorithms(tenant: Tenant): string[] {
  return [...new Set(['RS256', 'ES256', publishedAlgorithm(tenant)])];
}

export interface IdTokenInput {
  readonly client: ClientRecord;
  readonly sub: string;
  /** The user's record, for the claims that the scopes allow; absent: none are told. */
  readonly user?: UserRecord | null;
  readonly scope?: readonly string[];
  readonly details: GrantDetails;
  /** The access token that it goes with, for `at_hash`. */
  readonly accessToken?: string;
  /** Left out at a refresh (OpenID Connect Core §12.2). */
  readonly nonce?: string | undefined;
}

/**
 * Signs an ID token.
 * @param trace told where it is made wrong on purpose
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 */
export async function issueIdToken(tenant: Tenant, input: IdTokenInput, trace?: Trace): Promise<string> {
  const alg = idTokenAlgorithm(tenant, input.client);
  const { authTime, acr, sid } = input.details;
  const iat = Math.floor(tenant.now() / 1000);
  const told =
    tenant.config['idToken.claims'] === 'scope' && input.user
      ? claimsFor(input.user, input.scope ?? [], tenant.config['tokens.claims'])
      : {};
  const claims: JWTPayload = {
    ...told,
    iss: tenant.issuer,
    sub: input.sub,
    aud: input.client.clientId,
    iat,
    exp: iat + LIFETIME,
    ...(authTime === undefined ? {} : { auth_time: Math.floor(authTime / 1000) }),
    ...(input.nonce === undefined ? {} : { nonce: input.nonce }),
    ...(acr === undefined ? {} : { acr }),
    ...(input.accessToken === undefined ? {} : { at_hash: leftHalfHash(input.accessToken, alg) }),
    ...(sid === undefined ? {} : { sid }),
  };
  const key = await signingKey(tenant, alg);
  const defect = await nextDefect(tenant, 'id', trace);
  if (!defect) return signJwt(key, 'JWT', claims);
  return spoiltToken(await signJwt(spoiltKey(key, defect), 'JWT', spoiltClaims(claims, defect)), defect);
}

/**
 * Reads an ID token that this issuer signed, however old: a hint at logout, a subject to exchange.
 * @returns its claims, or null if it is not one of this issuer
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export async function readIdToken(tenant: Tenant, idToken: string): Promise<JWTPayload | null> {
  try {
    const header = decodeProtectedHeader(idToken);
    if (header.typ !== 'JWT') return null;
    const key = await verificationKey(tenant, header.kid, header.alg);
    if (key === null) return null;
    const { payload } = await compactVerify(idToken, key, { algorithms: [header.alg!] });
    const claims = JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
    // With `tokens.typ: JWT` access tokens have the same type; they name a client, and ID tokens do not.
    if (claims.client_id !== undefined) return null;
    return claims.iss === tenant.issuer && typeof claims.sub === 'string' ? claims : null;
  } catch {
    return null;
  }
}
