/**
 * Access tokens, verified: by signature, issuer, age, revocation, audience, and the key that they are
 * bound to. This is what a resource server does, and what the userinfo endpoint does.
 * @see https://datatracker.ietf.org/doc/html/rfc9068#section-4
 */
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { AccessTokenRecord, GrantRecord } from '#lib/store/store.ts';
import { check, checkAsync } from '../checks/check.ts';
import { tokenAlive } from '../checks/token-alive.ts';
import { tokenAudience } from '../checks/token-audience.ts';
import { tokenIssuer } from '../checks/token-issuer.ts';
import { tokenKnown } from '../checks/token-known.ts';
import { tokenRevoked } from '../checks/token-revoked.ts';
import { tokenSignature } from '../checks/token-signature.ts';
import { verifyBinding } from '../keys/dpop-binding.ts';
import type { Context, Tenant, Trace } from '../context.ts';
import { sha256 } from '../hash.ts';
import { isJwt } from '../jws.ts';
import { verificationKey } from '../keys/ring.ts';
import { checkNaively, signedBy } from './naive.ts';

export interface VerifiedToken {
  readonly record: AccessTokenRecord;
  readonly grant: GrantRecord | null;
  readonly clientId: string;
  /** null if no user takes part. */
  readonly sub: string | null;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  /** ms; null: never. */
  readonly expiresAt: number | null;
  /** The issuer that it is from: the sandbox's own, or a further one. */
  readonly issuer: Tenant;
  /** The claims of a JWT; null of an opaque token. */
  readonly claims: JWTPayload | null;
  /** A new nonce for `DPoP-Nonce`, where this answer is to bring one. */
  readonly dpopNonce?: string;
}

export interface VerifyOptions {
  /** Resource identifiers, one of which it has to be for; undefined: any. */
  readonly audience?: string | readonly string[];
  /** The issuers that are trusted; undefined: the tenant's own alone. */
  readonly issuers?: readonly Tenant[];
  /** Believe the header of a JWT, and its `sub` (knob `resource.jwtChecks`). */
  readonly naive?: boolean;
}

/**
 * Verifies the access token of a request to a protected resource.
 * @param token what came after the scheme in `Authorization`
 * @throws OAuthError 401 `invalid_token`, and if it is bound `invalid_dpop_proof` or `use_dpop_nonce`
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.2
 */
export async function verifyAccessToken(
  ctx: Context,
  token: string,
  options: VerifyOptions = {},
): Promise<VerifiedToken> {
  const verified = await readToken(ctx.tenant, ctx.trace, token, options, noteOwner(ctx.trace));
  const dpopNonce = await verifyBinding(ctx, token, verified.record.jkt);
  return dpopNonce === undefined ? verified : { ...verified, dpopNonce };
}

/**
 * All of {@link verifyAccessToken} but the binding, which only the request that shows a token can
 * satisfy: for introspection, revocation and exchange.
 * @throws OAuthError 401 `invalid_token`
 */
export async function readAccessToken(
  tenant: Tenant,
  trace: Trace,
  token: string,
  options: VerifyOptions = {},
): Promise<VerifiedToken> {
  return readToken(tenant, trace, token, options, () => undefined);
}

/** Hears whose token it is as soon as that is sure, so that a refusal too is attributed to its client. */
type Owner = (clientId: unknown, held: Held | null) => void;

function noteOwner(trace: Trace): Owner {
  return (claimed, held) => {
    const clientId = held?.token.clientId ?? claimed;
    if (typeof clientId !== 'string') return;
    const grantId = held?.token.grantId ?? null;
    trace.set({ clientId, ...(grantId === null ? {} : { grantId }) });
  };
}

