/**
 * Which rows make room when a bound is reached.
 *
 * First those of an address that holds more than its share, then the never used, then the longest idle. So whoever
 * floods an issuer pushes out what they made themselves, and ordinary use never meets a full one.
 */
import { sql } from 'kysely';
import type { Connection } from './database.ts';
import type { Limit } from './limits.ts';

/** Part of a bound that one address may hold before its own rows go first. */
const SHARE = 0.1;
/** Part of a bound that goes at once: making room costs more than a row. */
const BATCH = 0.02;

interface Candidates {
  readonly table: 'clients' | 'users' | 'grants';
  readonly limit: Limit;
  /** The column that names a row within its scope. */
  readonly key: string;
  /** Rows that may go, as SQL without parameters. */
  readonly where: string;
  /** 0 for rows that nothing depends on, as SQL without parameters. */
  readonly inUse: string;
}

const CANDIDATES = {
  clients: {
    table: 'clients',
    limit: 'clients',
    key: 'client_id',
    where: "source = 'dynamic'",
    inUse: 'case when last_used_at is null then 0 else 1 end',
  },
  users: {
    table: 'users',
    limit: 'users',
    key: 'sub',
    where: 'self_made = 1 and temporary = 0',
    inUse: `case when exists (
      select 1 from grants g where g.tenant = users.tenant and g.sub = users.sub and g.live = 1) then 1 else 0 end`,
  },
  grants: {
    table: 'grants',
    limit: 'live grants',
    key: 'id',
    where: 'live = 1',
    inUse: 'case when last_used_at is null then 0 else 1 end',
  },
} as const satisfies Record<string, Candidates>;

/**
 * The rows to give up, most dispensable first.
 * @param except the row that is being added
 * @returns their keys; empty if none may go
 */
export async function dispensable(
  { kysely, limits }: Connection,
  tenant: string,
  kind: keyof typeof CANDIDATES,
  except: string,
): Promise<string[]> {
  const { table, limit, key, where, inUse }: Candidates = CANDIDATES[kind];
  const max = limits[limit];
  const name = sql.ref(key);
  const { rows } = await sql<{ name: string }>`
    select name from (
      select ${name} as name, created_at, last_used_at, made_by, ${sql.raw(inUse)} as in_use,
        count(*) over (partition by made_by) as of_maker
      from ${sql.table(table)}
      where tenant = ${tenant} and ${sql.raw(where)} and ${name} <> ${except}
    ) as candidates
    order by
      case when made_by is not null and of_maker > ${sql.lit(Math.floor(max * SHARE))} then 0 else 1 end,
      in_use, coalesce(last_used_at, created_at), created_at, name
    limit ${sql.lit(Math.max(1, Math.floor(max * BATCH)))}`.execute(kysely);
  return rows.map((row) => row.name);
}
