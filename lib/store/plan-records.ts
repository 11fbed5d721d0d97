/** Plans of the control API: a client taken through many scenarios. What is in one, lib/sandbox knows. */
import type { Database } from './database.ts';
import { decode, encode } from './json.ts';
import type { PlanRow } from './rows/instance.ts';
import { pick, statement } from './statement.ts';

const insert = statement(({ db }, v: PlanRow) =>
  db.insertInto('plans').values(pick(v, ['id', 'control_token_hash', 'data', 'created_at', 'expires_at', 'version'])),
);

const byId = statement(({ db }, v: { id: string }) => db.selectFrom('plans').selectAll().where('id', '=', v.id));

const replace = statement(({ db }, v: { id: string; data: string; version: number; next: number }) =>
  db
    .updateTable('plans')
    .set({ data: v.data, version: v.next })
    .where('id', '=', v.id)
    .where('version', '=', v.version)
    .returningAll(),
);

/** Reports of a plan's items stand beside it, under its id and a slash. */
const listed = statement(({ db }, v: { wall: number; limit: number; offset: number }) =>
  db
    .selectFrom('plans')
    .selectAll()
    .where('id', 'not like', '%/%')
    .where('expires_at', '>', v.wall)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(v.limit)
    .offset(v.offset),
);

const remove = statement(({ db }, v: { id: string }) => db.deleteFrom('plans').where('id', '=', v.id));

/** A plan as it is kept. */
export interface PlanRecord {
  readonly id: string;
  /** SHA-256 of the control token. */
  readonly controlTokenHash: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Wall time, ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Rises with each change. */
  readonly version: number;
}

export interface PlanVerbs {
  createPlan(record: PlanRecord): Promise<void>;
  getPlan(id: string): Promise<PlanRecord | null>;
  /** Replaces what is in it. @returns null if there is no such plan, or it has another version */
  updatePlan(id: string, data: PlanRecord['data'], version: number): Promise<PlanRecord | null>;
  deletePlan(id: string): Promise<boolean>;
  /** Plans that are alive, the latest first. @param wall now, ms */
  listPlans(wall: number, page: { offset: number; limit: number }): Promise<PlanRecord[]>;
}

export function planVerbs(db: Database): PlanVerbs {
  return {
    async createPlan(record) {
      await db.run(insert, {
        id: record.id,
        control_token_hash: record.controlTokenHash,
        data: encode(record.data),
        created_at: record.createdAt,
        expires_at: record.expiresAt,
        version: record.version,
      });
    },

    async getPlan(id) {
      const row = await db.first(byId, { id });
      return row ? fromRow(row) : null;
    },

    async updatePlan(id, data, version) {
      const row = await db.first(replace, { id, data: encode(data), version, next: version + 1 });
      return row ? fromRow(row) : null;
    },

    async deletePlan(id) {
      return (await db.run(remove, { id })) > 0;
    },

    async listPlans(wall, page) {
      return (await db.all(listed, { wall, ...page })).map(fromRow);
    },
  };
}

function fromRow(row: PlanRow): PlanRecord {
  return {
    id: row.id,
    controlTokenHash: row.control_token_hash,
    data: decode(row.data),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    version: row.version,
  };
}
