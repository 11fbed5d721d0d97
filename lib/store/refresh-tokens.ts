/** Refresh tokens: kept, rotated, and their family. */
import type { Connection } from './database.ts';
import { endOf, extendGrant, JOINED, revokeWithin } from './grants.ts';
import { decodeList, encode } from './json.ts';
import type { RefreshTokenRow } from './rows/authorization.ts';
import { FOREVER } from './schema.ts';
import { pick, statement } from './statement.ts';
import type { AccessTokenRecord, RefreshTokenRecord, RotateOutcome } from './records.ts';
import { insertAccessToken } from './access-tokens.ts';

const REFRESH = [
  'tenant',
  'hash',
  'grant_id',
  'client_id',
  'scope',
  'generation',
  'parent_hash',
  'issued_at',
  'expires_at',
  'used_at',
  'jkt',
] as const;

type ByHash = { tenant: string; hash: string };

const insertRefresh = statement(
  ({ db }, v: RefreshTokenRow) =>
    db
      .insertInto('refresh_tokens')
      .values(pick(v, REFRESH))
      .onConflict((conflict) => conflict.doNothing()),
  { grows: 'refresh_tokens' },
);

export const refreshWithGrant = statement(({ db }, v: ByHash) =>
  db
    .selectFrom('refresh_tokens as t')
    .innerJoin('grants as g', (join) => join.onRef('g.tenant', '=', 't.tenant').onRef('g.id', '=', 't.grant_id'))
    .selectAll('t')
    .select(JOINED)
    .where('t.tenant', '=', v.tenant)
    .where('t.hash', '=', v.hash),
);

/** The token and its grant, held until the transaction ends. */
const lockRefresh = statement(({ db, lock }, v: ByHash) =>
  lock(
    db
      .selectFrom('refresh_tokens as t')
      .innerJoin('grants as g', (join) => join.onRef('g.tenant', '=', 't.tenant').onRef('g.id', '=', 't.grant_id'))
      .select(['t.grant_id', 't.used_at', 't.expires_at', 'g.revoked_at'])
      .where('t.tenant', '=', v.tenant)
      .where('t.hash', '=', v.hash),
  ),
);

const unusedSuccessor = statement(({ db, lock }, v: ByHash & { parent: string }) =>
  lock(
    db
      .selectFrom('refresh_tokens')
      .select('hash')
      .where('tenant', '=', v.tenant)
      .where('hash', '=', v.hash)
      .where('parent_hash', '=', v.parent)
      .where('used_at', 'is', null),
  ),
);

const use = statement(({ db }, v: ByHash & { now: number }) =>
  db
    .updateTable('refresh_tokens')
    .set({ used_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash)
    .where('used_at', 'is', null),
);

const moveEnd = statement(({ db }, v: ByHash & { until: number }) =>
  db
    .updateTable('refresh_tokens')
    .set({ expires_at: v.until })
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash),
);

export const family = statement(({ db }, v: { tenant: string; grant_id: string }) =>
  db
    .selectFrom('refresh_tokens')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('grant_id', '=', v.grant_id)
    .orderBy('generation')
    .orderBy('issued_at'),
);

export interface RotateInput {
  readonly hash: string;
  readonly now: number;
  readonly successor: RefreshTokenRecord | null;
  readonly access: AccessTokenRecord;
  readonly reuse: 'revoke-family' | 'reject' | 'accept';
  readonly grace: number;
  readonly idleUntil: number;
  readonly reason: string;
}

export async function rotate(connection: Connection, tenant: string, input: RotateInput): Promise<RotateOutcome> {
  const { hash, now, successor, access, reuse, grace, idleUntil, reason } = input;
  const token = await connection.first(lockRefresh, { tenant, hash });
  if (!token) return { outcome: 'unknown' };
  if (token.revoked_at !== null) return { outcome: 'revoked' };

  if (token.used_at !== null) {
    const inGrace = grace > 0 && now - token.used_at <= grace && successor !== null;
    if (inGrace && (await connection.first(unusedSuccessor, { tenant, hash: successor.hash, parent: hash }))) {
      await insertAccessToken(connection, tenant, access);
      await extendGrant(connection, tenant, token.grant_id, { until: endOf(access), now });
      return { outcome: 'repeated' };
    }
    if (reuse === 'revoke-family') {
      await revokeWithin(connection, tenant, token.grant_id, reason, now);
      return { outcome: 'family-revoked' };
    }
    if (reuse === 'reject') return { outcome: 'spent' };
  }

  if (token.expires_at <= now) return { outcome: 'expired' };
  await insertAccessToken(connection, tenant, access);
  if (successor) {
    await connection.run(use, { tenant, hash, now });
    // Where a used token is accepted once more its successor may stand already: it stays as it is.
    await insertRefreshToken(connection, tenant, successor);
    await extendGrant(connection, tenant, token.grant_id, { until: endOf(access, successor), now });
  } else {
    await connection.run(moveEnd, { tenant, hash, until: idleUntil });
    await extendGrant(connection, tenant, token.grant_id, { until: Math.max(endOf(access), idleUntil), now });
  }
  return { outcome: 'rotated' };
}

/** Stores a refresh token unless it exists; the caller extends its grant. */
export async function insertRefreshToken(
  connection: Connection,
  tenant: string,
  token: RefreshTokenRecord,
): Promise<void> {
  await connection.run(insertRefresh, {
    tenant,
    hash: token.hash,
    grant_id: token.grantId,
    client_id: token.clientId,
    scope: encode(token.scope),
    generation: token.generation,
    parent_hash: token.parentHash,
    issued_at: token.issuedAt,
    expires_at: Math.min(token.expiresAt, FOREVER),
    used_at: token.usedAt,
    jkt: token.jkt,
  });
}

export function refreshFromRow(row: RefreshTokenRow): RefreshTokenRecord {
  return {
    hash: row.hash,
    grantId: row.grant_id,
    clientId: row.client_id,
    scope: decodeList(row.scope),
    generation: row.generation,
    parentHash: row.parent_hash,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    jkt: row.jkt,
  };
}
