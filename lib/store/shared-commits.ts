import type { Connection } from './database.ts';
import type { Statement } from './statement.ts';

/** Most statements in one commit: a long transaction would keep readers of other processes waiting. */
const MAX_STATEMENTS = 64;

interface Waiting {
  readonly run: (connection: Connection) => Promise<number>;
  readonly resolve: (changed: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs single statements of many requests in one transaction.
 *
 * The commit is the expensive part of a write: statements that arrive in the same turn of the event loop share one.
 * Each caller is answered only after the commit that holds its statement, so what was acknowledged survives as if each
 * had its own. If one statement fails, every statement of that commit is run again in a commit of its own.
 * @param transaction begins, runs the work and commits
 * @param single runs one statement in a commit of its own
 * @returns a function that runs one statement, and resolves with the number of rows it changed
 */
export function sharedCommits(
  transaction: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>,
  single: Connection,
) {
  let waiting: Waiting[] = [];
  let scheduled = false;

  async function commitWaiting(): Promise<void> {
    scheduled = false;
    const batch = waiting.slice(0, MAX_STATEMENTS);
    waiting = waiting.slice(MAX_STATEMENTS);
    if (waiting.length > 0) schedule();
    if (batch.length === 1) return runSingle(batch[0]!, single);
    try {
      const changed = await transaction(async (connection) => {
        const all: number[] = [];
        for (const one of batch) all.push(await one.run(connection));
        return all;
      });
      for (const [i, one] of batch.entries()) one.resolve(changed[i]!);
    } catch {
      for (const one of batch) await runSingle(one, single);
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void commitWaiting());
  }

  return <V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<number> =>
    new Promise((resolve, reject) => {
      waiting.push({ run: (connection) => connection.run(statement, values), resolve, reject });
      schedule();
    });
}

async function runSingle(one: Waiting, connection: Connection): Promise<void> {
  try {
    one.resolve(await one.run(connection));
  } catch (error) {
    one.reject(error);
  }
}
