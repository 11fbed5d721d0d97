import type { Context } from '#lib/oauth/context.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { verifyAccessToken } from '#lib/oauth/tokens/verify.ts';
import { bearerToken } from '../control.ts';

/** Lets a request through whose `Authorization` carries a valid token of this issuer. @throws OAuthError 401 */
export async function verified(ctx: Context): Promise<Response> {
  const token =
    bearerToken(ctx.request) ?? /^DPoP +(\S+)$/i.exec(ctx.request.headers.get('authorization') ?? '')?.[1] ?? null;
  if (token === null)
    throw new OAuthError('invalid_token', {
      reason: 'token-malformed',
      description: 'The Authorization header carries no Bearer token.',
      delivery: { kind: 'challenge' },
    });
  await verifyAccessToken(ctx, token, {});
  return new Response(null, { status: 204 });
}
