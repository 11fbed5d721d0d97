import type { Database } from './database.ts';
import {
  grantById,
  grantFromJoined,
  grantFromRow,
  insertGrant,
  JOINED,
  listGrants,
  extendGrant,
  endOf,
  revokeWithin,
} from './grants.ts';
import { decode, encode } from './json.ts';
import type { CodeRow, InteractionRow } from './rows/authorization.ts';
import { pick, statement } from './statement.ts';
import type {
  AccessTokenRecord,
  CodeRecord,
  GrantRecord,
  InteractionRecord,
  RedeemOutcome,
  RefreshTokenRecord,
} from './records.ts';
import { insertAccessToken } from './access-tokens.ts';
import { insertRefreshToken } from './refresh-tokens.ts';

/** The reason that ends a grant whose code is redeemed a second time. */
export const CODE_SPENT = 'code-spent';

/** Ms that a grant without codes or tokens counts as live. */
const BARE_GRANT_LIFE = 86_400_000;

type Unexpired = { tenant: string; id: string; now: number };

const insertInteraction = statement(
  ({ db }, v: InteractionRow) =>
    db
      .insertInto('interactions')
      .values(pick(v, ['tenant', 'id', 'browser_hash', 'request', 'created_at', 'expires_at'])),
  { grows: 'interactions' },
);

const interaction = statement(({ db }, v: Unexpired) =>
  db
    .selectFrom('interactions')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('expires_at', '>', v.now),
);

const takeInteraction = statement(({ db }, v: Unexpired) =>
  db
    .deleteFrom('interactions')
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('expires_at', '>', v.now)
    .returningAll(),
);

const insertCode = statement(({ db }, v: CodeRow) =>
  db
    .insertInto('codes')
    .values(
      pick(v, [
        'tenant',
        'hash',
        'grant_id',
        'client_id',
        'redirect_uri',
        'code_challenge',
        'code_challenge_method',
        'created_at',
        'expires_at',
        'spent_at',
      ]),
    ),
);

const codeWithGrant = statement(({ db }, v: { tenant: string; hash: string }) =>
  db
    .selectFrom('codes as c')
    .innerJoin('grants as g', (join) => join.onRef('g.tenant', '=', 'c.tenant').onRef('g.id', '=', 'c.grant_id'))
    .selectAll('c')
    .select(JOINED)
    .where('c.tenant', '=', v.tenant)
    .where('c.hash', '=', v.hash),
);

/** The code and its grant, held until the transaction ends. */
const lockCode = statement(({ db, lock }, v: { tenant: string; hash: string }) =>
  lock(
    db
      .selectFrom('codes as c')
      .innerJoin('grants as g', (join) => join.onRef('g.tenant', '=', 'c.tenant').onRef('g.id', '=', 'c.grant_id'))
      .select(['c.grant_id', 'c.spent_at', 'c.expires_at', 'g.revoked_at'])
      .where('c.tenant', '=', v.tenant)
      .where('c.hash', '=', v.hash),
  ),
);

const spend = statement(({ db }, v: { tenant: string; hash: string; now: number }) =>
  db.updateTable('codes').set({ spent_at: v.now }).where('tenant', '=', v.tenant).where('hash', '=', v.hash),
);

/** Visits to the consent page, grants, and authorization codes. */
export interface AuthorizationVerbs {
  createInteraction(interaction: InteractionRecord): Promise<void>;
  getInteraction(id: string, now: number): Promise<InteractionRecord | null>;
  /** Removes the interaction and returns it. Only one of many callers gets it. */
  takeInteraction(id: string, now: number): Promise<InteractionRecord | null>;
  /**
   * Stores a grant and its code together. If there are 10 000 live grants, revokes those that were never used or idle
   * the longest.
   * @param from whom it counts against: a hash of the address it came from
   */
  createGrantWithCode(grant: GrantRecord, code: CodeRecord, from?: string): Promise<void>;
  createGrant(grant: GrantRecord): Promise<void>;
  getGrant(id: string): Promise<GrantRecord | null>;
  /** Newest first. */
  listGrants(options: { limit: number; before?: number }): Promise<GrantRecord[]>;
  findCode(hash: string): Promise<{ code: CodeRecord; grant: GrantRecord } | null>;
  /**
   * Marks the code as spent and stores the tokens it is redeemed for, or says why not. A second redemption revokes
   * the grant, so call this only with a request that is otherwise right.
   */
  redeemCode(input: {
    hash: string;
    now: number;
    access: AccessTokenRecord;
    refresh: RefreshTokenRecord | null;
  }): Promise<RedeemOutcome>;
  /** Ends a grant with its codes and tokens. @returns false if it had ended, or is unknown */
  revokeGrant(id: string, reason: string, now: number): Promise<boolean>;
}

