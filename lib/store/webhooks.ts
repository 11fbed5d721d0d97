/** Webhooks of a sandbox, how far each has come in the ledger, and what could not be delivered. */
import { claim, release } from './counters.ts';
import type { Database } from './database.ts';
import { append } from './exchanges.ts';
import { decode, encode } from './json.ts';
import type { ExchangeRecord } from './records.ts';
import type { DeadLetterRow, IngestedEventRow, WebhookRow } from './rows/sandbox.ts';
import { pick, statement } from './statement.ts';

/** A webhook, and the state of its delivery. */
export interface WebhookRecord {
  readonly id: string;
  readonly url: string;
  /** Types of events that it wants; null: all. */
  readonly events: readonly string[] | null;
  /** Number of the last entry of the ledger that it has, or needs not. */
  readonly cursor: number;
  /** Tries of the next event so far. */
  readonly attempts: number;
  /** Wall ms before which it is not tried again. */
  readonly dueAt: number;
  /** `gone`: the receiver said 410, and gets nothing more. */
  readonly state: 'active' | 'gone';
  /** Why the latest try failed; null if it did not. */
  readonly problem: string | null;
  readonly createdAt: number;
  readonly deliveredAt: number | null;
}

/** An event that was given up. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly webhook: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly problem: string;
  readonly attempts: number;
  readonly createdAt: number;
}

/** An event that somebody else produced. */
export interface IngestedEventRecord {
  readonly key: string;
  readonly eventId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Wall ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What a try changes. */
export type WebhookProgress = Pick<
  WebhookRecord,
  'cursor' | 'attempts' | 'dueAt' | 'state' | 'problem' | 'deliveredAt'
>;

const WEBHOOK = [
  'tenant',
  'id',
  'url',
  'events',
  'cursor',
  'attempts',
  'due_at',
  'state',
  'problem',
  'created_at',
  'delivered_at',
] as const;
const DEAD = ['tenant', 'id', 'webhook', 'event', 'problem', 'attempts', 'created_at'] as const;

const insert = statement(({ db }, v: WebhookRow) => db.insertInto('webhooks').values(pick(v, WEBHOOK)));
const all = statement(({ db }, v: { tenant: string }) =>
  db.selectFrom('webhooks').selectAll().where('tenant', '=', v.tenant).orderBy('created_at').orderBy('id'),
);
const remove = statement(({ db }, v: { tenant: string; id: string }) =>
  db.deleteFrom('webhooks').where('tenant', '=', v.tenant).where('id', '=', v.id),
);
/** Only from where the caller saw it: of two that deliver at once, the later one does not set it back. */
const progress = statement(({ db }, v: Omit<WebhookRow, 'url' | 'events' | 'created_at'> & { seen: number }) =>
  db
    .updateTable('webhooks')
    .set(pick(v, ['cursor', 'attempts', 'due_at', 'state', 'problem', 'delivered_at']))
    .where('tenant', '=', v.tenant)
    .where('id', '=', v.id)
    .where('cursor', '=', v.seen),
);
const scopes = statement(({ db }, v: { after: string; limit: number }) =>
  db
    .selectFrom('webhooks')
    .select('tenant')
    .distinct()
    .where('tenant', '>', v.after)
    .where('state', '=', 'active')
    .orderBy('tenant')
    .limit(v.limit),
);
const bury = statement(({ db }, v: DeadLetterRow) => db.insertInto('dead_letters').values(pick(v, DEAD)), {
  grows: 'dead_letters',
});
const dead = statement(({ db }, v: { tenant: string; limit: number }) =>
  db
    .selectFrom('dead_letters')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(v.limit),
);
const ingest = statement(
  ({ db }, v: IngestedEventRow & { now: number }) =>
    db
      .insertInto('ingested_events')
      .values(pick(v, ['tenant', 'key', 'event_id', 'data', 'created_at', 'expires_at']))
      .onConflict((conflict) =>
        conflict
          .columns(['tenant', 'key'])
          .doUpdateSet(pick(v, ['event_id', 'data', 'created_at', 'expires_at']))
          .where('ingested_events.expires_at', '<=', v.now),
      )
      .returning('key'),
  { grows: 'ingested_events' },
);
const ingested = statement(({ db }, v: { tenant: string; key: string }) =>
  db.selectFrom('ingested_events').selectAll().where('tenant', '=', v.tenant).where('key', '=', v.key),
);

/** The webhooks of a sandbox. */
export interface WebhookVerbs {
  /** @throws LimitError if the sandbox has as many as it may */
  addWebhook(webhook: WebhookRecord): Promise<void>;
  /** Oldest first. */
  listWebhooks(): Promise<WebhookRecord[]>;
  /** @returns whether there was one */
  deleteWebhook(id: string): Promise<boolean>;
  /**
   * Notes how far a webhook has come.
   * @param seen the cursor that the change was worked out from
   * @returns false if it is gone, or somebody else has moved it
   */
  moveWebhook(id: string, seen: number, progress: WebhookProgress): Promise<boolean>;
  /** Keeps an event that could not be delivered; of more than 100 the oldest go. */
  addDeadLetter(letter: DeadLetterRecord): Promise<void>;
  /** Newest first. */
  listDeadLetters(limit: number): Promise<DeadLetterRecord[]>;
  /**
   * Keeps an event from elsewhere until its time is over, unless its key is known, and enters it in the ledger.
   * @param entry of the ledger, for webhooks to find
   * @returns the event that has the key, and whether it is this one
   */
  ingestEvent(
    event: IngestedEventRecord,
    entry: Omit<ExchangeRecord, 'seq'>,
  ): Promise<{ event: IngestedEventRecord; isNew: boolean }>;
}

export function webhookVerbs(db: Database, tenant: string): WebhookVerbs {
  return {
    async addWebhook(webhook) {
      await db.transaction(async (connection) => {
        await claim(connection, tenant, 'webhooks');
        await connection.run(insert, toRow(tenant, webhook));
      });
    },

    async listWebhooks() {
      return (await db.all(all, { tenant })).map(fromRow);
    },

    async deleteWebhook(id) {
      return await db.transaction(async (connection) => {
        const deleted = await connection.run(remove, { tenant, id });
        await release(connection, tenant, 'webhooks', deleted);
        return deleted > 0;
      });
    },

    async moveWebhook(id, seen, { cursor, attempts, dueAt, state, problem, deliveredAt }) {
      const row = { tenant, id, cursor, attempts, due_at: dueAt, state, problem, delivered_at: deliveredAt, seen };
      return (await db.run(progress, row)) > 0;
    },

    async addDeadLetter({ id, webhook, event, problem, attempts, createdAt }) {
      await db.run(bury, { tenant, id, webhook, event: encode(event), problem, attempts, created_at: createdAt });
    },

    async listDeadLetters(limit) {
      return (await db.all(dead, { tenant, limit })).map((row) => ({
        id: row.id,
        webhook: row.webhook,
        event: decode(row.event),
        problem: row.problem,
        attempts: row.attempts,
        createdAt: row.created_at,
      }));
    },

    async ingestEvent(event, entry) {
      const row = {
        tenant,
        key: event.key,
        event_id: event.eventId,
        data: encode(event.data),
        created_at: event.createdAt,
        expires_at: event.expiresAt,
        now: event.createdAt,
      };
      return await db.transaction(async (connection) => {
        if (await connection.first(ingest, row)) {
          await append(connection, tenant, [entry]);
          await connection.announce(`exchanges ${tenant}`);
          return { event, isNew: true };
        }
        const known = await connection.first(ingested, { tenant, key: event.key });
        return { event: known ? eventFromRow(known) : event, isNew: false };
      });
    },
  };
}

/** Which sandboxes have webhooks. */
export interface WebhookScopeVerbs {
  /** Ids of sandboxes with active webhooks, in order. */
  listWebhookScopes(options: { after: string; limit: number }): Promise<string[]>;
}

export function webhookScopeVerbs(db: Database): WebhookScopeVerbs {
  return {
    listWebhookScopes: async (options) => (await db.all(scopes, options)).map(({ tenant }) => tenant),
  };
}

function toRow(tenant: string, webhook: WebhookRecord): WebhookRow {
  return {
    tenant,
    id: webhook.id,
    url: webhook.url,
    events: webhook.events === null ? null : encode(webhook.events),
    cursor: webhook.cursor,
    attempts: webhook.attempts,
    due_at: webhook.dueAt,
    state: webhook.state,
    problem: webhook.problem,
    created_at: webhook.createdAt,
    delivered_at: webhook.deliveredAt,
  };
}

function fromRow(row: WebhookRow): WebhookRecord {
  return {
    id: row.id,
    url: row.url,
    events: row.events === null ? null : decode(row.events),
    cursor: row.cursor,
    attempts: row.attempts,
    dueAt: row.due_at,
    state: row.state as WebhookRecord['state'],
    problem: row.problem,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
  };
}

function eventFromRow(row: IngestedEventRow): IngestedEventRecord {
  return {
    key: row.key,
    eventId: row.event_id,
    data: decode(row.data),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
