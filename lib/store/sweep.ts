/**
 * Deletes what has ended, in small batches, so that nobody waits long for the database.
 *
 * Sandboxes and client documents live by wall time. Everything else lives by the clock of its sandbox, which the sweep
 * does not follow: it leaves sandboxes alone whose clock is set back or stands still (they are swept when they expire).
 * A clock that is set forward only makes things stay longer. A device code or an expired token stays a day after its
 * end, so that it is told from an unknown one. What is read only until its end is deleted soon after it.
 *
 * Codes and refresh tokens are deleted with their grant, when all of them have ended: a used one that comes back must
 * be known for as long as there is something to revoke.
 */
import { sql } from 'kysely';
import { release } from './counters.ts';
import { WHOLE_DATABASE } from './limits.ts';
import type { Connection, Database } from './database.ts';
import { sweepClasses } from './class-records.ts';
import { sweepHistory } from './history.ts';
import { sweepReports } from './report-records.ts';
import { scopesOf, TENANT_TABLES } from './sandboxes.ts';
import type { Schema } from './schema.ts';

const DAY = 86_400_000;
/** Ms that what is read only until its end stays: clocks of machines differ a little. */
const SOON = 600_000;
/** Ms that an ended sandbox stays: requests in flight may still write into it. None takes longer. */
export const SANDBOX_GRACE = 120_000;
/** Access tokens live a year at most, and the record of a deleted client as long. */
const TOMBSTONE_LIFE = 400 * DAY;

type Table = Exclude<
  keyof Schema,
  'classes' | 'class_members' | 'sandboxes' | 'plans' | 'reports' | 'grants' | 'leases' | 'samples' | 'processes'
>;

/** The second column of the primary key of each table; the first is `tenant`. */
const KEY: Record<Table | 'grants', string> = {
  counters: 'name',
  keys: 'kid',
  clients: 'client_id',
  deleted_clients: 'client_id',
  client_documents: 'url',
  users: 'sub',
  sessions: 'browser_hash',
  interactions: 'id',
  grants: 'id',
  codes: 'hash',
  access_tokens: 'id',
  refresh_tokens: 'hash',
  devices: 'hash',
  pushed_requests: 'hash',
  remembered: 'name',
  notes: 'id',
  exchanges: 'seq',
  faults: 'id',
  queued: 'name',
  ledger_facts: 'name',
  shares: 'token_hash',
  webhooks: 'id',
  dead_letters: 'id',
  ingested_events: 'key',
  barriers: 'name',
};

/** What ends by itself, by which column, and how many ms after it is deleted. */
const ENDING = [
  { table: 'interactions', column: 'expires_at', after: SOON },
  { table: 'access_tokens', column: 'expires_at', after: DAY },
  { table: 'devices', column: 'expires_at', after: DAY },
  { table: 'pushed_requests', column: 'expires_at', after: SOON },
  { table: 'remembered', column: 'expires_at', after: SOON },
  { table: 'sessions', column: 'expires_at', after: SOON },
  { table: 'ingested_events', column: 'expires_at', after: 0 },
  { table: 'barriers', column: 'expires_at', after: 0 },
  { table: 'client_documents', column: 'fresh_until', after: DAY },
] as const satisfies readonly { table: Table; column: string; after: number }[];

export interface SweepOptions {
  readonly idleUsersBefore?: number;
  readonly onExpired?: (id: string) => void;
}

/** Deletes what has ended. */
export interface SweepVerbs {
  /**
   * Deletes things that have ended, at most `limit`. Call again while it returns `limit`. Sandboxes are deleted when
   * they expire, their contents a day after their end.
   * @param options.idleUsersBefore users of `default` not active since then are deleted too (public instances)
   * @param options.onExpired hears of each sandbox that nobody deleted and that is gone now
   * @returns how many it deleted
   */
  sweep(wall: number, limit: number, options?: SweepOptions): Promise<number>;
}

export function sweepVerb(db: Database): SweepVerbs['sweep'] {
  return async (wall, limit, options = {}) => {
    const steps: ((connection: Connection, left: number) => Promise<number>)[] = [
      ...ENDING.map(
        ({ table, column, after }) =>
          (connection: Connection, left: number) =>
            sweepEnded(connection, table, column, wall - after, left),
      ),
      (connection, left) => sweepGrants(connection, wall - DAY, left),
      (connection, left) => sweepPlans(connection, wall, left),
      (connection) => sweepRateLimits(connection, wall),
      (connection) => sweepHistory(connection, wall),
      (connection, left) => sweepReports(connection, wall, left),
      (connection, left) => sweepClasses(connection, wall, left),
      (connection, left) => sweepEnded(connection, 'deleted_clients', 'deleted_at', wall - TOMBSTONE_LIFE, left),
    ];
    const { idleUsersBefore } = options;
    if (idleUsersBefore !== undefined)
      steps.push((connection, left) => sweepIdleUsers(connection, idleUsersBefore, left));

    let swept = 0;
    for (const step of steps) {
      if (swept >= limit) return swept;
      swept += await db.transaction((connection) => step(connection, limit - swept));
    }
    while (swept < limit) {
      const { count, expired } = await db.transaction((connection) => sweepSandbox(connection, wall, limit - swept));
      if (count === 0) break;
      swept += count;
      if (expired !== null) options.onExpired?.(expired);
    }
    return swept;
  };
}

/** True if the clock of the row's sandbox is neither set back nor standing still. */
function onTime(dialect: Connection['dialect']) {
  const id =
    dialect === 'sqlite'
      ? sql`substr(t.tenant, 1, instr(t.tenant || '/', '/') - 1)`
      : sql`split_part(t.tenant, '/', 1)`;
  return sql<boolean>`not exists (
    select 1 from sandboxes s where s.id = ${id} and (s.clock_offset < 0 or s.clock_frozen_at is not null))`;
}

