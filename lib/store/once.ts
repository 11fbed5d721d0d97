import { add } from './counters.ts';
import type { Database } from './database.ts';
import { decode, encode } from './json.ts';
import type { PushedRequestRow, RememberedRow } from './rows/authorization.ts';
import { pick, statement } from './statement.ts';
import type { PushedRequestRecord } from './records.ts';

type Unexpired = { tenant: string; hash: string; now: number };

const insertPushed = statement(
  ({ db }, v: PushedRequestRow) =>
    db.insertInto('pushed_requests').values(pick(v, ['tenant', 'hash', 'client_id', 'request', 'expires_at'])),
  { grows: 'pushed_requests' },
);

const pushed = statement(({ db }, v: Unexpired) =>
  db
    .selectFrom('pushed_requests')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash)
    .where('expires_at', '>', v.now),
);

const takePushed = statement(({ db }, v: Unexpired) =>
  db
    .deleteFrom('pushed_requests')
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash)
    .where('expires_at', '>', v.now)
    .returningAll(),
);

/** Takes the place of one that has run out; while it has not, nothing is changed and nothing returned. */
const remember = statement(
  ({ db }, v: RememberedRow & { now: number }) =>
    db
      .insertInto('remembered')
      .values(pick(v, ['tenant', 'name', 'expires_at']))
      .onConflict((conflict) =>
        conflict
          .columns(['tenant', 'name'])
          .doUpdateSet({ expires_at: v.expires_at })
          .where('remembered.expires_at', '<=', v.now),
      )
      .returning('name'),
  { grows: 'remembered' },
);

const removeCounts = statement(({ db }, v: { tenant: string; from: string; to: string }) =>
  db.deleteFrom('counters').where('tenant', '=', v.tenant).where('name', '>=', v.from).where('name', '<', v.to),
);

/** Pushed requests, identifiers that may come once, and counters. */
export interface OnceVerbs {
  createPushedRequest(record: PushedRequestRecord): Promise<void>;
  getPushedRequest(hash: string, now: number): Promise<PushedRequestRecord | null>;
  /** Removes the request and returns it. Only one of many callers gets it. */
  takePushedRequest(hash: string, now: number): Promise<PushedRequestRecord | null>;
  /** True the first time until `until`: for `jti` values that may come once. */
  rememberOnce(key: string, until: number, now: number): Promise<boolean>;
  /** Adds one and returns the new count. */
  count(name: string): Promise<number>;
  /** Forgets the counts whose name begins with `prefix`. */
  clearCounts(prefix: string): Promise<void>;
}

/** What may come once, and what is counted. */
export function onceVerbs(db: Database, tenant: string): OnceVerbs {
  return {
    async createPushedRequest(record) {
      await db.run(insertPushed, {
        tenant,
        hash: record.hash,
        client_id: record.clientId,
        request: encode(record.request),
        expires_at: record.expiresAt,
      });
    },

    async getPushedRequest(hash, now) {
      const row = await db.first(pushed, { tenant, hash, now });
      return row ? fromRow(row) : null;
    },

    async takePushedRequest(hash, now) {
      const row = await db.first(takePushed, { tenant, hash, now });
      return row ? fromRow(row) : null;
    },

    async rememberOnce(key, until, now) {
      return (await db.first(remember, { tenant, name: key, expires_at: until, now })) !== undefined;
    },

    async count(name) {
      return await add(db, tenant, `count:${name}`, 1);
    },

    async clearCounts(prefix) {
      await db.run(removeCounts, { tenant, from: `count:${prefix}`, to: `count:${prefix}\u{10ffff}` });
    },
  };
}

function fromRow(row: PushedRequestRow): PushedRequestRecord {
  return { hash: row.hash, clientId: row.client_id, request: decode(row.request), expiresAt: row.expires_at };
}
