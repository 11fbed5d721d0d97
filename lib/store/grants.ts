/** What the verbs for codes, tokens and devices share: writing, reading and ending grants. */
import { sql } from 'kysely';
import { claimWithRoom, release } from './counters.ts';
import { noteClientUse } from './client-use.ts';
import type { Connection } from './database.ts';
import { decodeList, decodeObject, encode } from './json.ts';
import { dispensable } from './room.ts';
import { FOREVER } from './schema.ts';
import type { GrantRow } from './rows/authorization.ts';
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
  'last_used_at',
  'made_by',
] as const;

/** Columns of a grant joined to its codes and tokens, under names of their own. */
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

/** Spelt as in the partial index on live grants, so that SQLite uses it. */
const LIVE = sql<boolean>`live = 1`;

const insert = statement(({ db }, v: GrantRow) => db.insertInto('grants').values(pick(v, COLUMNS)));

export const grantById = statement(({ db }, v: ById) =>
  db.selectFrom('grants').selectAll().where('tenant', '=', v.tenant).where('id', '=', v.id),
);

/** Grants whose codes and tokens have all ended stop counting. */
const retire = statement(({ db }, v: { tenant: string; now: number }) =>
  db.updateTable('grants').set({ live: 0 }).where('tenant', '=', v.tenant).where(LIVE).where('live_until', '<', v.now),
);

const extend = statement(({ db }, v: ById & { until: number; now: number }) =>
  db
    .updateTable('grants')
    .set({
      last_used_at: v.now,
      live_until: sql<number>`case when live_until < ${v.until} then ${v.until} else live_until end`,
    })
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id),
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

type OfClient = { tenant: string; client_id: string };
type OfUser = { tenant: string; sub: string };

const retireOfClient = statement(({ db }, v: OfClient) =>
  db
    .updateTable('grants')
    .set({ live: 0 })
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where('revoked_at', 'is', null)
    .where(LIVE),
);

const revokeOfClient = statement(({ db }, v: OfClient & { reason: string; now: number }) =>
  db
    .updateTable('grants')
    .set({ revoked_at: v.now, revoked_by: v.reason })
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where('revoked_at', 'is', null),
);

const retireOfUser = statement(({ db }, v: OfUser) =>
  db
    .updateTable('grants')
    .set({ live: 0 })
    .where('tenant', '=', v.tenant)
    .where('sub', '=', v.sub)
    .where('revoked_at', 'is', null)
    .where(LIVE),
);

const revokeOfUser = statement(({ db }, v: OfUser & { reason: string; now: number }) =>
  db
    .updateTable('grants')
    .set({ revoked_at: v.now, revoked_by: v.reason })
    .where('tenant', '=', v.tenant)
    .where('sub', '=', v.sub)
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
 * Stores a new grant. If there are as many live ones as there may be, makes room: what has ended stops counting, then
 * grants that were never used and those that were idle the longest are revoked.
 *
 * @param liveUntil ms: when the last of its codes and tokens ends; extended as tokens join
 * @param options.used whether tokens are issued with it
 * @param options.from whom it counts against: a hash of the address it came from
 * @throws LimitError if no room can be made
 */
export async function insertGrant(
  connection: Connection,
  tenant: string,
  grant: GrantRecord,
  liveUntil: number,
  { used = false, from }: { used?: boolean; from?: string | undefined } = {},
): Promise<void> {
  const live = grant.revokedAt === null;
  if (live)
    await claimWithRoom(connection, tenant, 'live grants', async () => {
      const ended = await connection.run(retire, { tenant, now: grant.createdAt });
      if (ended > 0) return ended;
      const ids = await dispensable(connection, tenant, 'grants', grant.id);
      for (const id of ids)
        await connection.run(revoke, { tenant, id, reason: 'grant-forgotten', now: grant.createdAt });
      return ids.length;
    });
  await noteClientUse(connection, tenant, grant.clientId, grant.createdAt);
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
    last_used_at: used ? grant.createdAt : null,
    made_by: from ?? null,
  });
}

/** Notes that the grant was used, and lets it live as long as the tokens that join it. */
export async function extendGrant(
  connection: Connection,
  tenant: string,
  id: string,
  { until, now }: { until: number; now: number },
): Promise<void> {
  await connection.run(extend, { tenant, id, until, now });
}

/** When the later of the two ends, ms. */
export function endOf(access: AccessTokenRecord, refresh?: RefreshTokenRecord | null): number {
  return Math.max(access.expiresAt ?? FOREVER, refresh?.expiresAt ?? 0);
}

/** Ends a grant within a transaction; false if it had ended, or is unknown. */
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
  const of = { tenant, client_id: clientId };
  await release(connection, tenant, 'live grants', await connection.run(retireOfClient, of));
  await connection.run(revokeOfClient, { ...of, reason, now });
}

/** Ends every grant of a user. */
export async function revokeGrantsOfUser(
  connection: Connection,
  tenant: string,
  sub: string,
  reason: string,
  now: number,
): Promise<void> {
  await release(connection, tenant, 'live grants', await connection.run(retireOfUser, { tenant, sub }));
  await connection.run(revokeOfUser, { tenant, sub, reason, now });
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

type GrantColumns = Omit<GrantRow, 'tenant' | 'live' | 'live_until' | 'last_used_at' | 'made_by'>;

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
