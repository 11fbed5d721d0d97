import { sql } from 'kysely';
import { add, claim, release } from './counters.ts';
import type { Database } from './database.ts';
import { decode, encode } from './json.ts';
import { FOREVER } from './schema.ts';
import type { FaultRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';
import type { FaultRecord } from './records.ts';

type ById = { tenant: string; id: string };

const insert = statement(({ db }, v: FaultRow) =>
  db.insertInto('faults').values(pick(v, ['tenant', 'id', 'fault', 'matched', 'acted', 'created_at', 'position'])),
);

const all = statement(({ db }, v: { tenant: string }) =>
  db.selectFrom('faults').selectAll().where('tenant', '=', v.tenant).orderBy('position'),
);

const removeOne = statement(({ db }, v: ById) =>
  db.deleteFrom('faults').where('tenant', '=', v.tenant).where('id', '=', v.id),
);

const removeAll = statement(({ db }, v: { tenant: string }) => db.deleteFrom('faults').where('tenant', '=', v.tenant));

/** One statement, so that of many requests at once each gets its own number. */
const match = statement(({ db }, v: ById & { nth: number; end: number }) =>
  db
    .updateTable('faults')
    .set({
      matched: sql`matched + 1`,
      acted: sql`acted + case when matched + 1 >= ${v.nth} and matched + 1 < ${v.end} then 1 else 0 end`,
    })
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .returning('matched'),
);

/** The faults of a sandbox, not of its further issuers. */
export interface FaultVerbs {
  /** @throws LimitError if there are 100 faults */
  addFault(fault: FaultRecord): Promise<void>;
  /** In the order they were added. */
  listFaults(): Promise<FaultRecord[]>;
  /** Deletes one, or all. @returns how many */
  deleteFaults(id?: string): Promise<number>;
  /**
   * Counts a match, and says whether the fault acts. Each of many concurrent matches gets its own number.
   * @param nth the first match that it acts on, from 1
   * @param times how many matches it acts on; null: all
   * @returns null if there is no such fault
   */
  claimFault(id: string, nth: number, times: number | null): Promise<{ matched: number; acts: boolean } | null>;
}

export function faultVerbs(db: Database, tenant: string): FaultVerbs {
  return {
    async addFault(fault) {
      await db.transaction(async (connection) => {
        await claim(connection, tenant, 'faults');
        const position = await add(connection, tenant, 'fault-position', 1);
        await connection.run(insert, {
          tenant,
          id: fault.id,
          fault: encode(fault.fault),
          matched: fault.matched,
          acted: fault.acted,
          created_at: fault.createdAt,
          position,
        });
      });
    },

    async listFaults() {
      return (await db.all(all, { tenant })).map(fromRow);
    },

    async deleteFaults(id) {
      return await db.transaction(async (connection) => {
        const deleted =
          id === undefined
            ? await connection.run(removeAll, { tenant })
            : await connection.run(removeOne, { tenant, id });
        await release(connection, tenant, 'faults', deleted);
        return deleted;
      });
    },

    async claimFault(id, nth, times) {
      const end = times === null ? FOREVER : nth + times;
      const row = await db.first(match, { tenant, id, nth, end });
      return row ? { matched: row.matched, acts: row.matched >= nth && row.matched < end } : null;
    },
  };
}

function fromRow(row: FaultRow): FaultRecord {
  return { id: row.id, fault: decode(row.fault), matched: row.matched, acted: row.acted, createdAt: row.created_at };
}