export function authorizationVerbs(db: Database, tenant: string): AuthorizationVerbs {
  return {
    async createInteraction(record) {
      await db.run(insertInteraction, {
        tenant,
        id: record.id,
        browser_hash: record.browserHash,
        request: encode(record.request),
        created_at: record.createdAt,
        expires_at: record.expiresAt,
      });
    },

    async getInteraction(id, now) {
      const row = await db.first(interaction, { tenant, id, now });
      return row ? interactionFromRow(row) : null;
    },

    async takeInteraction(id, now) {
      const row = await db.first(takeInteraction, { tenant, id, now });
      return row ? interactionFromRow(row) : null;
    },

    async createGrantWithCode(grant, code, from) {
      await db.transaction(async (connection) => {
        await insertGrant(connection, tenant, grant, code.expiresAt, { from });
        await connection.run(insertCode, codeToRow(tenant, code));
      });
    },

    async createGrant(grant) {
      await db.transaction((connection) => insertGrant(connection, tenant, grant, grant.createdAt + BARE_GRANT_LIFE));
    },

    async getGrant(id) {
      const row = await db.first(grantById, { tenant, id });
      return row ? grantFromRow(row) : null;
    },

    async findCode(hash) {
      const row = await db.first(codeWithGrant, { tenant, hash });
      return row ? { code: codeFromRow(row), grant: grantFromJoined(row) } : null;
    },

    async redeemCode({ hash, now, access, refresh }) {
      return await db.transaction(async (connection) => {
        const code = await connection.first(lockCode, { tenant, hash });
        if (!code) return { outcome: 'unknown' };
        if (code.spent_at !== null) {
          await revokeWithin(connection, tenant, code.grant_id, CODE_SPENT, now);
          return { outcome: 'spent' };
        }
        if (code.revoked_at !== null) return { outcome: 'revoked' };
        if (code.expires_at <= now) return { outcome: 'expired' };
        await connection.run(spend, { tenant, hash, now });
        await insertAccessToken(connection, tenant, access);
        if (refresh) await insertRefreshToken(connection, tenant, refresh);
        await extendGrant(connection, tenant, code.grant_id, { until: endOf(access, refresh), now });
        return { outcome: 'redeemed' };
      });
    },

    async revokeGrant(id, reason, now) {
      return await db.transaction((connection) => revokeWithin(connection, tenant, id, reason, now));
    },

    async listGrants({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return await listGrants(db, tenant, limit, before);
    },
  };
}

function interactionFromRow(row: InteractionRow): InteractionRecord {
  return {
    id: row.id,
    browserHash: row.browser_hash,
    request: decode(row.request),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function codeToRow(tenant: string, code: CodeRecord): CodeRow {
  return {
    tenant,
    hash: code.hash,
    grant_id: code.grantId,
    client_id: code.clientId,
    redirect_uri: code.redirectUri,
    code_challenge: code.codeChallenge,
    code_challenge_method: code.codeChallengeMethod,
    created_at: code.createdAt,
    expires_at: code.expiresAt,
    spent_at: code.spentAt,
  };
}

function codeFromRow(row: CodeRow): CodeRecord {
  return {
    hash: row.hash,
    grantId: row.grant_id,
    clientId: row.client_id,
    redirectUri: row.redirect_uri,
    codeChallenge: row.code_challenge,
    codeChallengeMethod: row.code_challenge_method,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    spentAt: row.spent_at,
  };
}
