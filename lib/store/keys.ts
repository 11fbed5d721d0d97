import { add } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { decode, encode } from './json.ts';
import type { KeyRow } from './rows/authorization.ts';
import { pick, statement } from './statement.ts';
import type { KeyRecord } from './records.ts';

const COLUMNS = ['tenant', 'kid', 'alg', 'private_jwk', 'public_jwk', 'created_at', 'retired_at'] as const;

const all = statement(({ db }, v: { tenant: string }) =>
  db.selectFrom('keys').selectAll().where('tenant', '=', v.tenant).orderBy('created_at').orderBy('kid'),
);

const inUse = statement(({ db }, v: { tenant: string; alg: string }) =>
  db
    .selectFrom('keys')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('alg', '=', v.alg)
    .where('retired_at', 'is', null),
);

const insert = statement(({ db }, v: KeyRow) => db.insertInto('keys').values(pick(v, COLUMNS)));

/** The unique index on keys in use lets one in. */
const insertIfNone = statement(({ db }, v: KeyRow) =>
  db
    .insertInto('keys')
    .values(pick(v, COLUMNS))
    .onConflict((conflict) => conflict.doNothing()),
);

const retire = statement(({ db }, v: { tenant: string; alg: string; now: number }) =>
  db
    .updateTable('keys')
    .set({ retired_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('alg', '=', v.alg)
    .where('retired_at', 'is', null),
);

const removeAll = statement(({ db }, v: { tenant: string }) => db.deleteFrom('keys').where('tenant', '=', v.tenant));

const removeRetired = statement(({ db }, v: { tenant: string; time: number }) =>
  db.deleteFrom('keys').where('tenant', '=', v.tenant).where('retired_at', '<', v.time),
);

/** The signing keys of one issuer. */
export interface KeyVerbs {
  /** All keys, retired ones too, oldest first. */
  listKeys(): Promise<KeyRecord[]>;
  /** Adds the key unless another is in use for its algorithm. @returns the key in use afterwards */
  addKeyIfNone(key: KeyRecord): Promise<KeyRecord>;
  /** Retires the key in use for the algorithm and puts this one in its place. */
  rotateKey(key: KeyRecord, now: number): Promise<void>;
  /** Replaces all keys. If several are given for one algorithm, the first signs. */
  replaceKeys(keys: readonly KeyRecord[]): Promise<void>;
  deleteKeysRetiredBefore(time: number): Promise<void>;
}

export function keyVerbs(db: Database, tenant: string): KeyVerbs {
  return {
    async listKeys() {
      const read = async () => (await db.all(all, { tenant })).map(fromRow);
      return db.cache === null ? await read() : [...(await db.cache.through(`keys ${tenant}`, read))];
    },

    async addKeyIfNone(key) {
      return await db.transaction(async (connection) => {
        await connection.run(insertIfNone, toRow(tenant, key));
        const row = await connection.first(inUse, { tenant, alg: key.alg });
        if (!row) throw new Error(`the key ${key.kid} is there already, and retired`);
        return fromRow(row);
      });
    },

    async rotateKey(key, now) {
      await db.transaction(async (connection) => {
        await queue(connection, tenant);
        await connection.run(retire, { tenant, alg: key.alg, now });
        await connection.run(insert, toRow(tenant, key));
      });
    },

    async replaceKeys(keys) {
      await db.transaction((connection) => replace(connection, tenant, keys));
    },

    async deleteKeysRetiredBefore(time) {
      await db.run(removeRetired, { tenant, time });
    },
  };
}

/** Those who change the keys of a scope wait here for each other. */
async function queue(connection: Connection, tenant: string): Promise<void> {
  await add(connection, tenant, 'keys-changed', 1);
}

/** One key signs for an algorithm: of several, the first; the others stay for those who verify. */
async function replace(connection: Connection, tenant: string, keys: readonly KeyRecord[]): Promise<void> {
  await queue(connection, tenant);
  await connection.run(removeAll, { tenant });
  const signing = new Set<string>();
  for (const key of keys) {
    const second = key.retiredAt === null && signing.has(key.alg);
    if (key.retiredAt === null) signing.add(key.alg);
    await connection.run(insert, toRow(tenant, second ? { ...key, retiredAt: key.createdAt } : key));
  }
}

function toRow(tenant: string, key: KeyRecord): KeyRow {
  return {
    tenant,
    kid: key.kid,
    alg: key.alg,
    private_jwk: encode(key.privateJwk),
    public_jwk: encode(key.publicJwk),
    created_at: key.createdAt,
    retired_at: key.retiredAt,
  };
}

function fromRow(row: KeyRow): KeyRecord {
  return {
    kid: row.kid,
    alg: row.alg,
    privateJwk: decode(row.private_jwk),
    publicJwk: decode(row.public_jwk),
    createdAt: row.created_at,
    retiredAt: row.retired_at,
  };
}
