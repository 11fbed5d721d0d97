import { clientUses, noteClientUse } from './client-use.ts';
import type { Database } from './database.ts';
import { endOf, extendGrant, grantFromJoined, insertGrant, type JoinedGrant } from './grants.ts';
import type { AccessTokenRecord, GrantRecord, RefreshTokenRecord, RotateOutcome } from './records.ts';
import {
  type RotateInput,
  insertRefreshToken,
  refreshWithGrant,
  refreshFromRow,
  rotate,
  family,
} from './refresh-tokens.ts';
import {
  insertAccess,
  accessRow,
  insertAccessToken,
  accessWithGrant,
  accessFromRow,
  revokeAccess,
  revokeAllAccess,
  expireAllAccess,
} from './access-tokens.ts';

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
  rotateRefreshToken(input: RotateInput): Promise<RotateOutcome>;
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
