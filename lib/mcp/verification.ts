/** Which issuers a protected resource trusts, and its tokens verified by them. */
import type { Context, Tenant } from '#lib/oauth/context.ts';
import { furtherIssuer } from '#lib/oauth/issuers.ts';
import { verifyAccessToken, type VerifiedToken } from '#lib/oauth/tokens/verify.ts';

/**
 * The issuers that the resources of the sandbox trust now (knob `prm.authorizationServers`), in the order in which
 * they are named.
 */
export function trustedIssuers(tenant: Tenant): Tenant[] {
  return tenant.config['prm.authorizationServers']
    .map((label) => (label === 'own' ? tenant : furtherIssuer(tenant, label)))
    .filter((issuer) => issuer !== null);
}

/**
 * Verifies a token for a resource of the sandbox, by whichever of its trusted issuers gave it out.
 * @param audience what has to stand in `aud`; null if any will do
 * @throws OAuthError 401, as `verifyAccessToken` does
 */
export function verifyForResource(ctx: Context, token: string, audience: string | null): Promise<VerifiedToken> {
  return verifyAccessToken(ctx, token, {
    issuers: trustedIssuers(ctx.tenant),
    naive: ctx.tenant.config['resource.jwtChecks'] === 'naive',
    ...(audience === null ? {} : { audience }),
  });
}

/** Puts the nonce for the next proof on an answer, where verification brought one (RFC 9449 §8.2). */
export function withNonce(response: Response, nonce: string | undefined): Response {
  if (nonce === undefined) return response;
  const headers = new Headers(response.headers);
  headers.set('DPoP-Nonce', nonce);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
