import { isPromise } from '#lib/spec/promise.ts';
import { setImmediate } from '#lib/spec/timers.ts';

/** Most works in one commit: a long transaction would keep others waiting. */
const MOST = 64;

/** What a connection does around the works of one commit. */
export interface Commits {
  begin(): void;
  commit(): void;
  rollback(): void;
  /** Marks a place to go back to. */
  mark(): void;
  /** Undoes what was done since the mark, and forgets it. */
  backToMark(): void;
  /** Forgets the mark. */
  unmark(): void;
  /** Whether a transaction is open: of a full disk or a lost file, the database takes back everything by itself. */
  isOpen(): boolean;
  /** Keeps the connection from everybody else until the work has ended. */
  hold(work: () => Promise<void>): Promise<void>;
}

interface Work {
  readonly run: () => unknown;
  /** Whether it is one statement, which does nothing if it fails. */
  readonly single: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface SharedCommits {
  /**
   * Runs work in a transaction. It may run twice, so it does nothing but read and write.
   * @param single whether it is one statement, which does nothing if it fails
   * @returns what it comes to, once the commit that holds it is done
   * @throws what the work throws; nothing that it wrote is left then
   */
  run<T>(work: () => T | Promise<T>, single?: boolean): Promise<T>;
  /** Resolves when no transaction is open. */
  whenIdle(): Promise<void>;
}

/**
 * Runs the transactions of many requests in one commit.
 *
 * The commit is the expensive part of a write: what arrives in the same turn of the event loop shares one. The works
 * run one after the other, so that each sees all of those before it and nothing of those behind it. One that fails is
 * undone alone. Each caller is answered only after the commit that holds its work, so what was acknowledged survives as
 * if each had its own. If the commit itself fails, each of its works runs again in a commit of its own.
 */
export function sharedCommits(connection: Commits): SharedCommits {
  let waiting: Work[] = [];
  let scheduled = false;
  let running: Promise<void> = Promise.resolve();

  async function commitWaiting(): Promise<void> {
    const batch = waiting.slice(0, MOST);
    waiting = waiting.slice(MOST);
    const work = () => (batch.length === 1 ? runAlone(batch[0]!, connection) : runAll(batch, connection));
    // Statements alone have nothing to wait for: nobody else gets a turn before the commit.
    running = batch.every(({ single }) => single) ? work() : connection.hold(work);
    try {
      await running;
    } catch (error) {
      // The connection was not to be had.
      for (const { reject } of batch) reject(error);
    }
    scheduled = false;
    if (waiting.length > 0) schedule();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void commitWaiting());
  }

  return {
    run: <T>(run: () => T | Promise<T>, single = false) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ run, single, resolve: resolve as Work['resolve'], reject });
        schedule();
      }),
    whenIdle: () => running.catch(() => undefined),
  };
}

/** Never rejects: the callers hear it. */
async function runAlone({ run, single, resolve, reject }: Work, connection: Commits): Promise<void> {
  try {
    if (!single) connection.begin();
    const result = run();
    const value = isPromise(result) ? await result : result;
    if (!single) connection.commit();
    resolve(value);
  } catch (error) {
    if (connection.isOpen()) connection.rollback();
    reject(error);
  }
}

/** Never rejects: the callers hear it. */
async function runAll(batch: readonly Work[], connection: Commits): Promise<void> {
  const done = new Map<Work, unknown>();
  const failed = new Map<Work, unknown>();
  try {
    connection.begin();
    for (const work of batch) {
      if (!work.single) connection.mark();
      try {
        const result = work.run();
        done.set(work, isPromise(result) ? await result : result);
        if (!work.single) connection.unmark();
      } catch (error) {
        if (!connection.isOpen()) throw error;
        if (!work.single) connection.backToMark();
        done.delete(work);
        failed.set(work, error);
      }
    }
    connection.commit();
  } catch {
    if (connection.isOpen()) connection.rollback();
    for (const work of batch) await runAlone(work, connection);
    return;
  }
  for (const [work, value] of done) work.resolve(value);
  for (const [work, error] of failed) work.reject(error);
}
