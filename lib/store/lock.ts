import { DatabaseSync } from 'node:sqlite';

/** ms to wait for the process before this one to let go: a restart overlaps a little. */
const PATIENCE = 3000;

/**
 * For whom the file is locked: `alone` lets nobody else in; `workers` lets in those that this process starts, and
 * `worker` is one of them.
 */
export type LockFor = 'alone' | 'workers' | 'worker';

/**
 * `reserved` is held by one process, beside those that share. So a second start gets in neither while the first process
 * lives, nor while one of its workers still does.
 * @see https://www.sqlite.org/lockingv3.html
 */
const STATEMENTS: Readonly<Record<LockFor, string>> = {
  alone: 'begin exclusive',
  workers: 'begin exclusive; commit; begin immediate',
  worker: 'begin; select count(*) from sqlite_schema',
};

/**
 * Makes this process the only server on a database file, or one start the only one: two would serve what the other has
 * changed or deleted.
 *
 * The lock is one that the operating system keeps, on a file beside the database. It ends with the process, however
 * that ends, and leaves the database free for a backup or a look by `sqlite3`.
 *
 * @param path of the database file
 * @returns what lets go
 * @throws if another start holds the lock
 */
export function lockDatabase(path: string, lockFor: LockFor = 'alone'): () => void {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: PATIENCE });
  try {
    lock.exec(`pragma journal_mode = memory; ${STATEMENTS[lockFor]}`);
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== 5) throw error;
    throw new Error(
      `${path} is in use by another process of Authwalk. Stop that one, name another file, ` +
        'or use PostgreSQL for several instances.',
    );
  }
  return () => lock.close();
}
