/**
 * Queues of a sandbox: what the next request gets, then the one after it. First in, first out; what is there for always
 * stands behind all that is not, whenever it came.
 */
import { sql } from 'kysely';
import { add } from './counters.ts';
import type { Database } from './database.ts';
import { LimitError } from './errors.ts';
import { decode, encode } from './json.ts';
import type { QueuedRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';

/** Items that a queue may hold. */
const MOST = 1000;

/** More takers than ever come, as `times: always` has it. */
const forAlways = sql<boolean>`remaining > 4503599627370496`;

type Named = { tenant: string; name: string };

const insert = statement(({ db }, v: QueuedRow) =>
  db.insertInto('queued').values(pick(v, ['tenant', 'name', 'position', 'item', 'remaining'])),
);

const all = statement(({ db }, v: Named) =>
  db
    .selectFrom('queued')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('name', '=', v.name)
    .orderBy(forAlways)
    .orderBy('position')
    .limit(MOST),
);

const first = statement(({ db, lock }, v: Named) =>
  lock(
    db
      .selectFrom('queued')
      .selectAll()
      .where('tenant', '=', v.tenant)
      .where('name', '=', v.name)
      .orderBy(forAlways)
      .orderBy('position')
      .limit(1),
  ),
);

const lower = statement(({ db }, v: Named & { position: number; remaining: number }) =>
  db
    .updateTable('queued')
    .set({ remaining: v.remaining })
    .where('tenant', '=', v.tenant)
    .where('name', '=', v.name)
    .where('position', '=', v.position),
);

const removeOne = statement(({ db }, v: Named & { position: number }) =>
  db
    .deleteFrom('queued')
    .where('tenant', '=', v.tenant)
    .where('name', '=', v.name)
    .where('position', '=', v.position)
    .returning('position'),
);

const removeAll = statement(({ db }, v: Named) =>
  db.deleteFrom('queued').where('tenant', '=', v.tenant).where('name', '=', v.name),
);

/** An item of a queue. */
export interface Queued {
  readonly item: Readonly<Record<string, unknown>>;
  /** How many takers it is left for. */
  readonly remaining: number;
}

export interface QueueVerbs {
  /**
   * Puts an item at the end of a queue.
   * @param times how many takers get it
   * @throws LimitError if the queue is full
   */
  enqueue(name: string, item: Readonly<Record<string, unknown>>, times: number): Promise<void>;
  /** Takes the first item once; of many takers at once each gets its own. @returns null if the queue is empty */
  takeQueued(name: string): Promise<Readonly<Record<string, unknown>> | null>;
  /** What is in a queue, first to last. */
  listQueued(name: string): Promise<Queued[]>;
  /** Empties a queue. @returns how many items it held */
  clearQueued(name: string): Promise<number>;
}

export function queueVerbs(db: Database, tenant: string): QueueVerbs {
  return {
    async enqueue(name, item, times) {
      await db.transaction(async (connection) => {
        if ((await connection.all(all, { tenant, name })).length >= MOST) throw new LimitError(`queued ${name}`, MOST);
        const position = await add(connection, tenant, 'queue-position', 1);
        await connection.run(insert, { tenant, name, position, item: encode(item), remaining: times });
      });
    },

    async takeQueued(name) {
      for (;;) {
        const taken = await db.transaction(async (connection) => {
          const row = await connection.first(first, { tenant, name });
          if (row === undefined) return null;
          const { position } = row;
          if (row.remaining > 1) await connection.run(lower, { tenant, name, position, remaining: row.remaining - 1 });
          else if ((await connection.first(removeOne, { tenant, name, position })) === undefined) return 'again';
          return row;
        });
        if (taken !== 'again') return taken === null ? null : decode(taken.item);
      }
    },

    async listQueued(name) {
      return (await db.all(all, { tenant, name })).map(({ item, remaining }) => ({ item: decode(item), remaining }));
    },

    async clearQueued(name) {
      return await db.run(removeAll, { tenant, name });
    },
  };
}
