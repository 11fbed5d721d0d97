/** Kept reports: a copy that outlives its sandbox, open to anyone who knows its id. */
import { add } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { LimitError } from './errors.ts';
import { decode, encode } from './json.ts';
import type { ReportRow } from './rows/instance.ts';
import { pick, statement } from './statement.ts';

/** Reports of one sandbox, and of one address. */
export const REPORTS_PER_SANDBOX = 20;
export const REPORTS_PER_ADDRESS = 200;
/** Bytes of one report, and of all of an instance. */
export const REPORT_BYTES = 1024 * 1024;
const ALL_BYTES = 2 * 1024 * 1024 * 1024;
/** Reports that go at once to make room. */
const BATCH = 20;
/** Ms between two notes that a report was read. */
const READ_EVERY = 3_600_000;

/** The scope of the counter that holds the bytes of all reports. */
const INSTANCE = '';
const BYTES = 'report-bytes';

const insert = statement(({ db }, v: ReportRow) =>
  db
    .insertInto('reports')
    .values(
      pick(v, [
        'id',
        'sandbox_id',
        'address_hash',
        'control_token_hash',
        'delete_token_hash',
        'data',
        'bytes',
        'created_at',
        'expires_at',
        'read_at',
      ]),
    ),
);
const byId = statement(({ db }, v: { id: string }) => db.selectFrom('reports').selectAll().where('id', '=', v.id));
const ofSandbox = statement(({ db }, v: { sandbox: string; limit: number }) =>
  db.selectFrom('reports').select('id').where('sandbox_id', '=', v.sandbox).limit(v.limit),
);
const ofAddress = statement(({ db }, v: { address: string; limit: number }) =>
  db.selectFrom('reports').select('id').where('address_hash', '=', v.address).limit(v.limit),
);
const longestUnread = statement(({ db }, v: { before: number; limit: number }) =>
  db.selectFrom('reports').select(['id', 'bytes']).where('read_at', '<=', v.before).orderBy('read_at').limit(v.limit),
);
const noteRead = statement(({ db }, v: { id: string; at: number }) =>
  db.updateTable('reports').set({ read_at: v.at }).where('id', '=', v.id),
);
const remove = statement(({ db }, v: { id: string }) =>
  db.deleteFrom('reports').where('id', '=', v.id).returning('bytes'),
);

/** A report as it is kept. */
export interface ReportRecord {
  readonly id: string;
  readonly sandboxId: string;
  /** SHA-256 of the address that kept it. */
  readonly addressHash: string;
  /** SHA-256 of the control token of its sandbox; null if that has none. */
  readonly controlTokenHash: string | null;
  readonly deleteTokenHash: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Wall time, ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface ReportVerbs {
  /**
   * Keeps a report. If all of them take too much room, the ones go that were not read for longest.
   * @throws LimitError if the sandbox or the address has as many as may be, or the report is too large
   */
  keepReport(record: ReportRecord): Promise<void>;
  /** A kept report whose time is not over. Counts as a reading. @param now wall ms */
  getReport(id: string, now: number): Promise<ReportRecord | null>;
  deleteReport(id: string): Promise<boolean>;
}

export function reportVerbs(db: Database): ReportVerbs {
  return {
    async keepReport(record) {
      const data = encode(record.data);
      const bytes = Buffer.byteLength(data);
      if (bytes > REPORT_BYTES) throw new LimitError('bytes in a kept report', REPORT_BYTES);
      await db.transaction(async (connection) => {
        // The transaction locks the running sum first, so two at once see each other.
        let total = await add(connection, INSTANCE, BYTES, bytes);
        const here = { sandbox: record.sandboxId, limit: REPORTS_PER_SANDBOX };
        if ((await connection.all(ofSandbox, here)).length >= REPORTS_PER_SANDBOX)
          throw new LimitError('kept reports', REPORTS_PER_SANDBOX);
        const from = { address: record.addressHash, limit: REPORTS_PER_ADDRESS };
        if ((await connection.all(ofAddress, from)).length >= REPORTS_PER_ADDRESS)
          throw new LimitError('kept reports of one address', REPORTS_PER_ADDRESS);
        while (total > ALL_BYTES) {
          const freed = await makeRoom(connection, record.createdAt, total - ALL_BYTES);
          if (freed === 0) break;
          total -= freed;
        }
        await connection.run(insert, {
          id: record.id,
          sandbox_id: record.sandboxId,
          address_hash: record.addressHash,
          control_token_hash: record.controlTokenHash,
          delete_token_hash: record.deleteTokenHash,
          data,
          bytes,
          created_at: record.createdAt,
          expires_at: record.expiresAt,
          read_at: record.createdAt,
        });
      });
    },

    async getReport(id, now) {
      const row = await db.first(byId, { id });
      if (!row || row.expires_at <= now) return null;
      if (now - row.read_at > READ_EVERY) await db.run(noteRead, { id, at: now });
      return fromRow(row);
    },

    async deleteReport(id) {
      return await db.transaction(async (connection) => (await drop(connection, id)) > 0);
    },
  };
}

/** Deletes a report. @returns the bytes that it took; 0 if there was none */
async function drop(connection: Connection, id: string): Promise<number> {
  const gone = await connection.first(remove, { id });
  if (gone === undefined) return 0;
  await add(connection, INSTANCE, BYTES, -gone.bytes);
  return gone.bytes;
}

async function makeRoom(connection: Connection, before: number, needed: number): Promise<number> {
  let freed = 0;
  for (const { id } of await connection.all(longestUnread, { before, limit: BATCH })) {
    if (freed >= needed) break;
    freed += await drop(connection, id);
  }
  return freed;
}

/** Deletes reports whose time is over. @returns how many went */
export async function sweepReports(connection: Connection, wall: number, limit: number): Promise<number> {
  const ended = await connection.kysely
    .selectFrom('reports')
    .select('id')
    .where('expires_at', '<', wall)
    .limit(limit)
    .execute();
  for (const { id } of ended) await drop(connection, id);
  return ended.length;
}

function fromRow(row: ReportRow): ReportRecord {
  return {
    id: row.id,
    sandboxId: row.sandbox_id,
    addressHash: row.address_hash,
    controlTokenHash: row.control_token_hash,
    deleteTokenHash: row.delete_token_hash,
    data: decode(row.data),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
