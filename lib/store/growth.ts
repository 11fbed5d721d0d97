/**
 * Bounds of what clients can pile up without being counted one by one: visits, pushed requests, tokens, identifiers.
 *
 * A counter would cost every insert a write, and on PostgreSQL a row that all inserts wait for. Instead each process
 * counts its own inserts in memory, and after every tenth of the bound deletes the oldest rows beyond it. A scope thus
 * holds at most the bound and, for each process, a tenth more.
 */
import { setTimeout } from '#lib/spec/timers.ts';
import { sql } from 'kysely';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { Connection, Database } from './database.ts';
import { GROWTH, type Growing } from './growing.ts';

/** Rows deleted in one statement, and ms between two: requests get their turn. */
const BATCH = 500;
const PAUSE = 5;
/** Scopes and tables whose inserts are counted. */
const COUNTED = 10_000;

export interface Growth {
  /** Counts an insert, and deletes the oldest rows if it is time. Never waits, never throws. */
  note(tenant: string, table: Growing): void;
  /** Resolves when no deletion is under way. */
  settle(): Promise<void>;
}

/**
 * @param maximums other bounds than those of {@link GROWTH}; for tests
 */
export function watchGrowth(
  db: Database,
  {
    maximums = {},
    onWarning,
  }: { maximums?: Partial<Record<Growing, number>>; onWarning?: (says: string) => void } = {},
): Growth {
  const counts = new BoundedMap<string, number>(COUNTED);
  let trimming: Promise<void> = Promise.resolve();

  async function trim(tenant: string, table: Growing, max: number): Promise<void> {
    let excess = (await countRows(db, tenant, table)) - max;
    while (excess > 0) {
      const deleted = await db.transaction((connection) =>
        deleteOldest(connection, tenant, table, Math.min(excess, BATCH)),
      );
      if (deleted === 0) return;
      excess -= deleted;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  return {
    note(tenant, table) {
      const max = maximums[table] ?? GROWTH[table].max;
      const name = `${table} ${tenant}`;
      const count = (counts.get(name) ?? 0) + 1;
      if (count < max / 10) {
        counts.set(name, count);
        return;
      }
      counts.delete(name);
      trimming = trimming
        .then(() => trim(tenant, table, max))
        .catch((error: unknown) => onWarning?.(`${table} of ${tenant} could not be trimmed: ${String(error)}`));
    },
    settle: () => trimming,
  };
}

async function countRows({ kysely }: Connection, tenant: string, table: Growing): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where tenant = ${tenant}`.execute(kysely);
  return Number(rows[0]?.count ?? 0);
}

async function deleteOldest({ kysely }: Connection, tenant: string, table: Growing, limit: number): Promise<number> {
  const { key, age } = GROWTH[table];
  const result = await sql`
    delete from ${sql.table(table)} where tenant = ${tenant} and ${sql.ref(key)} in (
      select ${sql.ref(key)} from ${sql.table(table)} where tenant = ${tenant}
      order by ${sql.ref(age)} limit ${limit})`.execute(kysely);
  return Number(result.numAffectedRows ?? 0n);
}