async function sweepEnded(
  { kysely, dialect }: Connection,
  table: Table,
  column: string,
  before: number,
  limit: number,
): Promise<number> {
  const key = sql.ref(KEY[table]);
  const result = await sql`
    delete from ${sql.table(table)} where (tenant, ${key}) in (
      select t.tenant, t.${key} from ${sql.table(table)} as t
      where t.${sql.ref(column)} < ${before} and ${onTime(dialect)} limit ${limit})`.execute(kysely);
  return Number(result.numAffectedRows ?? 0n);
}

async function sweepPlans({ kysely }: Connection, wall: number, limit: number): Promise<number> {
  const ended = kysely.selectFrom('plans').select('id').where('expires_at', '<', wall).limit(limit);
  const result = await kysely.deleteFrom('plans').where('id', 'in', ended).executeTakeFirst();
  return Number(result.numDeletedRows);
}

async function sweepGrants(connection: Connection, before: number, limit: number): Promise<number> {
  const { kysely, dialect } = connection;
  const ended = await kysely
    .selectFrom('grants as t')
    .select(['t.tenant', 't.id', 't.sub', 't.live'])
    .where('t.live_until', '<', before)
    .where(onTime(dialect))
    .limit(limit)
    .execute();
  const byTenant = Map.groupBy(ended, (grant) => grant.tenant);
  for (const [tenant, grants] of byTenant) {
    const ids = grants.map((grant) => grant.id);
    await kysely.deleteFrom('codes').where('tenant', '=', tenant).where('grant_id', 'in', ids).execute();
    await kysely.deleteFrom('refresh_tokens').where('tenant', '=', tenant).where('grant_id', 'in', ids).execute();
    await kysely.deleteFrom('grants').where('tenant', '=', tenant).where('id', 'in', ids).execute();
    await release(connection, tenant, 'live grants', grants.filter((grant) => grant.live === 1).length);
    const subs = [...new Set(grants.flatMap((grant) => grant.sub ?? []))];
    if (subs.length > 0) await sweepTemporaryUsers(connection, tenant, subs);
  }
  return ended.length;
}

/** Temporary users are deleted with their last grant, and their notes with them. */
async function sweepTemporaryUsers(connection: Connection, tenant: string, subs: readonly string[]): Promise<void> {
  const { kysely } = connection;
  const gone = await kysely
    .deleteFrom('users')
    .where('tenant', '=', tenant)
    .where('sub', 'in', subs)
    .where('temporary', '=', 1)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('grants')
            .select('grants.id')
            .whereRef('grants.tenant', '=', 'users.tenant')
            .whereRef('grants.sub', '=', 'users.sub'),
        ),
      ),
    )
    .returning('sub')
    .execute();
  if (gone.length === 0) return;
  await release(connection, tenant, 'temporary users', gone.length);
  const notes = await kysely
    .deleteFrom('notes')
    .where('tenant', '=', tenant)
    .where(
      'sub',
      'in',
      gone.map((user) => user.sub),
    )
    .executeTakeFirst();
  await release(connection, tenant, 'notes', Number(notes.numDeletedRows));
}

/** Counts of rate limits whose window is over. */
async function sweepRateLimits({ kysely }: Connection, wall: number): Promise<number> {
  await sql`delete from rate_limits where expire < ${wall}`.execute(kysely);
  return 0;
}

/** Users of the root that have been idle for long and have no live grant. */
async function sweepIdleUsers(connection: Connection, before: number, limit: number): Promise<number> {
  const { kysely } = connection;
  const idle = kysely
    .selectFrom('users')
    .select('sub')
    .where('tenant', '=', 'default')
    .where('temporary', '=', 0)
    .where('last_used_at', '<', before)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('grants')
            .select('grants.id')
            .whereRef('grants.tenant', '=', 'users.tenant')
            .whereRef('grants.sub', '=', 'users.sub')
            .where('grants.live', '=', 1),
        ),
      ),
    )
    .limit(limit);
  const result = await kysely
    .deleteFrom('users')
    .where('tenant', '=', 'default')
    .where('sub', 'in', idle)
    .executeTakeFirst();
  const count = Number(result.numDeletedRows);
  await release(connection, 'default', 'users', count);
  return count;
}

/** Empties one ended sandbox as far as the batch goes, and deletes it once it is empty. */
async function sweepSandbox(
  connection: Connection,
  wall: number,
  limit: number,
): Promise<{ readonly count: number; readonly expired: string | null }> {
  const { kysely } = connection;
  const sandbox = await kysely
    .selectFrom('sandboxes')
    .select(['id', 'deleted_at'])
    .where('expires_at', '<=', wall - SANDBOX_GRACE)
    .orderBy('expires_at')
    .limit(1)
    .executeTakeFirst();
  if (!sandbox) return { count: 0, expired: null };
  const scopes = scopesOf(sandbox.id);
  let count = 0;
  for (const table of [...TENANT_TABLES, 'keys', 'ledger_facts', 'counters'] as const) {
    const key = sql.ref(KEY[table]);
    const result = await sql`
      delete from ${sql.table(table)} where (tenant, ${key}) in (
        select tenant, ${key} from ${sql.table(table)} where tenant in (${sql.join(scopes)})
        limit ${limit - count})`.execute(kysely);
    count += Number(result.numAffectedRows ?? 0n);
    if (count >= limit) return { count, expired: null };
  }
  await kysely.deleteFrom('sandboxes').where('id', '=', sandbox.id).execute();
  if (sandbox.deleted_at === null) await release(connection, WHOLE_DATABASE, 'sandboxes', 1);
  return { count: count + 1, expired: sandbox.deleted_at === null ? sandbox.id : null };
}
