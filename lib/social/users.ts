/** The user here that belongs to a user of a provider. */
import type { Context } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { requesterOf } from '#lib/oauth/requester.ts';
import type { UserRecord } from '#lib/store/store.ts';
import type { UpstreamUser } from './answer.ts';

/**
 * Finds or makes the user. Issuer and subject tell who it is, and never the address: one that is typed in elsewhere,
 * or given to somebody else later, must not open another's account.
 * @throws LimitError if there is no room for one more user
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability
 */
export async function upstreamUser(ctx: Context, issuer: string, upstream: UpstreamUser): Promise<UserRecord> {
  const { store } = ctx.tenant;
  const now = ctx.tenant.now();
  const sub = `u_${sha256(`${ctx.tenant.secret} ${issuer} ${upstream.sub}`).slice(0, 22)}`;
  const known = await store.getUser(sub);
  const user: UserRecord = {
    sub,
    email: upstream.email,
    passwordHash: null,
    claims: upstream.claims,
    temporary: false,
    createdAt: known?.createdAt ?? now,
    lastUsedAt: now,
  };
  if (known !== null) await store.putUser(user);
  else await store.createUserIfNone(user, requesterOf(ctx));
  return user;
}
