import { sql } from 'kysely';
import { add, release } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { decodeObject, encode } from './json.ts';
import type { SandboxRow } from './rows/sandbox.ts';
import type { Schema } from './schema.ts';
import { pick, statement } from './statement.ts';
import { ConflictError } from './errors.ts';
import { WHOLE_DATABASE } from './limits.ts';
import type { SandboxRecord } from './records.ts';

/** Further issuers that a sandbox may have; their scope is `{id}/{name}`. */
export const FURTHER_ISSUERS = ['as2', 'idp'] as const;

/** All scopes of a sandbox: its own and those of its further issuers. */
export const scopesOf = (id: string): string[] => [id, ...FURTHER_ISSUERS.map((name) => `${id}/${name}`)];

/** Tables whose rows belong to a scope, but for keys and counters. */
export const TENANT_TABLES = [
  'clients',
  'deleted_clients',
  'client_documents',
  'users',
  'sessions',
  'interactions',
  'grants',
  'codes',
  'access_tokens',
  'refresh_tokens',
  'devices',
  'pushed_requests',
  'remembered',
  'notes',
  'exchanges',
  'faults',
  'shares',
  'queued',
  'webhooks',
  'dead_letters',
  'ingested_events',
  'barriers',
] as const satisfies readonly (keyof Schema)[];

/** Counters that outlive a reset: a reader that resumes must not meet a number again. */
const RUNNING_NUMBERS = ['exchange-seq'];

/** A use within this many ms of the latest one is not written again. */
const TOUCH_INTERVAL = 1000;
/** Most sandboxes that go for a new one. More than one go only after the bound was set lower. */
const MOST_GOING = 20;
/** Sandboxes beyond those that are to go, among which the longest idle are looked for: a use is written with delay. */
const LOOKED_AT = 50;

