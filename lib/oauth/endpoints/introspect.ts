import type { ClientRecord, UserRecord } from '#lib/store/store.ts';
import { json } from '../answer.ts';
import { check, note } from '../checks/check.ts';
import { introspectClient } from '../checks/introspect-client.ts';
import { authenticateClient } from '../clients/authenticate.ts';
import type { Context } from '../context.ts';
import { isOAuthError } from '../errors.ts';
import { readForm, required } from '../parameters.ts';
import type { IntrospectionParameter } from './parameters.ts';
import { type LocatedToken, locateToken } from '../tokens/locate.ts';
import { refreshTokenEnd } from '../tokens/refresh.ts';
import { readAccessToken } from '../tokens/verify.ts';

/**
 * `POST /oauth/introspect`: a resource asks whether a token is alive. If it is not, or is not for the
 * ears of this client, it is told that it is not active, and not a word more.
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
  const alive = found !== null && (await isTold(ctx, client, found)) && (await isAlive(ctx, value, found));
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

/**
 * Whether this client may hear of the token at all. An access token is for whatever resource gets it. A refresh token
 * is for its client and this server: anybody can register a client here, and would learn from a stolen one whose it is.
 * One that its holder could use by itself, of a public client and bound to no key, keeps nothing back.
 * @see https://datatracker.ietf.org/doc/html/rfc7662#section-2.2 "the protected resource is not allowed to introspect
 * this particular token"
 */
async function isTold({ tenant, trace }: Context, client: ClientRecord, found: LocatedToken): Promise<boolean> {
  const { kind, token } = found;
  if (kind === 'access_token' || token.clientId === client.clientId) return true;
  const policy = tenant.config['introspect.refreshTokens'];
  if (policy === 'any') {
    trace.set({ acted: { kind: 'knob', name: 'introspect.refreshTokens' } });
    return true;
  }
  if (policy === 'usable' && token.jkt === null) {
    const holder = await tenant.store.getClient(token.clientId);
    if (holder?.authMethods.every((method) => method === 'none')) return true;
  }
  note(trace, 'introspect-other-client', 'The refresh token is of another client, so nothing is said', 'rfc7662-2.2');
  return false;
}

async function isAlive(ctx: Context, value: string, found: LocatedToken): Promise<boolean> {
  const { tenant } = ctx;
  if (found.kind === 'refresh_token') {
    const { token, grant } = found;
    const isSpent = token.usedAt !== null && tenant.config['refresh.reuse'] !== 'accept';
    return !isSpent && grant.revokedAt === null && tenant.now() < refreshTokenEnd(tenant, token, grant);
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
