import { json } from '../answer.ts';
import { check } from '../checks/check.ts';
import { tokenOnce } from '../checks/token-once.ts';
import { tokenPresent } from '../checks/token-present.ts';
import { userPresent } from '../checks/user-present.ts';
import { userinfoScope } from '../checks/userinfo-scope.ts';
import type { Context } from '../context.ts';
import { isOAuthError, OAuthError } from '../errors.ts';
import { parametersOf } from '../parameters.ts';
import type { NameOf, USERINFO_FORM } from './parameters.ts';
import { claimsFor } from '../tokens/claims.ts';
import { type VerifiedToken, verifyAccessToken } from '../tokens/verify.ts';

/**
 * `GET, POST /oauth/userinfo`: what the user allowed the client to know. Takes any token of this
 * issuer with `openid`, whatever resource it is for.
 * @throws OAuthError 401 `invalid_token`, 403 `insufficient_scope`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
export async function userinfo(ctx: Context): Promise<Response> {
  const token = presentedToken(ctx);
  const header = ctx.request.headers.get('authorization');
  check(ctx.trace, tokenOnce, { places: placesOf(ctx) });
  check(ctx.trace, tokenPresent, {
    present: token !== null,
    header: header === null ? 'absent' : 'present',
    inQuery: new URL(ctx.request.url).searchParams.has('access_token'),
    refuseQuery: header === null,
  });
  const verified = await verified401(ctx, token!);
  check(ctx.trace, userinfoScope, verified.scope);
  const user = verified.sub === null ? null : await ctx.tenant.store.getUser(verified.sub);
  check(ctx.trace, userPresent, user);
  return json(
    claimsFor(user!, verified.scope, ctx.tenant.config['tokens.claims']),
    verified.dpopNonce === undefined ? {} : { headers: { 'DPoP-Nonce': verified.dpopNonce } },
  );
}

/** The token of the header, or of the form that OpenID Connect allows as well; never of the query. */
function presentedToken(ctx: Context): string | null {
  const header = ctx.request.headers.get('authorization');
  const match = header === null ? null : /^(?:bearer|dpop) +(\S+) *$/i.exec(header);
  if (match) return match[1]!;
  // A header of another scheme, or without a token, says nothing that could be wrong.
  const form = parametersOf<NameOf<typeof USERINFO_FORM>>(ctx.body.form ?? new URLSearchParams());
  return header === null ? (form.get('access_token') ?? null) : null;
}

/** Where a token stands, in words. */
function placesOf({ request, body }: Context): readonly string[] {
  return [
    ...(/^(?:bearer|dpop) /i.test(request.headers.get('authorization') ?? '') ? ['Authorization header'] : []),
    ...(body.form?.get('access_token') ? ['form'] : []),
    ...(new URL(request.url).searchParams.get('access_token') ? ['query'] : []),
  ];
}

/** Here every fault of a token has one reason; the trace says which it was. */
async function verified401(ctx: Context, token: string): Promise<VerifiedToken> {
  try {
    return await verifyAccessToken(ctx, token);
  } catch (error) {
    if (isOAuthError(error) && error.code === 'invalid_token' && error.reason !== 'token-binding')
      throw refused(error.description, error.evidence);
    throw error;
  }
}

function refused(description: string, evidence?: OAuthError['evidence']): OAuthError {
  return new OAuthError('invalid_token', {
    reason: 'userinfo-token',
    description,
    delivery: { kind: 'challenge' },
    ...(evidence ? { evidence } : {}),
  });
}
