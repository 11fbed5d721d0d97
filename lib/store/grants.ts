/** What the verbs about codes, tokens and devices share: writing, reading and ending grants. */
import { sql } from 'kysely';
import { claim, release, tryClaim } from './counters.ts';
import type { Connection } from './database.ts';
import { decodeList, decodeObject, encode } from './json.ts';
import { FOREVER, type GrantRow } from './schema.ts';
import { pick, statement } from './statement.ts';
import type { AccessTokenRecord, GrantRecord, RefreshTokenRecord } from './records.ts';

const COLUMNS = [
  'tenant',
  'id',
  'client_id',
  'sub',
  'kind',
  'scope',
  'resource',
  'audience',
  'details',
  'created_at',
  'revoked_at',
  'revoked_by',
  'live',
  'live_until',
] as const;

/** Columns of a grant that is joined to what hangs on it, under names of their own. */
export const JOINED = [
  'g.id as g_id',
  'g.client_id as g_client_id',
  'g.sub as g_sub',
  'g.kind as g_kind',
  'g.scope as g_scope',
  'g.resource as g_resource',
  'g.audience as g_audience',
  'g.details as g_details',
  'g.created_at as g_created_at',
  'g.revoked_at as g_revoked_at',
  'g.revoked_by as g_revoked_by',
] as const;

/** A row with the columns `JOINED`. */
export interface JoinedGrant {
  g_id: string;
  g_client_id: string;
  g_sub: string | null;
  g_kind: string;
  g_scope: string;
  g_resource: string;
  g_audience: string;
  g_details: string;
  g_created_at: number;
  g_revoked_at: number | null;
  g_revoked_by: string | null;
}

type ById = { tenant: string; id: string };

/** Spelt as the partial index on live grants has it, for SQLite to use that. */
const LIVE = sql<boolean>`live = 1`;

const insert = statement(({ db }, v: GrantRow) => db.insertInto('grants').values(pick(v, COLUMNS)));

export const grantById = statement(({ db }, v: ById) =>
  db.selectFrom('grants').selectAll().where('tenant', '=', v.tenant).where('id', '=', v.id),
);

/** Grants on which nothing hangs any more stop counting. */
const retire = statement(({ db }, v: { tenant: string; now: number }) =>
  db.updateTable('grants').set({ live: 0 }).where('tenant', '=', v.tenant).where(LIVE).where('live_until', '<', v.now),
);

const raise = statement(({ db }, v: ById & { until: number }) =>
  db
    .updateTable('grants')
    .set({ live_until: v.until })
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('live_until', '<', v.until),
);

const liveOf = statement(({ db, lock }, v: ById) =>
  lock(
    db
      .selectFrom('grants')
      .select('live')
      .where('tenant', '=', v.tenant)
      .where('id', '=', v.id)
      .where('revoked_at', 'is', null),
  ),
);

const revoke = statement(({ db }, v: ById & { reason: string; now: number }) =>
  db
    .updateTable('grants')
    .set({ revoked_at: v.now, revoked_by: v.reason, live: 0 })
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('revoked_at', 'is', null),
);

const liveOfClient = statement(({ db }, v: { tenant: string; client_id: string }) =>
  db
    .updateTable('grants')
    .set({ live: 0 })
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where('revoked_at', 'is', null)
    .where(LIVE),
);

const revokeOfClient = statement(({ db }, v: { tenant: string; client_id: string; reason: string; now: number }) =>
  db
    .updateTable('grants')
    .set({ revoked_at: v.now, revoked_by: v.reason })
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where('revoked_at', 'is', null),
);

const newest = statement(({ db }, v: { tenant: string; before: number; limit: number }) =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('created_at', '<', v.before)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(v.limit),
);

/**
 * Stores a new grant.
 *
 * @param liveUntil ms: the end of what hangs on it so far; raised as tokens join
 * @throws LimitError where as many grants live as may
 */
export async function insertGrant(
  connection: Connection,
  tenant: string,
  grant: GrantRecord,
  liveUntil: number,
): Promise<void> {
  const live = grant.revokedAt === null;
  if (live && !(await tryClaim(connection, tenant, 'live grants'))) {
    await release(connection, tenant, 'live grants', await connection.run(retire, { tenant, now: grant.createdAt }));
    await claim(connection, tenant, 'live grants');
  }
  await connection.run(insert, {
    tenant,
    id: grant.id,
    client_id: grant.clientId,
    sub: grant.sub,
    kind: grant.kind,
    scope: encode(grant.scope),
    resource: encode(grant.resource),
    audience: encode(grant.audience),
    details: encode(grant.details),
    created_at: grant.createdAt,
    revoked_at: grant.revokedAt,
    revoked_by: grant.revokedBy,
    live: live ? 1 : 0,
    live_until: liveUntil,
  });
}

/** Lets the grant live as long as the tokens that join it. */
export async function raiseLife(connection: Connection, tenant: string, id: string, until: number): Promise<void> {
  await connection.run(raise, { tenant, id, until });
}

/** When the later of the two ends, ms. */
export function endOf(access: AccessTokenRecord, refresh?: RefreshTokenRecord | null): number {
  return Math.max(access.expiresAt ?? FOREVER, refresh?.expiresAt ?? 0);
}

/** Ends a grant within a transaction; false where it had ended, or is unknown. */
export async function revokeWithin(
  connection: Connection,
  tenant: string,
  id: string,
  reason: string,
  now: number,
): Promise<boolean> {
  const before = await connection.first(liveOf, { tenant, id });
  if (!before) return false;
  await connection.run(revoke, { tenant, id, reason, now });
  if (before.live === 1) await release(connection, tenant, 'live grants', 1);
  return true;
}

/** Ends every grant of a client. */
export async function revokeGrantsOfClient(
  connection: Connection,
  tenant: string,
  clientId: string,
  reason: string,
  now: number,
): Promise<void> {
  await release(connection, tenant, 'live grants', await connection.run(liveOfClient, { tenant, client_id: clientId }));
  await connection.run(revokeOfClient, { tenant, client_id: clientId, reason, now });
}

/** Grants, newest first. */
export async function listGrants(
  connection: Connection,
  tenant: string,
  limit: number,
  before: number,
): Promise<GrantRecord[]> {
  return (await connection.all(newest, { tenant, before, limit })).map(grantFromRow);
}

type GrantColumns = Omit<GrantRow, 'tenant' | 'live' | 'live_until'>;

export function grantFromRow(row: GrantColumns): GrantRecord {
  return {
    id: row.id,
    clientId: row.client_id,
    sub: row.sub,
    kind: row.kind,
    scope: decodeList(row.scope),
    resource: decodeList(row.resource),
    audience: decodeList(row.audience),
    details: decodeObject(row.details),
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}

export function grantFromJoined(row: JoinedGrant): GrantRecord {
  return grantFromRow({
    id: row.g_id,
    client_id: row.g_client_id,
    sub: row.g_sub,
    kind: row.g_kind,
    scope: row.g_scope,
    resource: row.g_resource,
    audience: row.g_audience,
    details: row.g_details,
    created_at: row.g_created_at,
    revoked_at: row.g_revoked_at,
    revoked_by: row.g_revoked_by,
  });
}
