import { add, current } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { decode, encode } from './json.ts';
import { MAX_EXCHANGES } from '#lib/exchange/types.ts';
import { MAX_EXCHANGE_BYTES } from './limits.ts';
import type { ExchangeRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';
import type { ExchangeRecord } from './records.ts';
import type { SharedAppends } from './shared-appends.ts';

const SEQ = 'exchange-seq';
const BYTES = 'exchange-bytes';

const insert = statement(({ db }, v: ExchangeRow) =>
  db.insertInto('exchanges').values(pick(v, ['tenant', 'seq', 'at', 'bytes', 'data'])),
);

const after = statement(({ db }, v: { tenant: string; after: number; limit: number }) =>
  db
    .selectFrom('exchanges')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('seq', '>', v.after)
    .orderBy('seq')
    .limit(v.limit),
);

/** Held until the transaction ends: a reset waits, or was first. */
const epochOf = statement(({ db, lock }, v: { id: string }) =>
  lock(db.selectFrom('sandboxes').select('epoch').where('id', '=', v.id).where('deleted_at', 'is', null)),
);

const sizes = statement(({ db }, v: { tenant: string }) =>
  db.selectFrom('exchanges').select(['seq', 'bytes']).where('tenant', '=', v.tenant).orderBy('seq'),
);

const dropUpTo = statement(({ db }, v: { tenant: string; seq: number }) =>
  db.deleteFrom('exchanges').where('tenant', '=', v.tenant).where('seq', '<=', v.seq).returning('bytes'),
);

const clear = statement(({ db }, v: { tenant: string }) => db.deleteFrom('exchanges').where('tenant', '=', v.tenant));

const forgetBytes = statement(({ db }, v: { tenant: string; name: string }) =>
  db.deleteFrom('counters').where('tenant', '=', v.tenant).where('name', '=', v.name),
);

const firstKept = statement(({ db }, v: { tenant: string }) =>
  db.selectFrom('exchanges').select('seq').where('tenant', '=', v.tenant).orderBy('seq').limit(1),
);

/** The recorded exchanges of a sandbox, not of its further issuers. */
export interface ExchangeVerbs {
  /**
   * Appends in one transaction, gives each its `seq`, and drops the oldest over 500 or 4 MiB.
   * @param epoch of the sandbox when the exchanges began. If it was reset or deleted since, nothing is written.
   * @returns what was written
   */
  appendExchanges(exchanges: readonly Omit<ExchangeRecord, 'seq'>[], epoch?: number): Promise<ExchangeRecord[]>;
  /** Exchanges after a `seq`, oldest first. */
  listExchanges(options: { after: number; limit: number }): Promise<ExchangeRecord[]>;
  /** The latest `seq` given; 0 before the first. */
  lastExchangeSeq(): Promise<number>;
  /** The first `seq` that is still kept; null if none is. */
  firstExchangeSeq(): Promise<number | null>;
  clearExchanges(): Promise<void>;
}

/** @param appends writes those of several sandboxes together, if transactions are dear; null: each by itself */
export function exchangeVerbs(db: Database, tenant: string, appends: SharedAppends | null): ExchangeVerbs {
  return {
    async appendExchanges(exchanges, epoch) {
      if (exchanges.length === 0) return [];
      if (appends !== null && epoch !== undefined) return await appends.append(tenant, exchanges, epoch);
      return await db.transaction(async (connection) => {
        if (epoch !== undefined && (await connection.first(epochOf, { id: tenant }))?.epoch !== epoch) return [];
        const written = await append(connection, tenant, exchanges);
        await connection.announce(`exchanges ${tenant}`);
        return written;
      });
    },

    async listExchanges({ after: seq, limit }) {
      return (await db.all(after, { tenant, after: seq, limit })).map(fromRow);
    },

    async lastExchangeSeq() {
      return await current(db, tenant, SEQ);
    },

    async firstExchangeSeq() {
      return (await db.first(firstKept, { tenant }))?.seq ?? null;
    },

    async clearExchanges() {
      await db.transaction(async (connection) => {
        // Whoever appends holds the running number first, too: neither sees the other's half.
        await add(connection, tenant, SEQ, 0);
        await connection.run(forgetBytes, { tenant, name: BYTES });
        await connection.run(clear, { tenant });
      });
    },
  };
}

/** Within a transaction: gives each its `seq`, and drops the oldest over the bounds. */
export async function append(
  connection: Connection,
  tenant: string,
  exchanges: readonly Omit<ExchangeRecord, 'seq'>[],
): Promise<ExchangeRecord[]> {
  const last = await add(connection, tenant, SEQ, exchanges.length);
  const first = last - exchanges.length + 1;
  const records = exchanges.map((exchange, index) => ({ ...exchange, seq: first + index }));
  const kept = records.slice(-MAX_EXCHANGES);
  for (const { seq, at, bytes, data } of kept)
    await connection.run(insert, { tenant, seq, at, bytes, data: encode(data) });

  const added = kept.reduce((sum, exchange) => sum + exchange.bytes, 0);
  const dropped = await drop(connection, tenant, last - MAX_EXCHANGES);
  const total = await add(connection, tenant, BYTES, added - dropped);
  if (total > MAX_EXCHANGE_BYTES)
    await add(connection, tenant, BYTES, -(await dropBytes(connection, tenant, total - MAX_EXCHANGE_BYTES)));
  return records;
}

/** Drops the oldest of a ledger that holds too many bytes. */
export async function trimBytes(db: Database, tenant: string): Promise<void> {
  await db.transaction(async (connection) => {
    // Whoever appends waits for this number, or is waited for.
    const excess = (await add(connection, tenant, BYTES, 0)) - MAX_EXCHANGE_BYTES;
    if (excess > 0) await add(connection, tenant, BYTES, -(await dropBytes(connection, tenant, excess)));
  });
}

/** Drops up to the number and returns how many bytes that were. */
async function drop(connection: Connection, tenant: string, seq: number): Promise<number> {
  if (seq < 1) return 0;
  return (await connection.all(dropUpTo, { tenant, seq })).reduce((sum, row) => sum + row.bytes, 0);
}

/** Drops as many of the oldest as make up `excess` bytes, but for the newest, and returns how many bytes those were. */
async function dropBytes(connection: Connection, tenant: string, excess: number): Promise<number> {
  const rows = await connection.all(sizes, { tenant });
  let bytes = 0;
  let upTo = 0;
  for (const row of rows.slice(0, -1)) {
    if (bytes >= excess) break;
    bytes += row.bytes;
    upTo = row.seq;
  }
  return await drop(connection, tenant, upTo);
}

function fromRow(row: ExchangeRow): ExchangeRecord {
  return { seq: row.seq, at: row.at, bytes: row.bytes, data: decode(row.data) };
}
