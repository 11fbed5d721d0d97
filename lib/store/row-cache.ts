/**
 * Rows that every request reads and that rarely change, kept while this process is the only one on the database.
 *
 * The driver sees every write. One that changed a row of these tables empties the cache, and a read that began before
 * it is not kept. So nothing here is ever older than what the database would answer.
 */
import { BoundedMap } from '#lib/spec/bounded-map.ts';

/** Rows kept, of all scopes. */
const KEPT = 5_000;
/** The tables whose rows are kept. */
const TABLES = /^\s*(?:insert into|update|delete from)\s+"(?:clients|keys)"/i;

export interface RowCache {
  /** The value of a key, read if it is not kept. null and undefined are not kept. */
  through<Value>(key: string, read: () => Promise<Value>): Promise<Value>;
  /** Whether a statement writes to a table whose rows are kept. */
  watches(sql: string): boolean;
  /** Forgets all: a row has changed. */
  clear(): void;
}

export function createRowCache(): RowCache {
  const kept = new BoundedMap<string, unknown>(KEPT);
  let changes = 0;
  return {
    async through<Value>(key: string, read: () => Promise<Value>) {
      const present = kept.get(key);
      if (present !== undefined) return present as Value;
      const before = changes;
      const value = await read();
      if (before === changes && value !== null && value !== undefined) kept.set(key, value);
      return value;
    },
    watches: (sql) => TABLES.test(sql),
    clear() {
      changes += 1;
      kept.clear();
    },
  };
}