async function readToken(
  tenant: Tenant,
  trace: Trace,
  token: string,
  options: VerifyOptions,
  owner: Owner,
): Promise<VerifiedToken> {
  const issuers = options.issuers ?? [tenant];
  const found = isJwt(token)
    ? await signedToken(tenant, trace, token, options, owner)
    : await opaqueToken(trace, token, issuers);
  if (found.claims === null) owner(null, found.held);
  const { issuer, claims } = found;
  const now = issuer.now();
  // What the store knows may be earlier than what the token says: a stage can have tokens expire.
  const ends = [claims?.exp === undefined ? null : claims.exp * 1000, found.held?.token.expiresAt ?? null].filter(
    (end) => end !== null,
  );
  const exp = ends.length === 0 ? null : Math.min(...ends);
  check(trace, tokenAlive, { expiresAt: exp, notBefore: claims?.nbf === undefined ? null : claims.nbf * 1000, now });
  const accessToken = found.held;
  // An ID token is not in the store: it is refused below for what it is, and not as revoked.
  if (found.isAccessToken)
    check(trace, tokenRevoked, { held: accessToken, effect: issuer.config['revocation.effect'] });
  const audience = claims ? [claims.aud ?? []].flat() : (accessToken?.token.audience ?? []);
  check(trace, tokenAudience, {
    isAccessToken: found.isAccessToken,
    audience,
    accepted: options.audience === undefined ? null : [options.audience].flat(),
  });
  const { token: record, grant } = accessToken!;
  return {
    record,
    grant,
    clientId: record.clientId,
    sub: options.naive && typeof claims?.sub === 'string' ? claims.sub : record.sub,
    scope: record.scope,
    audience,
    expiresAt: exp,
    issuer,
    claims,
  };
}

type Held = { readonly token: AccessTokenRecord; readonly grant: GrantRecord | null };

interface Found {
  readonly issuer: Tenant;
  readonly claims: JWTPayload | null;
  readonly held: Held | null;
  /** False for an ID token. */
  readonly isAccessToken: boolean;
}

/** @throws OAuthError if it is no JWT of a trusted issuer */
async function signedToken(
  tenant: Tenant,
  trace: Trace,
  token: string,
  { issuers = [tenant], naive = false }: VerifyOptions,
  owner: Owner,
): Promise<Found> {
  const parsed = parse(token);
  check(trace, tokenKnown, { known: parsed !== null, jwt: true });
  const { header, claims } = parsed!;
  const issuer = issuers.find((trusted) => trusted.issuer === claims.iss);
  const signer = issuer ?? tenant;
  const key = await verificationKey(signer, header.kid, header.alg);
  const origin = { iss: claims.iss, trusted: issuers.map((trusted) => trusted.issuer), here: tenant.base };
  // A stranger's signature cannot be checked at all; then the issuer is what is wrong.
  if (key === null && issuer === undefined) check(trace, tokenIssuer, origin);
  if (naive) await checkNaively(signer, trace, token, header);
  else
    await checkAsync(trace, tokenSignature, {
      alg: header.alg ?? null,
      kid: header.kid ?? null,
      verify: key === null ? null : () => signedBy(token, key, header.alg!),
    });
  const held = typeof claims.jti === 'string' ? await signer.store.getAccessToken(claims.jti) : null;
  owner(claims.client_id ?? claims.azp, held);
  check(trace, tokenIssuer, origin);
  const typ = header.typ?.toLowerCase().replace(/^application\//, '');
  // With `tokens.typ: JWT` both kinds have the same type; only access tokens are in the store.
  const isAccessToken = typ === 'at+jwt' || (typ === 'jwt' && held !== null);
  return { issuer: signer, claims, held: isAccessToken ? held : null, isAccessToken };
}

/** @throws OAuthError if no trusted issuer gave it out */
async function opaqueToken(trace: Trace, token: string, issuers: readonly Tenant[]): Promise<Found> {
  const found = await findOpaque(token, issuers);
  check(trace, tokenKnown, { known: found !== null, jwt: false });
  return found!;
}

async function findOpaque(token: string, issuers: readonly Tenant[]): Promise<Found | null> {
  if (!/^[\x21-\x7E]{1,500}$/.test(token)) return null;
  const id = sha256(token);
  for (const issuer of issuers) {
    const held = await issuer.store.getAccessToken(id);
    if (held !== null) return { issuer, claims: null, held, isAccessToken: true };
  }
  return null;
}

function parse(token: string): { header: ReturnType<typeof decodeProtectedHeader>; claims: JWTPayload } | null {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    return null;
  }
}
