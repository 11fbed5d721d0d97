import { isPromise } from '#lib/spec/promise.ts';
import { elapsed, setImmediate, sleep } from '#lib/spec/timers.ts';

/** Most works in one commit: a long transaction would keep others waiting. */
const MOST = 64;
/** ms between two looks whether another process has ended its transaction, and ms for which it is waited for. */
const LOOK = 1;
const PATIENCE = 10_000;

/** What a connection does around the works of one commit. */
export interface Commits {
  /**
   * Takes the lock of writers at once, if it is free.
   * @returns false: another process holds it. Left out: nobody else writes, and `begin` waits for who does all the same
   */
  tryBegin?(): boolean;
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
  const waiting: Work[] = [];
  let scheduled = false;
  let running: Promise<void> = Promise.resolve();

  const take = (): Work[] => waiting.splice(0, MOST);

  async function commitWaiting(): Promise<void> {
    let batch: Work[] = [];
    const work = async (): Promise<void> => {
      if (connection.tryBegin !== undefined) await lock(connection.tryBegin);
      // What came in while this process waited for another one is in the same commit.
      if (batch.length === 0) batch = take();
      await (batch.length === 1 ? runAlone(batch[0]!, connection) : runAll(batch, connection));
    };
    if (connection.tryBegin === undefined) batch = take();
    // Statements alone have nothing to wait for: nobody else gets a turn before the commit.
    const canWait = connection.tryBegin !== undefined || batch.some(({ single }) => !single);
    running = canWait ? connection.hold(work) : work();
    try {
      await running;
    } catch (error) {
      // Connection or lock were not to be had.
      for (const { reject } of batch.length > 0 ? batch : take()) reject(error);
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

/**
 * Waits for another process to end its transaction, and lets requests be worked on meanwhile. After the patience the
 * transaction asks for the lock itself, and is told why it does not get it.
 */
async function lock(tryBegin: () => boolean): Promise<void> {
  const until = elapsed() + PATIENCE;
  while (!tryBegin() && elapsed() < until) await sleep(LOOK);
}

/** Never rejects: the callers hear it. */
async function runAlone({ run, single, resolve, reject }: Work, connection: Commits): Promise<void> {
  try {
    if (!single && !connection.isOpen()) connection.begin();
    const result = run();
    const value = isPromise(result) ? await result : result;
    if (connection.isOpen()) connection.commit();
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
    if (!connection.isOpen()) connection.begin();
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
