/** Access tokens that the owner of a sandbox issues without a flow. */
import type { TokenSeed } from '#lib/config/seed.ts';
import type { Context } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { isJwt } from '#lib/oauth/jws.ts';
import { defaultResources } from '#lib/oauth/resource.ts';
import { SeedError } from './target.ts';

/** A token as the control API tells of it. */
export interface IssuedToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in?: number;
  readonly scope: string;
  readonly jti: string;
}

/**
 * Issues a token.
 * @param ctx whose tenant is that of the sandbox
 * @throws SeedError if the user is unknown, or the value cannot be a token's
 */
export async function issueToken(ctx: Context, input: TokenSeed): Promise<IssuedToken> {
  const { store } = ctx.tenant;
  const user = input.email === undefined ? null : await store.findUser(input.email);
  if (input.email !== undefined && user === null) throw new SeedError('There is no user with this email address.');
  if (input.token !== undefined) await demandFreeToken(ctx, input.token);
  const scope = input.scope ?? ['notes:read'];
  // Loaded when it is first needed: starting is to be quick.
  const { issueAccessToken } = await import('#lib/oauth/tokens/issue.ts');
  const { queue: _queue, ...tenant } = ctx.tenant;
  const { token, expiresIn, record } = await issueAccessToken(
    { ...ctx, tenant },
    {
      clientId: input.client_id,
      sub: user?.sub ?? input.sub,
      grantId: null,
      scope,
      audience: input.audience ?? input.resource ?? defaultResources(ctx.tenant),
      ...(input.expires_in === undefined ? {} : { lifetime: input.expires_in }),
      ...(input.claims === undefined ? {} : { claims: input.claims }),
      ...(input.token === undefined ? {} : { value: input.token }),
    },
  );
  return {
    access_token: token,
    token_type: 'Bearer',
    ...(expiresIn === null ? {} : { expires_in: expiresIn }),
    scope: scope.join(' '),
    jti: record.id,
  };
}

/** @throws SeedError if the value is one that cannot be given to an access token */
export async function demandFreeToken({ tenant }: Context, value: string): Promise<void> {
  if (isJwt(value))
    throw new SeedError('A token of your own cannot look like a JWT, because a JWT is read and not looked up.');
  if ((await tenant.store.getAccessToken(sha256(value))) !== null) throw new SeedError('This token was issued before.');
}
