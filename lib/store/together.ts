import type { Connection } from './database.ts';
import type { Statement } from './statement.ts';

/** Statements that share one commit at the most: a long transaction would keep readers of other processes waiting. */
const MOST = 64;

interface Waiting {
  readonly run: (connection: Connection) => Promise<number>;
  readonly resolve: (changed: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs single statements of many requests in one transaction.
 *
 * The commit is the dear part of a write: what arrives in the same turn of the event loop shares
 * one. Nobody is answered before the commit that holds their statement, so what was acknowledged
 * survives as if each had its own. A statement that fails takes no other one with it: then each
 * runs for itself.
 * @param transaction begins, runs the work and commits
 * @param alone runs one statement for itself
 */
export function together(
  transaction: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>,
  alone: Connection,
) {
  let waiting: Waiting[] = [];
  let scheduled = false;

  async function flush(): Promise<void> {
    scheduled = false;
    const batch = waiting.slice(0, MOST);
    waiting = waiting.slice(MOST);
    if (waiting.length > 0) schedule();
    if (batch.length === 1) return settle(batch[0]!, alone);
    try {
      const changed = await transaction(async (connection) => {
        const all: number[] = [];
        for (const one of batch) all.push(await one.run(connection));
        return all;
      });
      for (const [i, one] of batch.entries()) one.resolve(changed[i]!);
    } catch {
      for (const one of batch) await settle(one, alone);
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void flush());
  }

  return <V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<number> =>
    new Promise((resolve, reject) => {
      waiting.push({ run: (connection) => connection.run(statement, values), resolve, reject });
      schedule();
    });
}

async function settle(one: Waiting, connection: Connection): Promise<void> {
  try {
    one.resolve(await one.run(connection));
  } catch (error) {
    one.reject(error);
  }
}
