import type { Database } from './database.ts';
import { endOf, extendGrant, insertGrant } from './grants.ts';
import { decode, encode } from './json.ts';
import type { DeviceRow } from './rows/authorization.ts';
import { pick, statement } from './statement.ts';
import type { AccessTokenRecord, DeviceRecord, GrantRecord, PollOutcome, RefreshTokenRecord } from './records.ts';
import { insertAccessToken } from './access-tokens.ts';
import { insertRefreshToken } from './refresh-tokens.ts';

/** Seconds by which a poll that comes too soon widens the interval (RFC 8628 §3.5). */
const SLOW_DOWN = 5;

const COLUMNS = [
  'tenant',
  'hash',
  'user_code',
  'client_id',
  'request',
  'created_at',
  'expires_at',
  'interval_seconds',
  'polls',
  'last_poll_at',
  'status',
  'grant_id',
] as const;

type ByHash = { tenant: string; hash: string };
type ByUserCode = { tenant: string; user_code: string; now: number };

const insert = statement(({ db }, v: DeviceRow) => db.insertInto('devices').values(pick(v, COLUMNS)), {
  grows: 'devices',
});

const byUserCode = statement(({ db }, v: ByUserCode) =>
  db
    .selectFrom('devices')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('user_code', '=', v.user_code)
    .where('expires_at', '>', v.now)
    .orderBy('created_at', 'desc')
    .limit(1),
);

const lockPending = statement(({ db, lock }, v: ByUserCode) =>
  lock(
    db
      .selectFrom('devices')
      .select(['hash', 'expires_at'])
      .where('tenant', '=', v.tenant)
      .where('user_code', '=', v.user_code)
      .where('expires_at', '>', v.now)
      .where('status', '=', 'pending')
      .orderBy('created_at', 'desc')
      .limit(1),
  ),
);

const decide = statement(({ db }, v: ByHash & { status: string; grant_id: string | null }) =>
  db
    .updateTable('devices')
    .set({ status: v.status, grant_id: v.grant_id })
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash),
);

const lockByHash = statement(({ db, lock }, v: ByHash) =>
  lock(db.selectFrom('devices').selectAll().where('tenant', '=', v.tenant).where('hash', '=', v.hash)),
);

const notePoll = statement(({ db }, v: ByHash & { interval_seconds: number; polls: number; last_poll_at: number }) =>
  db
    .updateTable('devices')
    .set(pick(v, ['interval_seconds', 'polls', 'last_poll_at']))
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash),
);

const redeem = statement(({ db }, v: ByHash & { now: number }) =>
  db
    .updateTable('devices')
    .set({ status: 'redeemed' })
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash)
    .where('status', '=', 'approved')
    .where('expires_at', '>', v.now)
    .where((where) =>
      where.exists(
        where
          .selectFrom('grants')
          .select('grants.id')
          .whereRef('grants.tenant', '=', 'devices.tenant')
          .whereRef('grants.id', '=', 'devices.grant_id')
          .where('grants.revoked_at', 'is', null),
      ),
    )
    .returning('grant_id'),
);

/** Device codes and their user codes (RFC 8628). */
export interface DeviceVerbs {
  createDevice(device: DeviceRecord): Promise<void>;
  findDeviceByUserCode(userCode: string, now: number): Promise<DeviceRecord | null>;
  /**
   * Decides a pending request.
   * @param input.grant null: denied
   * @returns false if it was decided before, or has expired
   */
  decideDevice(input: { userCode: string; now: number; grant: GrantRecord | null }): Promise<boolean>;
  /**
   * Counts the poll and compares it with the interval. Each poll that comes too fast adds 5 s.
   * @param slowDownPolls numbers of polls, from 1, that count as too fast whatever the interval
   */
  pollDevice(hash: string, now: number, slowDownPolls?: readonly number[]): Promise<PollOutcome>;
  /** Redeems an approved request for tokens. Only one of many callers gets them. */
  redeemDevice(input: {
    hash: string;
    now: number;
    access: AccessTokenRecord;
    refresh: RefreshTokenRecord | null;
  }): Promise<boolean>;
}

export function deviceVerbs(db: Database, tenant: string): DeviceVerbs {
  return {
    async createDevice(device) {
      await db.run(insert, toRow(tenant, device));
    },

    async findDeviceByUserCode(userCode, now) {
      const row = await db.first(byUserCode, { tenant, user_code: userCode, now });
      return row ? fromRow(row) : null;
    },

    async decideDevice({ userCode, now, grant }) {
      return await db.transaction(async (connection) => {
        const device = await connection.first(lockPending, { tenant, user_code: userCode, now });
        if (!device) return false;
        if (grant) await insertGrant(connection, tenant, grant, device.expires_at);
        await connection.run(decide, {
          tenant,
          hash: device.hash,
          status: grant ? 'approved' : 'denied',
          grant_id: grant?.id ?? null,
        });
        return true;
      });
    },

    async pollDevice(hash, now, slowDownPolls = []) {
      return await db.transaction(async (connection) => {
        const row = await connection.first(lockByHash, { tenant, hash });
        if (!row) return { outcome: 'unknown' };
        const pending = row.status === 'pending';
        const expired = row.expires_at <= now;
        const early = row.last_poll_at !== null && now - row.last_poll_at < row.interval_seconds * 1000;
        const tooFast = pending && !expired && (early || slowDownPolls.includes(row.polls + 1));
        const polled = {
          ...row,
          polls: row.polls + 1,
          last_poll_at: now,
          interval_seconds: row.interval_seconds + (tooFast ? SLOW_DOWN : 0),
        };
        await connection.run(notePoll, polled);
        const device = fromRow(polled);
        if (device.status === 'redeemed') return { outcome: 'redeemed', device };
        if (expired) return { outcome: 'expired', device };
        if (tooFast) return { outcome: 'too-fast', device };
        return { outcome: device.status, device };
      });
    },

    async redeemDevice({ hash, now, access, refresh }) {
      return await db.transaction(async (connection) => {
        const redeemed = await connection.first(redeem, { tenant, hash, now });
        if (!redeemed) return false;
        await insertAccessToken(connection, tenant, access);
        if (refresh) await insertRefreshToken(connection, tenant, refresh);
        await extendGrant(connection, tenant, redeemed.grant_id!, { until: endOf(access, refresh), now });
        return true;
      });
    },
  };
}

function toRow(tenant: string, device: DeviceRecord): DeviceRow {
  return {
    tenant,
    hash: device.hash,
    user_code: device.userCode,
    client_id: device.clientId,
    request: encode(device.request),
    created_at: device.createdAt,
    expires_at: device.expiresAt,
    interval_seconds: device.interval,
    polls: device.polls,
    last_poll_at: device.lastPollAt,
    status: device.status,
    grant_id: device.grantId,
  };
}

function fromRow(row: DeviceRow): DeviceRecord {
  return {
    hash: row.hash,
    userCode: row.user_code,
    clientId: row.client_id,
    request: decode(row.request),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    interval: row.interval_seconds,
    polls: row.polls,
    lastPollAt: row.last_poll_at,
    status: row.status as DeviceRecord['status'],
    grantId: row.grant_id,
  };
}