const insert = statement(({ db }, v: SandboxRow) =>
  db
    .insertInto('sandboxes')
    .values(
      pick(v, [
        'id',
        'config',
        'scenario',
        'control_token_hash',
        'secret',
        'clock_offset',
        'clock_frozen_at',
        'created_at',
        'last_used_at',
        'ttl',
        'expires_at',
        'version',
        'staged',
        'config_change',
        'deleted_at',
        'epoch',
      ]),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
);

const byId = statement(({ db }, v: { id: string }) =>
  db.selectFrom('sandboxes').selectAll().where('id', '=', v.id).where('deleted_at', 'is', null),
);

const touch = statement(({ db }, v: { id: string; wall: number; before: number }) =>
  db
    .updateTable('sandboxes')
    .set({
      last_used_at: v.wall,
      expires_at: sql<
        number | null
      >`case when ttl is null then expires_at else cast(${v.wall} as bigint) + ttl * 1000 end`,
    })
    .where('id', '=', v.id)
    .where('last_used_at', '<=', v.before)
    .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', v.wall)])),
);

const page = statement(({ db }, v: { before: number; limit: number }) =>
  db
    .selectFrom('sandboxes')
    .selectAll()
    .where('created_at', '<', v.before)
    .where('deleted_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(v.limit),
);

/** Its row stays until the sweep, so that what requests in flight still write is found and deleted. */
const remove = statement(({ db }, v: { id: string; now: number }) =>
  db
    .updateTable('sandboxes')
    .set({ deleted_at: v.now, expires_at: v.now, config: '{}' })
    .where('id', '=', v.id)
    .where('deleted_at', 'is', null),
);

const raiseEpoch = statement(({ db }, v: { id: string }) =>
  db.updateTable('sandboxes').set({ epoch: sql`epoch + 1` }).where('id', '=', v.id),
);

const longestIdle = statement(({ db }, v: { except: string; now: number; limit: number }) =>
  db
    .selectFrom('sandboxes')
    .select(['id', 'last_used_at'])
    .where('deleted_at', 'is', null)
    .where('ttl', 'is not', null)
    .where('id', '<>', v.except)
    .where('last_used_at', '<=', v.now)
    .orderBy('last_used_at')
    .limit(v.limit),
);

/** The sandboxes of the whole database. */
export interface SandboxVerbs {
  /**
   * Stores a new sandbox. If the database holds as many as it may, the longest idle one goes.
   * @param usedLately when this process saw a use of a sandbox that may not be written yet, wall ms
   * @returns the ids of those that went for it
   * @throws ConflictError if the id is taken
   */
  createSandbox(record: SandboxRecord, usedLately?: (id: string) => number | undefined): Promise<readonly string[]>;
  getSandbox(id: string): Promise<SandboxRecord | null>;
  /**
   * Replaces the given members and raises `version`.
   * @param options.version change it only if the sandbox still has this version. A change computed from what was
   *   read ("an hour later") is then never applied to something else.
   * @returns the new record; null if there is no such sandbox, or it has another version
   */
  updateSandbox(id: string, change: SandboxUpdate, options?: { version?: number }): Promise<SandboxRecord | null>;
  /** Notes a use, to the second: moves `lastUsedAt` and `expiresAt`. What has expired stays expired. */
  touchSandbox(id: string, wall: number): Promise<void>;
  /**
   * Deletes the sandbox with everything in it and in its further issuers (`id/as2`, `id/idp`). What requests in flight
   * still write is deleted by the sweep.
   */
  deleteSandbox(id: string, wall: number): Promise<boolean>;
  /**
   * Deletes what is in the sandbox, except its keys if `keepKeys`; the sandbox itself stays, and so do its ledger
   * facts.
   * With `wall`, the clients that are deleted are noted as forgotten at that time.
   */
  resetSandbox(id: string, options?: { keepKeys?: boolean; wall?: number }): Promise<void>;
  /** All sandboxes, newest first; for operators. */
  listSandboxes(options: { limit: number; before?: number }): Promise<SandboxRecord[]>;
}

/** What `updateSandbox` can replace. */
export type SandboxUpdate = Partial<
  Pick<SandboxRecord, 'config' | 'staged' | 'scenario' | 'clock' | 'ttl' | 'expiresAt' | 'controlTokenHash'>
>;

export function sandboxVerbs(db: Database): SandboxVerbs {
  return {
    async createSandbox(record, usedLately) {
      return await db.transaction(async (connection) => {
        if (!(await connection.first(insert, toRow(record)))) throw new ConflictError('sandbox', record.id);
        const excess = (await add(connection, WHOLE_DATABASE, 'sandboxes', 1)) - connection.limits.sandboxes;
        return excess > 0 ? await removeIdle(connection, record, Math.min(excess, MOST_GOING), usedLately) : [];
      });
    },

    async getSandbox(id) {
      const row = await db.first(byId, { id });
      return row ? fromRow(row) : null;
    },

    async updateSandbox(id, change, options = {}) {
      let query = db.kysely
        .updateTable('sandboxes')
        .set(changed(change))
        .where('id', '=', id)
        .where('deleted_at', 'is', null);
      if (options.version !== undefined) query = query.where('version', '=', options.version);
      const row = await query.returningAll().executeTakeFirst();
      return row ? fromRow(row) : null;
    },

    async touchSandbox(id, wall) {
      await db.run(touch, { id, wall, before: wall - TOUCH_INTERVAL });
    },

    async deleteSandbox(id, wall) {
      return await db.transaction(async (connection) => {
        const deleted = await connection.run(remove, { id, now: wall });
        await empty(connection, id, { keepKeys: false, keepNumbers: false });
        if (deleted > 0) await release(connection, WHOLE_DATABASE, 'sandboxes', 1);
        await connection.announce(`reset ${id}`);
        return deleted > 0;
      });
    },

    async resetSandbox(id, { keepKeys = false, wall } = {}) {
      await db.transaction(async (connection) => {
        await connection.run(raiseEpoch, { id });
        if (wall !== undefined) await noteForgottenClients(connection, id, wall);
        await empty(connection, id, { keepKeys, keepNumbers: true });
        await connection.announce(`reset ${id}`);
      });
    },

    async listSandboxes({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await db.all(page, { limit, before })).map(fromRow);
    },
  };
}

/** Deletes the longest idle sandboxes for a new one, and returns their ids. What is in them is left to the sweep. */
async function removeIdle(
  connection: Connection,
  { id: except, createdAt: now }: SandboxRecord,
  count: number,
  usedLately: (id: string) => number | undefined = () => undefined,
): Promise<string[]> {
  const rows = await connection.all(longestIdle, { except, now, limit: count + LOOKED_AT });
  const usedAt = (row: (typeof rows)[number]): number => Math.max(row.last_used_at, usedLately(row.id) ?? 0);
  const gone: string[] = [];
  for (const { id } of rows.sort((a, b) => usedAt(a) - usedAt(b)).slice(0, count))
    if ((await connection.run(remove, { id, now })) > 0) {
      gone.push(id);
      await connection.announce(`reset ${id}`);
    }
  await release(connection, WHOLE_DATABASE, 'sandboxes', gone.length);
  return gone;
}

async function noteForgottenClients({ kysely }: Connection, id: string, wall: number): Promise<void> {
  await kysely
    .insertInto('ledger_facts')
    .columns(['tenant', 'kind', 'name', 'at'])
    .expression((from) =>
      from
        .selectFrom('clients')
        .where('tenant', 'in', scopesOf(id))
        .select(({ val, cast }) => [
          cast<string>(val(id), 'text').as('tenant'),
          cast<string>(val('forgotten-client'), 'text').as('kind'),
          'client_id as name',
          cast<number>(val(wall), 'bigint').as('at'),
        ])
        .distinct(),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Deletes what the scopes of a sandbox hold. */
async function empty(
  { kysely }: Connection,
  id: string,
  { keepKeys, keepNumbers }: { keepKeys: boolean; keepNumbers: boolean },
): Promise<void> {
  const scopes = scopesOf(id);
  for (const table of TENANT_TABLES) await kysely.deleteFrom(table).where('tenant', 'in', scopes).execute();
  if (!keepKeys) await kysely.deleteFrom('keys').where('tenant', 'in', scopes).execute();
  let counters = kysely.deleteFrom('counters').where('tenant', 'in', scopes);
  if (keepNumbers) counters = counters.where('name', 'not in', RUNNING_NUMBERS);
  else await kysely.deleteFrom('ledger_facts').where('tenant', 'in', scopes).execute();
  await counters.execute();
}

function changed(change: SandboxUpdate) {
  return {
    version: sql<number>`version + 1`,
    ...((change.config ?? change.staged ?? change.scenario) !== undefined && {
      config_change: sql<number>`config_change + 1`,
    }),
    ...(change.staged !== undefined && { staged: encode(change.staged) }),
    ...(change.config !== undefined && { config: encode(change.config) }),
    ...(change.scenario !== undefined && { scenario: change.scenario }),
    ...(change.clock !== undefined && { clock_offset: change.clock.offset, clock_frozen_at: change.clock.frozenAt }),
    ...(change.ttl !== undefined && { ttl: change.ttl }),
    ...(change.expiresAt !== undefined && { expires_at: change.expiresAt }),
    ...(change.controlTokenHash !== undefined && { control_token_hash: change.controlTokenHash }),
  };
}

function toRow(record: SandboxRecord): SandboxRow {
  return {
    id: record.id,
    config: encode(record.config),
    scenario: record.scenario,
    control_token_hash: record.controlTokenHash,
    secret: record.secret,
    clock_offset: record.clock.offset,
    clock_frozen_at: record.clock.frozenAt,
    created_at: record.createdAt,
    last_used_at: record.lastUsedAt,
    ttl: record.ttl,
    expires_at: record.expiresAt,
    version: record.version,
    staged: encode(record.staged),
    config_change: record.configChange,
    deleted_at: null,
    epoch: record.epoch,
  };
}

function fromRow(row: SandboxRow): SandboxRecord {
  return {
    id: row.id,
    config: decodeObject(row.config),
    scenario: row.scenario,
    controlTokenHash: row.control_token_hash,
    secret: row.secret,
    clock: { offset: row.clock_offset, frozenAt: row.clock_frozen_at },
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    ttl: row.ttl,
    expiresAt: row.expires_at,
    version: row.version,
    staged: decodeObject(row.staged),
    configChange: row.config_change,
    epoch: row.epoch,
  };
}
