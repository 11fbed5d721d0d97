import { DatabaseSync } from 'node:sqlite';

/** ms to wait for the process before this one to let go: a restart overlaps a little. */
const PATIENCE = 3000;

/**
 * Makes this process the only server on a database file: two would serve what the other has changed or deleted.
 *
 * The lock is one that the operating system keeps, on a file beside the database. It ends with the process, however
 * that ends, and leaves the database free for a backup or a look by `sqlite3`.
 *
 * @param path of the database file
 * @returns what lets go
 * @throws if another process holds the lock
 */
export function lockDatabase(path: string): () => void {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: PATIENCE });
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
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
