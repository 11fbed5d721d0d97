import { claim, release } from './counters.ts';
import type { Database } from './database.ts';
import type { ShareRecord } from './records.ts';
import type { ShareRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';

const insert = statement(({ db }, v: ShareRow) =>
  db.insertInto('shares').values(pick(v, ['tenant', 'token_hash', 'id', 'created_at'])),
);

const all = statement(({ db }, v: { tenant: string }) =>
  db.selectFrom('shares').selectAll().where('tenant', '=', v.tenant).orderBy('created_at'),
);

const byToken = statement(({ db }, v: { tenant: string; token_hash: string }) =>
  db.selectFrom('shares').select('id').where('tenant', '=', v.tenant).where('token_hash', '=', v.token_hash),
);

const remove = statement(({ db }, v: { tenant: string; id: string }) =>
  db.deleteFrom('shares').where('tenant', '=', v.tenant).where('id', '=', v.id),
);

/** The links that show a sandbox to others. They end with a reset. */
export interface ShareVerbs {
  /** @throws LimitError if there are 100 shares */
  addShare(share: ShareRecord): Promise<void>;
  /** In the order in which they were made. */
  listShares(): Promise<ShareRecord[]>;
  /** The id of the share with this token; null if there is none. */
  findShare(tokenHash: string): Promise<string | null>;
  /** @returns whether there was one */
  deleteShare(id: string): Promise<boolean>;
}

export function shareVerbs(db: Database, tenant: string): ShareVerbs {
  return {
    async addShare({ id, tokenHash, createdAt }) {
      await db.transaction(async (connection) => {
        await claim(connection, tenant, 'shares');
        await connection.run(insert, { tenant, id, token_hash: tokenHash, created_at: createdAt });
      });
    },

    async listShares() {
      return (await db.all(all, { tenant })).map((row) => ({
        id: row.id,
        tokenHash: row.token_hash,
        createdAt: row.created_at,
      }));
    },

    async findShare(tokenHash) {
      return (await db.first(byToken, { tenant, token_hash: tokenHash }))?.id ?? null;
    },

    async deleteShare(id) {
      return await db.transaction(async (connection) => {
        const deleted = await connection.run(remove, { tenant, id });
        await release(connection, tenant, 'shares', deleted);
        return deleted > 0;
      });
    },
  };
}
