import { setImmediate } from '#lib/spec/timers.ts';
import type { Connection } from './database.ts';
import type { Statement } from './statement.ts';

/** Most statements in one commit: a long transaction would keep readers of other processes waiting. */
const MAX_STATEMENTS = 64;

/** A statement with its values, which says how many rows it changed if a connection runs it. */
export interface Bound {
  readonly statement: Statement<object, unknown>;
  readonly values: object;
}

interface Waiting extends Bound {
  readonly resolve: (changed: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs single statements of many requests in one transaction.
 *
 * The commit is the expensive part of a write: statements that arrive in the same turn of the event loop share one.
 * Each caller is answered only after the commit that holds its statement, so what was acknowledged survives as if each
 * had its own. If one statement fails, every statement of that commit is run again in a commit of its own.
 * @param inOneCommit runs all of them in one transaction, or none; resolves with the number of rows that each changed
 * @param single runs one statement in a commit of its own
 * @returns a function that runs one statement, and resolves with the number of rows it changed
 */
export function sharedCommits(
  inOneCommit: (statements: readonly Bound[]) => Promise<readonly number[]>,
  single: Pick<Connection, 'run'>,
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
      const changed = await inOneCommit(batch);
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
      waiting.push({ statement: statement as Bound['statement'], values, resolve, reject });
      schedule();
    });
}

async function runSingle(one: Waiting, connection: Pick<Connection, 'run'>): Promise<void> {
  try {
    one.resolve(await connection.run(one.statement, one.values));
  } catch (error) {
    one.reject(error);
  }
}
