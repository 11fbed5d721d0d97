import { clientUses, noteClientUse } from './client-use.ts';
import type { Connection, Database } from './database.ts';
import { endOf, extendGrant, grantFromJoined, insertGrant, JOINED, type JoinedGrant, revokeWithin } from './grants.ts';
import { decodeList, decodeObject, encode } from './json.ts';
import { type AccessTokenRow, FOREVER, type RefreshTokenRow } from './schema.ts';
import { pick, statement } from './statement.ts';
import type { AccessTokenRecord, GrantRecord, RefreshTokenRecord, RotateOutcome } from './records.ts';

const ACCESS = [
  'tenant',
  'id',
  'grant_id',
  'client_id',
  'sub',
  'scope',
  'audience',
  'issued_at',
  'expires_at',
  'revoked_at',
  'jkt',
  'details',
] as const;
const REFRESH = [
  'tenant',
  'hash',
  'grant_id',
  'client_id',
  'scope',
  'generation',
  'parent_hash',
  'issued_at',
  'expires_at',
  'used_at',
  'jkt',
] as const;

type ByHash = { tenant: string; hash: string };

const insertAccess = statement(({ db }, v: AccessTokenRow) => db.insertInto('access_tokens').values(pick(v, ACCESS)), {
  grows: 'access_tokens',
});

const insertRefresh = statement(
  ({ db }, v: RefreshTokenRow) =>
    db
      .insertInto('refresh_tokens')
      .values(pick(v, REFRESH))
      .onConflict((conflict) => conflict.doNothing()),
  { grows: 'refresh_tokens' },
);

/** A token whose grant is gone is not found, and one of a deleted client is revoked. */
const accessWithGrant = statement(({ db }, v: { tenant: string; id: string }) =>
  db
    .selectFrom('access_tokens as t')
    .leftJoin('grants as g', (join) => join.onRef('g.tenant', '=', 't.tenant').onRef('g.id', '=', 't.grant_id'))
    .leftJoin('deleted_clients as d', (join) =>
      join
        .onRef('d.tenant', '=', 't.tenant')
        .onRef('d.client_id', '=', 't.client_id')
        .onRef('d.deleted_at', '>=', 't.issued_at'),
    )
    .selectAll('t')
    .select(JOINED)
    .select('d.deleted_at')
    .where('t.tenant', '=', v.tenant)
    .where('t.id', '=', v.id)
    .where((where) => where.or([where('t.grant_id', 'is', null), where('g.id', 'is not', null)])),
);

