/**
 * The door of a protected resource: who may pass, and what is said to who may not.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-handling
 */
import type { Context } from '#lib/oauth/context.ts';
import { check, noteRefusal } from '#lib/oauth/checks/check.ts';
import { isOAuthError } from '#lib/oauth/errors.ts';
import { sameSecret, sha256 } from '#lib/oauth/hash.ts';
import { missingScopes } from '#lib/oauth/scope.ts';
import type { Caller } from './caller.ts';
import { bearerToken } from './checks/bearer-token.ts';
import { scopeNeeded } from './checks/scope.ts';
import { challenge, type ChallengeError } from './challenge.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { noteKnobs } from './knobs.ts';
import { errorJson, wantsKey } from './refusals.ts';
import { resourceIdentifier, type ResourceName } from './resources.ts';
import { operationName, type Operation, requiredScopes, scopeHint } from './scopes.ts';
import { verifyForResource } from './verification.ts';

/** Who came, and the nonce that their next DPoP proof is to carry. */
export interface Admission {
  readonly caller: Caller;
  readonly nonce?: string;
}

/** Nobody in particular. On a public instance strangers at the root do not share their notes. */
export function anonymous(ctx: Context): Caller {
  const shared = !(ctx.tenant.isPublic && ctx.tenant.sandboxId === 'default');
  const who = sha256(`${ctx.remoteAddress} ${ctx.request.headers.get('user-agent') ?? ''}`).slice(0, 16);
  return {
    kind: 'anonymous',
    owner: shared ? 'anonymous' : `anonymous:${sha256(ctx.remoteAddress).slice(0, 16)}`,
    sub: null,
    clientId: null,
    issuer: null,
    scope: [],
    audience: [],
    expiresAt: null,
    bound: false,
    key: `${ctx.tenant.store.scope} anonymous ${who}`,
  };
}

/** `/bearer`: the token is one of the list, or where the list is empty any. */
function admitBearer(ctx: Context, { token }: Credentials): Caller {
  const tokens = ctx.tenant.config['bearer.tokens'];
  const hash = sha256(token);
  const listed = tokens.some((known) => sameSecret(sha256(known), hash));
  check(ctx.trace, bearerToken, {
    accepted: /^[\x21-\x7E]+$/.test(token) && (tokens.length === 0 || listed),
    listed: tokens.length,
  });
  return {
    kind: 'bearer',
    owner: `bearer:${hash.slice(0, 22)}`,
    sub: null,
    clientId: null,
    issuer: null,
    scope: [],
    audience: [],
    expiresAt: null,
    bound: false,
    key: `${ctx.tenant.store.scope} ${hash}`,
  };
}

async function admitOAuth(ctx: Context, resource: ResourceName, credentials: Credentials): Promise<Admission> {
  const strict = ctx.tenant.config['resource.audience'] === 'strict';
  const token = await verifyForResource(
    ctx,
    credentials.token,
    strict ? resourceIdentifier(ctx.tenant, resource) : null,
  );
  if (!strict && !token.audience.includes(resourceIdentifier(ctx.tenant, resource)))
    noteKnobs(ctx.trace, ctx.tenant.config, ['resource.audience']);
  if (token.claims !== null) noteKnobs(ctx.trace, ctx.tenant.config, ['resource.jwtChecks']);
  const caller: Caller = {
    kind: 'oauth',
    owner: token.sub ?? token.clientId,
    sub: token.sub,
    clientId: token.clientId,
    issuer: token.issuer.issuer,
    scope: token.scope,
    audience: token.audience,
    expiresAt: token.expiresAt,
    bound: token.record.jkt !== null,
    key: `${ctx.tenant.store.scope} ${sha256(credentials.token)}`,
  };
  return { caller, ...(token.dpopNonce === undefined ? {} : { nonce: token.dpopNonce }) };
}

/**
 * Lets a request in, or refuses it.
 * @param optional whether it may pass without a token; a token that is sent is checked all the same
 * @throws OAuthError 401: `token-absent`, or what is wrong with the token
 */
export async function admit(ctx: Context, resource: ResourceName, optional: boolean): Promise<Admission> {
  if (resource === 'no-auth') return { caller: anonymous(ctx) };
  const credentials = readCredentials(ctx, optional);
  if (credentials === null) return { caller: anonymous(ctx) };
  return resource === 'bearer' ? { caller: admitBearer(ctx, credentials) } : admitOAuth(ctx, resource, credentials);
}

/**
 * Checks that the token's scope is enough for all that the request asks for.
 * @throws OAuthError 403 `insufficient_scope` (`scope-insufficient`)
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-challenge-handling
 */
export function checkScope(ctx: Context, caller: Caller, operations: readonly Operation[]): void {
  if (caller.kind !== 'oauth') return;
  const { config } = ctx.tenant;
  const needed = [...new Set(operations.flatMap((operation) => requiredScopes(config, operation) ?? []))];
  const always =
    config['resource.insufficient'] === 'always' &&
    operations.some((operation) => requiredScopes(config, operation) !== null);
  const operation = operations.map(operationName).join(', ');
  if (always || missingScopes(caller.scope, needed).length > 0)
    noteKnobs(ctx.trace, config, ['resource.insufficient', 'resource.requiredScopes']);
  check(ctx.trace, scopeNeeded, { needed, held: caller.scope, operation, always });
}

/** Error codes that a challenge names as they stand; others are told as `invalid_token`. */
const CHALLENGED: readonly ChallengeError['code'][] = [
  'invalid_token',
  'insufficient_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'invalid_request',
];

/**
 * The answer to a refusal at the door: OAuth error JSON, and the challenge that says what would do.
 * @param caller who asks, where that is known
 * @param operations what was asked for; decides which scopes a 403 names
 * @throws what is no refusal of the protocol
 */
export function refuse(
  ctx: Context,
  resource: ResourceName,
  thrown: unknown,
  caller: Caller | null,
  operations: readonly Operation[],
): Response {
  if (!isOAuthError(thrown)) throw thrown;
  noteRefusal(ctx.trace, thrown);
  const { config } = ctx.tenant;
  const absent = thrown.reason === 'token-absent';
  if (resource !== 'bearer') {
    noteKnobs(ctx.trace, config, [
      'prm.inChallenge',
      'prm.location',
      ...(thrown.code === 'insufficient_scope'
        ? (['resource.scopeHint'] as const)
        : (['resource.challenge', 'resource.challengeScope'] as const)),
    ]);
  }
  const header = ctx.request.headers.get('authorization');
  const needed = operations.flatMap((operation) => requiredScopes(config, operation) ?? []);
  const code = CHALLENGED.find((known) => known === thrown.code) ?? 'invalid_token';
  const value = challenge(ctx.tenant, {
    resource,
    presented: absent ? null : /^dpop\b/i.test(header ?? '') || wantsKey(thrown) ? 'DPoP' : 'Bearer',
    scope:
      thrown.code === 'insufficient_scope'
        ? scopeHint(config, [...new Set(needed)], caller?.scope ?? [])
        : resource === 'bearer'
          ? null
          : config['resource.challengeScope'],
    ...(absent ? {} : { error: { code, description: thrown.description } }),
  });
  return errorJson(ctx.tenant, thrown, thrown.headers['WWW-Authenticate'] ?? value);
}
