/**
 * Rows that every request reads and that rarely change.
 *
 * The driver sees every write of this process. One that changed a row of these tables empties the cache, and a read
 * that began before it is not kept. If other processes write to the same file, a version in the database counts all
 * changes, and is read before a row is taken from here. So nothing here is ever older than what the database would
 * answer.
 */
import { BoundedMap } from '#lib/spec/bounded-map.ts';

/** Rows kept, of all scopes. */
const KEPT = 5_000;
/** The tables whose rows are kept. */
const TABLES = ['clients', 'keys'] as const;
const WRITES_TO_THEM = /^\s*(?:insert into|update|delete from)\s+"(?:clients|keys)"/i;

export interface RowCache {
  /** The value of a key, read if it is not kept. null and undefined are not kept. */
  through<Value>(key: string, read: () => Promise<Value>): Promise<Value>;
  /** Whether a statement writes to a table whose rows are kept. */
  watches(sql: string): boolean;
  /** Forgets all: a row has changed. */
  clear(): void;
}

/** @param version reads how often rows of these tables have changed; left out if only this process changes them */
export function createRowCache(version: () => unknown = () => 0): RowCache {
  const kept = new BoundedMap<string, unknown>(KEPT);
  let changes = 0;
  let latest: unknown;
  return {
    async through<Value>(key: string, read: () => Promise<Value>) {
      const now = version();
      if (now !== latest) {
        kept.clear();
        changes += 1;
        latest = now;
      }
      const present = kept.get(key);
      if (present !== undefined) return present as Value;
      const before = changes;
      const value = await read();
      if (before === changes && value !== null && value !== undefined) kept.set(key, value);
      return value;
    },
    watches: (sql) => WRITES_TO_THEM.test(sql),
    clear() {
      changes += 1;
      kept.clear();
    },
  };
}

/** What counts the changes of these rows among the counters of the whole database. */
const VERSION = 'row-version';

/**
 * Statements that make a connection count the changes of these rows within the transaction that makes them: triggers of
 * this connection alone, so that a file with a single process does without.
 */
export const COUNT_CHANGES = TABLES.flatMap((table) =>
  ['insert', 'update', 'delete'].map(
    (action) => `
      create temp trigger count_${table}_${action} after ${action} on main.${table} begin
        insert into counters (tenant, name, value) values ('', '${VERSION}', 1)
          on conflict (tenant, name) do update set value = value + 1;
      end`,
  ),
).join(';');

/** The version as it is committed. To be read by a connection of its own: within a transaction it could go back. */
export const READ_VERSION = `select value from counters where tenant = '' and name = '${VERSION}'`;