const revokeAccess = statement(({ db }, v: { tenant: string; id: string; now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ revoked_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('revoked_at', 'is', null),
);

const revokeAllAccess = statement(({ db }, v: { tenant: string; now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ revoked_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('revoked_at', 'is', null),
);

const expireAllAccess = statement(({ db }, v: { tenant: string; now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ expires_at: v.now })
    .where('tenant', '=', v.tenant)
    .where((where) => where.or([where('expires_at', '>', v.now), where('expires_at', 'is', null)])),
);

const refreshWithGrant = statement(({ db }, v: ByHash) =>
  db
    .selectFrom('refresh_tokens as t')
    .innerJoin('grants as g', (join) => join.onRef('g.tenant', '=', 't.tenant').onRef('g.id', '=', 't.grant_id'))
    .selectAll('t')
    .select(JOINED)
    .where('t.tenant', '=', v.tenant)
    .where('t.hash', '=', v.hash),
);

/** The token and its grant, held until the transaction ends. */
const lockRefresh = statement(({ db, lock }, v: ByHash) =>
  lock(
    db
      .selectFrom('refresh_tokens as t')
      .innerJoin('grants as g', (join) => join.onRef('g.tenant', '=', 't.tenant').onRef('g.id', '=', 't.grant_id'))
      .select(['t.grant_id', 't.used_at', 't.expires_at', 'g.revoked_at'])
      .where('t.tenant', '=', v.tenant)
      .where('t.hash', '=', v.hash),
  ),
);

const unusedSuccessor = statement(({ db, lock }, v: ByHash & { parent: string }) =>
  lock(
    db
      .selectFrom('refresh_tokens')
      .select('hash')
      .where('tenant', '=', v.tenant)
      .where('hash', '=', v.hash)
      .where('parent_hash', '=', v.parent)
      .where('used_at', 'is', null),
  ),
);

const use = statement(({ db }, v: ByHash & { now: number }) =>
  db
    .updateTable('refresh_tokens')
    .set({ used_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash)
    .where('used_at', 'is', null),
);

const moveEnd = statement(({ db }, v: ByHash & { until: number }) =>
  db
    .updateTable('refresh_tokens')
    .set({ expires_at: v.until })
    .where('tenant', '=', v.tenant)
    .where('hash', '=', v.hash),
);

const family = statement(({ db }, v: { tenant: string; grant_id: string }) =>
  db
    .selectFrom('refresh_tokens')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('grant_id', '=', v.grant_id)
    .orderBy('generation')
    .orderBy('issued_at'),
);

/** Access tokens and refresh tokens. */
export interface TokenVerbs {
  saveAccessToken(token: AccessTokenRecord): Promise<void>;
  /** Stores the tokens of one answer together, with their grant if it is new. @throws LimitError */
  saveTokens(input: {
    grant?: GrantRecord;
    access: AccessTokenRecord;
    refresh?: RefreshTokenRecord | null;
  }): Promise<void>;
  getAccessToken(id: string): Promise<{ token: AccessTokenRecord; grant: GrantRecord | null } | null>;
  revokeAccessToken(id: string, now: number): Promise<boolean>;
  /** Ends all access tokens issued so far: revokes them, or lets them expire now. */
  endAccessTokens(how: 'revoke' | 'expire', now: number): Promise<void>;
  findRefreshToken(hash: string): Promise<{ token: RefreshTokenRecord; grant: GrantRecord } | null>;
  /**
   * Marks the token as used and stores its successor and the new access token, or says why not.
   * @param input.grace ms after its use in which the token is answered once more, if its successor is unused
   * @param input.reuse what a later use brings
   * @param input.successor null: the token stays valid, and its idle end moves to `idleUntil`
   */
  rotateRefreshToken(input: {
    hash: string;
    now: number;
    successor: RefreshTokenRecord | null;
    access: AccessTokenRecord;
    reuse: 'revoke-family' | 'reject' | 'accept';
    grace: number;
    idleUntil: number;
    reason: string;
  }): Promise<RotateOutcome>;
  /** The family: all refresh tokens of a grant, oldest first. */
  listRefreshTokens(grantId: string): Promise<RefreshTokenRecord[]>;
}

export function tokenVerbs(db: Database, tenant: string): TokenVerbs {
  const noteUse = clientUses(db, tenant);

  return {
    async saveAccessToken(token) {
      const { grantId, issuedAt: now } = token;
      if (grantId === null) {
        await Promise.all([db.runInSharedCommit(insertAccess, accessRow(tenant, token)), noteUse(token.clientId, now)]);
        return;
      }
      await db.transaction(async (connection) => {
        await insertAccessToken(connection, tenant, token);
        await extendGrant(connection, tenant, grantId, { until: endOf(token), now });
      });
    },

    async saveTokens({ grant, access, refresh = null }) {
      await db.transaction(async (connection) => {
        const until = endOf(access, refresh);
        if (grant) await insertGrant(connection, tenant, grant, until, { used: true });
        else if (access.grantId !== null)
          await extendGrant(connection, tenant, access.grantId, { until, now: access.issuedAt });
        else await noteClientUse(connection, tenant, access.clientId, access.issuedAt);
        await insertAccessToken(connection, tenant, access);
        if (refresh) await insertRefreshToken(connection, tenant, refresh);
      });
    },

    async getAccessToken(id) {
      const row = await db.first(accessWithGrant, { tenant, id });
      if (!row) return null;
      const token = accessFromRow({ ...row, revoked_at: row.revoked_at ?? row.deleted_at });
      return { token, grant: row.g_id === null ? null : grantFromJoined(row as JoinedGrant) };
    },

    async revokeAccessToken(id, now) {
      return (await db.run(revokeAccess, { tenant, id, now })) > 0;
    },

    async endAccessTokens(how, now) {
      await db.run(how === 'revoke' ? revokeAllAccess : expireAllAccess, { tenant, now });
    },

    async findRefreshToken(hash) {
      const row = await db.first(refreshWithGrant, { tenant, hash });
      return row ? { token: refreshFromRow(row), grant: grantFromJoined(row) } : null;
    },

    async rotateRefreshToken(input) {
      const outcome = await db.transaction((connection) => rotate(connection, tenant, input));
      if (outcome.outcome === 'rotated') await noteUse(input.access.clientId, input.now);
      return outcome;
    },

    async listRefreshTokens(grantId) {
      return (await db.all(family, { tenant, grant_id: grantId })).map(refreshFromRow);
    },
  };
}

type RotateInput = Parameters<TokenVerbs['rotateRefreshToken']>[0];

async function rotate(connection: Connection, tenant: string, input: RotateInput): Promise<RotateOutcome> {
  const { hash, now, successor, access, reuse, grace, idleUntil, reason } = input;
  const token = await connection.first(lockRefresh, { tenant, hash });
  if (!token) return { outcome: 'unknown' };
  if (token.revoked_at !== null) return { outcome: 'revoked' };

  if (token.used_at !== null) {
    const inGrace = grace > 0 && now - token.used_at <= grace && successor !== null;
    if (inGrace && (await connection.first(unusedSuccessor, { tenant, hash: successor.hash, parent: hash }))) {
      await insertAccessToken(connection, tenant, access);
      await extendGrant(connection, tenant, token.grant_id, { until: endOf(access), now });
      return { outcome: 'repeated' };
    }
    if (reuse === 'revoke-family') {
      await revokeWithin(connection, tenant, token.grant_id, reason, now);
      return { outcome: 'family-revoked' };
    }
    if (reuse === 'reject') return { outcome: 'spent' };
  }

  if (token.expires_at <= now) return { outcome: 'expired' };
  await insertAccessToken(connection, tenant, access);
  if (successor) {
    await connection.run(use, { tenant, hash, now });
    // Where a used token is accepted once more its successor may stand already: it stays as it is.
    await insertRefreshToken(connection, tenant, successor);
    await extendGrant(connection, tenant, token.grant_id, { until: endOf(access, successor), now });
  } else {
    await connection.run(moveEnd, { tenant, hash, until: idleUntil });
    await extendGrant(connection, tenant, token.grant_id, { until: Math.max(endOf(access), idleUntil), now });
  }
  return { outcome: 'rotated' };
}

/** Stores an access token; the caller extends its grant. */
export async function insertAccessToken(
  connection: Connection,
  tenant: string,
  token: AccessTokenRecord,
): Promise<void> {
  await connection.run(insertAccess, accessRow(tenant, token));
}

function accessRow(tenant: string, token: AccessTokenRecord): AccessTokenRow {
  return {
    tenant,
    id: token.id,
    grant_id: token.grantId,
    client_id: token.clientId,
    sub: token.sub,
    scope: encode(token.scope),
    audience: encode(token.audience),
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    revoked_at: token.revokedAt,
    jkt: token.jkt,
    details: encode(token.details),
  };
}

/** Stores a refresh token unless it exists; the caller extends its grant. */
export async function insertRefreshToken(
  connection: Connection,
  tenant: string,
  token: RefreshTokenRecord,
): Promise<void> {
  await connection.run(insertRefresh, {
    tenant,
    hash: token.hash,
    grant_id: token.grantId,
    client_id: token.clientId,
    scope: encode(token.scope),
    generation: token.generation,
    parent_hash: token.parentHash,
    issued_at: token.issuedAt,
    expires_at: Math.min(token.expiresAt, FOREVER),
    used_at: token.usedAt,
    jkt: token.jkt,
  });
}

function accessFromRow(row: AccessTokenRow): AccessTokenRecord {
  return {
    id: row.id,
    grantId: row.grant_id,
    clientId: row.client_id,
    sub: row.sub,
    scope: decodeList(row.scope),
    audience: decodeList(row.audience),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    jkt: row.jkt,
    details: decodeObject(row.details),
  };
}

function refreshFromRow(row: RefreshTokenRow): RefreshTokenRecord {
  return {
    hash: row.hash,
    grantId: row.grant_id,
    clientId: row.client_id,
    scope: decodeList(row.scope),
    generation: row.generation,
    parentHash: row.parent_hash,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    jkt: row.jkt,
  };
}
