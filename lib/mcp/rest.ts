/** A plain REST resource, for clients that do not speak MCP: any valid token of this issuer opens it. */
import type { Context } from '#lib/oauth/context.ts';
import { check, noteRefusal } from '#lib/oauth/checks/check.ts';
import { isOAuthError, type OAuthError } from '#lib/oauth/errors.ts';
import type { VerifiedToken } from '#lib/oauth/tokens/verify.ts';
import { scopeNeeded } from './checks/scope.ts';
import { SIGNING_ALGORITHMS } from '#lib/oauth/algorithms.ts';
import { quotable } from './challenge.ts';
import { readCredentials } from './credentials.ts';
import { errorJson, wantsKey } from './refusals.ts';
import { verifyForResource, withNonce } from './verification.ts';

/**
 * Verifies the token, whatever its audience, and that it carries the scope.
 * @throws OAuthError 401, or 403 `insufficient_scope`
 */
async function admit(ctx: Context, scope: string | null): Promise<VerifiedToken> {
  const credentials = readCredentials(ctx)!;
  const token = await verifyForResource(ctx, credentials.token, null);
  if (scope !== null) check(ctx.trace, scopeNeeded, { needed: [scope], held: token.scope });
  return token;
}

/** The challenge of RFC 6750 §3, which knows nothing of resource metadata, or that of RFC 9449 §7.1. */
function challenge(error: OAuthError, scope: string | null, dpop: boolean): string {
  const scheme = dpop ? 'DPoP' : 'Bearer';
  const parameters = [
    ...(error.reason === 'token-absent'
      ? ['realm="api"']
      : [`error="${error.code}"`, `error_description="${quotable(error.description)}"`]),
    ...(scope === null ? [] : [`scope="${scope}"`]),
    ...(dpop ? [`algs="${SIGNING_ALGORITHMS.join(' ')}"`] : []),
  ];
  return `${scheme} ${parameters.join(', ')}`;
}

async function guarded(
  ctx: Context,
  scope: string | null,
  answer: (token: VerifiedToken) => Response,
): Promise<Response> {
  try {
    const token = await admit(ctx, scope);
    return withNonce(answer(token), token.dpopNonce);
  } catch (thrown) {
    if (!isOAuthError(thrown)) throw thrown;
    noteRefusal(ctx.trace, thrown);
    const dpop = wantsKey(thrown) || /^dpop\b/i.test(ctx.request.headers.get('authorization') ?? '');
    return errorJson(ctx.tenant, thrown, thrown.headers['WWW-Authenticate'] ?? challenge(thrown, scope, dpop));
  }
}

const NO_STORE = { 'Cache-Control': 'no-store' };

/**
 * `GET {base}/api/resource`: tells what the token says, to whoever shows a valid one.
 * @see https://datatracker.ietf.org/doc/html/rfc6750#section-3.1
 */
export function readResource(ctx: Context): Promise<Response> {
  return guarded(ctx, null, (token) =>
    Response.json(
      {
        message: 'The token is valid.',
        sub: token.sub,
        client_id: token.clientId,
        issuer: token.issuer.issuer,
        scope: token.scope.join(' '),
        audience: token.audience,
        expires_at: token.expiresAt === null ? null : new Date(token.expiresAt).toISOString(),
      },
      { headers: NO_STORE },
    ),
  );
}

/** `DELETE {base}/api/admin/resource`: for tokens with the scope `admin`. Deletes nothing, and says so. */
export function deleteAdminResource(ctx: Context): Promise<Response> {
  return guarded(ctx, 'admin', (token) =>
    Response.json(
      {
        message: 'Allowed. There was nothing to delete.',
        sub: token.sub,
        client_id: token.clientId,
      },
      { headers: NO_STORE },
    ),
  );
}
