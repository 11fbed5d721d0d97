/**
 * DPoP proofs: the sender of a request proves that it holds a key.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4.3
 */
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, type JWK, type JWTPayload } from 'jose';
import { check, checkAsync } from '../checks/check.ts';
import { dpopHeader } from '../checks/dpop-header.ts';
import { dpopNonce } from '../checks/dpop-nonce.ts';
import { dpopOnce } from '../checks/dpop-once.ts';
import { dpopSignature } from '../checks/dpop-signature.ts';
import { dpopTarget } from '../checks/dpop-target.ts';
import type { DpopServer } from '../checks/types.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { isCompactJws } from '../jws.ts';
import { importedKey, publicHalf } from './imported.ts';
import { freshNonce, nonceUsed, validNonce } from './dpop-nonce.ts';

/** Seconds that a proof is good, and as long its `jti` is remembered. */
const WINDOW = 300;

export interface VerifiedProof {
  /** Thumbprint of the key (RFC 7638). */
  readonly jkt: string;
  /** A new nonce for `DPoP-Nonce`, where this answer is to bring one. */
  readonly nonce?: string;
}

/**
 * Verifies the DPoP proof of a request.
 * @param options.accessToken what the proof has to be for by `ath`, at a resource
 * @returns null if the request has no proof
 * @throws OAuthError `invalid_dpop_proof`, or `use_dpop_nonce` with the nonce: 400 at the
 *   authorization server, 401 at a resource
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4.3
 */
export async function verifyDpopProof(
  ctx: Context,
  server: DpopServer,
  options: { accessToken?: string } = {},
): Promise<VerifiedProof | null> {
  const proof = ctx.request.headers.get('dpop');
  if (proof === null) return null;
  const { tenant, trace } = ctx;
  const { jwk, alg } = header(ctx, server, proof);
  const claims = await signedClaims(ctx, server, proof, jwk, alg);
  const jkt = await calculateJwkThumbprint(jwk);
  const now = Math.floor(tenant.now() / 1000);
  const demanded = tenant.config['dpop.nonce'].includes(server);
  const accepted = demanded && typeof claims.nonce === 'string' && validNonce(tenant, server, claims.nonce);
  check(trace, dpopTarget, {
    server,
    claims,
    method: ctx.request.method,
    url: `${tenant.origin}${new URL(ctx.request.url).pathname}`,
    ath: options.accessToken === undefined ? null : sha256(options.accessToken),
    now,
    // A nonce of the server's own says that the proof is of now, whatever the client's clock says (RFC 9449 §11.1).
    window: accepted ? null : WINDOW,
  });
  let nonce: string | undefined;
  if (demanded) {
    const used = accepted ? await nonceUsed(tenant, server, claims.nonce as string) : 'unknown';
    check(trace, dpopNonce, {
      server,
      accepted: accepted && used !== 'spent',
      came: claims.nonce !== undefined,
      next: () => freshNonce(tenant, server),
    });
    if (used === 'replace') nonce = freshNonce(tenant, server);
  }
  const jti = claims.jti as string;
  await checkAsync(trace, dpopOnce, {
    server,
    jti,
    remember: () =>
      tenant.store.rememberOnce(`dpop:${jkt}:${sha256(jti)}`, tenant.now() + 2 * WINDOW * 1000, tenant.now()),
  });
  return nonce === undefined ? { jkt } : { jkt, nonce };
}

function header(ctx: Context, server: DpopServer, proof: string): { jwk: JWK; alg: string } {
  let decoded: ReturnType<typeof decodeProtectedHeader> | null = null;
  try {
    // Two headers come as one value with a comma, of which the decoder would read the first part alone.
    if (isCompactJws(proof)) decoded = decodeProtectedHeader(proof);
  } catch {
    // Not a JWT: the check says so.
  }
  check(ctx.trace, dpopHeader, { server, header: decoded });
  return { jwk: publicHalf(decoded!.jwk as JWK), alg: decoded!.alg! };
}

async function signedClaims(
  ctx: Context,
  server: DpopServer,
  proof: string,
  jwk: JWK,
  alg: string,
): Promise<JWTPayload> {
  let claims: unknown = null;
  try {
    const { payload } = await compactVerify(proof, await importedKey(jwk, alg), { algorithms: [alg] });
    claims = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    // Below.
  }
  const verified = typeof claims === 'object' && claims !== null && !Array.isArray(claims);
  check(ctx.trace, dpopSignature, { server, alg, verified });
  return claims as JWTPayload;
}
