/**
 * Refresh tokens: random, stored as hashes, each good for one use where they rotate.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.3
 */
import type { SandboxConfig } from '#lib/config/config.ts';
import type { ClientRecord, GrantRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import type { Context, Tenant } from '../context.ts';
import { hmac, sha256 } from '../hash.ts';
import { queuedRefreshToken } from '../queued.ts';

export interface NewRefreshToken {
  readonly token: string;
  readonly record: RefreshTokenRecord;
}

/** Whether a grant brings a refresh token: the client has the grant, and the knob `refresh.issue` allows it. */
export function bringsRefreshToken(config: SandboxConfig, client: ClientRecord, scope: readonly string[]): boolean {
  if (!config.grants.includes('refresh_token') || !client.metadata.grant_types.includes('refresh_token')) return false;
  const rule = config['refresh.issue'];
  return rule === 'always' || (rule === 'offline-access' && scope.includes('offline_access'));
}

/** When a refresh token that was used now ends, ms: idle or absolute, whichever comes first. */
export function refreshEnd(tenant: Tenant, grant: GrantRecord): number {
  const { config } = tenant;
  return Math.min(
    tenant.now() + config['refresh.idleLifetime'] * 1000,
    grant.createdAt + config['refresh.absoluteLifetime'] * 1000,
  );
}

/** When a refresh token that was given out ends, ms: by its own time, or with its family, whose age a knob bounds. */
export function refreshTokenEnd({ config }: Tenant, token: RefreshTokenRecord, grant: GrantRecord): number {
  return Math.min(token.expiresAt, grant.createdAt + config['refresh.absoluteLifetime'] * 1000);
}

/**
 * Whether refresh tokens of this client are bound to its proof key. A confidential client proves
 * itself with each refresh, so its refresh tokens are not.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-5
 */
export function boundKey(client: ClientRecord, jkt: string | null): string | null {
  return client.metadata.token_endpoint_auth_method === 'none' ? jkt : null;
}

/** The first refresh token of a grant. */
export function firstRefreshToken(
  ctx: Context,
  grant: GrantRecord,
  client: ClientRecord,
  jkt: string | null,
): NewRefreshToken {
  const token = queuedRefreshToken(ctx) ?? ctx.tenant.random(32);
  return {
    token,
    record: {
      hash: sha256(token),
      grantId: grant.id,
      clientId: client.clientId,
      scope: grant.scope,
      generation: 1,
      parentHash: null,
      issuedAt: ctx.tenant.now(),
      expiresAt: refreshEnd(ctx.tenant, grant),
      usedAt: null,
      jkt: boundKey(client, jkt),
    },
  };
}

/**
 * The refresh token that follows one. It is derived from it and the sandbox's secret, so that within
 * `refresh.grace` the same one can be given again without being stored in the clear.
 */
export function successor(
  ctx: Context,
  token: string,
  record: RefreshTokenRecord,
  grant: GrantRecord,
): NewRefreshToken {
  const next = hmac(ctx.tenant.secret, `refresh-successor:${token}`);
  return {
    token: next,
    record: {
      ...record,
      hash: sha256(next),
      generation: record.generation + 1,
      parentHash: record.hash,
      issuedAt: ctx.tenant.now(),
      expiresAt: refreshEnd(ctx.tenant, grant),
      usedAt: null,
    },
  };
}
