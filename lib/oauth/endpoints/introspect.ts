import type { UserRecord } from '#lib/store/store.ts';
import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { introspectClient } from '../checks/introspect-client.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import type { Context } from '../context.ts';
import { isOAuthError } from '../errors.ts';
import { readForm, required } from '../parameters.ts';
import type { IntrospectionParameter } from './parameters.ts';
import { type LocatedToken, locateToken } from '../tokens/locate.ts';
import { readAccessToken } from '../tokens/verify.ts';

/**
 * `POST /oauth/introspect`: a resource asks whether a token is alive. If it is not, it is told that,
 * and not a word more.
 * @throws OAuthError `invalid_client`, or `invalid_request` without a token
 * @see https://datatracker.ietf.org/doc/html/rfc7662#section-2
 */
export async function introspect(ctx: Context): Promise<Response> {
  const { tenant, trace } = ctx;
  const form = readForm<IntrospectionParameter>(ctx);
  const { client, method } = await authenticateClient(ctx, form, { eitherSecret: true });
  check(trace, introspectClient, { client, method, required: tenant.config['clientAuth.required'] });
  const value = required(trace, form, 'token');
  const found = await locateToken(tenant, value, form.get('token_type_hint'));
  const alive = found !== null && (await isAlive(ctx, value, found));
  note(
    trace,
    'introspect',
    alive ? 'The token is alive' : 'The token is not alive, and nothing more is said of it',
    'rfc7662-2.2',
  );
  if (!alive) return json({ active: false });
  if (found.token.grantId !== null) trace.set({ grantId: found.token.grantId });
  const sub = found.kind === 'access_token' ? found.token.sub : found.grant.sub;
  const user = sub === null ? null : await tenant.store.getUser(sub);
  return json({ ...ownClaims(found), active: true, ...describeToken(ctx, found, user) });
}

async function isAlive(ctx: Context, value: string, found: LocatedToken): Promise<boolean> {
  const { tenant } = ctx;
  if (found.kind === 'refresh_token') {
    return found.token.usedAt === null && found.grant.revokedAt === null && tenant.now() < found.token.expiresAt;
  }
  try {
    await readAccessToken(tenant, ctx.trace, value);
    return true;
  } catch (error) {
    if (isOAuthError(error)) return false;
    throw error;
  }
}

/** What the token says of its own, the claims of its user among it. They never take the place of what is said here. */
function ownClaims(found: LocatedToken): Readonly<Record<string, unknown>> {
  return found.kind === 'access_token' ? found.token.details : {};
}

/** @see https://datatracker.ietf.org/doc/html/rfc7662#section-2.2 */
function describeToken({ tenant }: Context, found: LocatedToken, user: UserRecord | null): Record<string, unknown> {
  const { token } = found;
  const sub = found.kind === 'access_token' ? (found.token.sub ?? token.clientId) : (found.grant.sub ?? token.clientId);
  return {
    ...(token.scope.length === 0 ? {} : { scope: token.scope.join(' ') }),
    client_id: token.clientId,
    ...(user?.email ? { username: user.email } : {}),
    ...(found.kind === 'access_token' ? { token_type: token.jkt === null ? 'Bearer' : 'DPoP' } : {}),
    ...(token.expiresAt === null ? {} : { exp: Math.floor(token.expiresAt / 1000) }),
    iat: Math.floor(token.issuedAt / 1000),
    sub,
    ...(found.kind === 'access_token'
      ? {
          aud: found.token.audience.length === 1 ? found.token.audience[0] : found.token.audience,
          jti: found.token.id,
        }
      : {}),
    iss: tenant.issuer,
    ...(token.jkt === null ? {} : { cnf: { jkt: token.jkt } }),
  };
}
