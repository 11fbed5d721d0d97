import { claimWithRoom, release } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { revokeGrantsOfClient } from './grants.ts';
import { decode, decodeList, encode } from './json.ts';
import { dispensable } from './room.ts';
import type { ClientRow } from './rows/authorization.ts';
import { pick, statement } from './statement.ts';
import { ConflictError } from './errors.ts';
import type { ClientDocumentRecord, ClientRecord } from './records.ts';

const COLUMNS = [
  'tenant',
  'client_id',
  'source',
  'metadata',
  'auth_methods',
  'secret_hash',
  'secret_expires_at',
  'registration_token_hash',
  'created_at',
  'last_used_at',
  'made_by',
] as const;
const REPLACED = [
  'source',
  'metadata',
  'auth_methods',
  'secret_hash',
  'secret_expires_at',
  'registration_token_hash',
  'created_at',
] as const;

type ById = { tenant: string; client_id: string };

const byId = statement(({ db }, v: ById) =>
  db.selectFrom('clients').selectAll().where('tenant', '=', v.tenant).where('client_id', '=', v.client_id),
);

const insert = statement(({ db }, v: ClientRow) =>
  db
    .insertInto('clients')
    .values(pick(v, COLUMNS))
    .onConflict((conflict) => conflict.doNothing())
    .returning('client_id'),
);

const replace = statement(({ db }, v: ClientRow) =>
  db.updateTable('clients').set(pick(v, REPLACED)).where('tenant', '=', v.tenant).where('client_id', '=', v.client_id),
);

/** Only if it is still the registration that the caller saw. */
const replaceSeen = statement(({ db }, v: ClientRow & { seen_token: string | null; seen_secret: string }) =>
  db
    .updateTable('clients')
    .set(pick(v, REPLACED))
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where('registration_token_hash', '=', v.seen_token)
    .where((where) => where(where.fn.coalesce('secret_hash', where.val('')), '=', v.seen_secret)),
);

const page = statement(({ db }, v: { tenant: string; after: string; limit: number }) =>
  db
    .selectFrom('clients')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('client_id', '>', v.after)
    .orderBy('client_id')
    .limit(v.limit),
);

const remove = statement(({ db }, v: ById) =>
  db.deleteFrom('clients').where('tenant', '=', v.tenant).where('client_id', '=', v.client_id),
);

const bury = statement(
  ({ db }, v: ById & { deleted_at: number }) =>
    db
      .insertInto('deleted_clients')
      .values(pick(v, ['tenant', 'client_id', 'deleted_at']))
      .onConflict((conflict) => conflict.columns(['tenant', 'client_id']).doUpdateSet({ deleted_at: v.deleted_at })),
  { grows: 'deleted_clients' },
);

const unbury = statement(({ db }, v: ById) =>
  db
    .deleteFrom('deleted_clients')
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .returning('deleted_at'),
);

const revokeTokens = statement(({ db }, v: ById & { now: number }) =>
  db
    .updateTable('access_tokens')
    .set({ revoked_at: v.now })
    .where('tenant', '=', v.tenant)
    .where('client_id', '=', v.client_id)
    .where('revoked_at', 'is', null),
);

const document = statement(({ db }, v: { tenant: string; url: string }) =>
  db.selectFrom('client_documents').selectAll().where('tenant', '=', v.tenant).where('url', '=', v.url),
);

const putDocument = statement(
  (
    { db },
    v: { tenant: string; url: string; document: string; fetched_at: number; fresh_until: number; etag: string | null },
  ) =>
    db
      .insertInto('client_documents')
      .values(pick(v, ['tenant', 'url', 'document', 'fetched_at', 'fresh_until', 'etag']))
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'url']).doUpdateSet(pick(v, ['document', 'fetched_at', 'fresh_until', 'etag'])),
      ),
  { grows: 'client_documents' },
);

/** The clients of one issuer, and the metadata documents fetched for them. */
export interface ClientVerbs {
  /**
   * Stores a new client. If there are 1 000 already, makes room: forgets clients that registered themselves, the
   * never used first, then the longest idle.
   * @param from whom it counts against: a hash of the address it came from
   * @throws LimitError if no room can be made; ConflictError if the id is taken
   */
  createClient(client: ClientRecord, from?: string): Promise<void>;
  /** Creates or replaces a client: pre-registered ones, presets. @throws LimitError if it is new and one too many */
  putClient(client: ClientRecord): Promise<void>;
  /**
   * Replaces a registration that its client manages.
   * @param seen what the new one was made of
   * @returns false if it was deleted since, or given another secret or registration token
   */
  replaceClient(seen: ClientRecord, client: ClientRecord): Promise<boolean>;
  getClient(clientId: string): Promise<ClientRecord | null>;
  listClients(options: { limit: number; after?: string }): Promise<ClientRecord[]>;
  /** Deletes the client, revokes its grants and ends its access tokens. @returns false if there is none */
  deleteClient(clientId: string, now: number): Promise<boolean>;
  getClientDocument(url: string): Promise<ClientDocumentRecord | null>;
  putClientDocument(document: ClientDocumentRecord): Promise<void>;
}

export function clientVerbs(db: Database, tenant: string): ClientVerbs {
  return {
    async createClient(client, from) {
      await db.transaction(async (connection) => {
        if (!(await create(connection, toRow(tenant, client, from))))
          throw new ConflictError('client', client.clientId);
      });
    },

    async putClient(client) {
      const row = toRow(tenant, client);
      await db.transaction(async (connection) => {
        if ((await connection.run(replace, row)) > 0) return;
        // Of many that add it at once, the others replace what the first one added.
        if (!(await create(connection, row))) await connection.run(replace, row);
      });
    },

    async replaceClient(seen, client) {
      const values = {
        ...toRow(tenant, client),
        seen_token: seen.registrationTokenHash,
        seen_secret: seen.secretHash ?? '',
      };
      return (await db.run(replaceSeen, values)) > 0;
    },

    async getClient(clientId) {
      const read = async () => {
        const row = await db.first(byId, { tenant, client_id: clientId });
        return row ? fromRow(row) : null;
      };
      return db.cache === null ? await read() : await db.cache.through(`client ${tenant} ${clientId}`, read);
    },

    async listClients({ limit, after = '' }) {
      return (await db.all(page, { tenant, after, limit })).map(fromRow);
    },

    async deleteClient(clientId, now) {
      return await db.transaction(async (connection) => {
        if (!(await deleteWithin(connection, tenant, clientId, 'client-deleted', now))) return false;
        await release(connection, tenant, 'clients', 1);
        return true;
      });
    },

    async getClientDocument(url) {
      const row = await db.first(document, { tenant, url });
      return row
        ? {
            url: row.url,
            document: decode(row.document),
            fetchedAt: row.fetched_at,
            freshUntil: row.fresh_until,
            etag: row.etag,
          }
        : null;
    },

    async putClientDocument(record) {
      await db.run(putDocument, {
        tenant,
        url: record.url,
        document: encode(record.document),
        fetched_at: record.fetchedAt,
        fresh_until: record.freshUntil,
        etag: record.etag,
      });
    },
  };
}

/** @returns false if the id is taken */
async function create(connection: Connection, row: ClientRow): Promise<boolean> {
  if (!(await connection.first(insert, row))) return false;
  await claimWithRoom(connection, row.tenant, 'clients', async () => {
    const ids = await dispensable(connection, row.tenant, 'clients', row.client_id);
    for (const id of ids) await deleteWithin(connection, row.tenant, id, 'client-forgotten', row.created_at);
    return ids.length;
  });
  // The tombstone of a client of this name ends its tokens by their time of issue, which on a clock
  // that stands still is also that of the new client's: end them one by one, and forget the tombstone.
  const buried = await connection.first(unbury, { tenant: row.tenant, client_id: row.client_id });
  if (buried)
    await connection.run(revokeTokens, { tenant: row.tenant, client_id: row.client_id, now: buried.deleted_at });
  return true;
}

/** Deletes a client with its grants and tokens. The caller counts. @returns false if there is none */
async function deleteWithin(
  connection: Connection,
  tenant: string,
  clientId: string,
  reason: string,
  now: number,
): Promise<boolean> {
  const ids = { tenant, client_id: clientId };
  if ((await connection.run(remove, ids)) === 0) return false;
  await connection.run(bury, { ...ids, deleted_at: now });
  await revokeGrantsOfClient(connection, tenant, clientId, reason, now);
  return true;
}

function toRow(tenant: string, client: ClientRecord, from: string | null = null): ClientRow {
  return {
    tenant,
    client_id: client.clientId,
    source: client.source,
    metadata: encode(client.metadata),
    auth_methods: encode(client.authMethods),
    secret_hash: client.secretHash,
    secret_expires_at: client.secretExpiresAt,
    registration_token_hash: client.registrationTokenHash,
    created_at: client.createdAt,
    last_used_at: null,
    made_by: from,
  };
}

function fromRow(row: ClientRow): ClientRecord {
  return {
    clientId: row.client_id,
    source: row.source as ClientRecord['source'],
    metadata: decode<ClientRecord['metadata']>(row.metadata),
    authMethods: decodeList(row.auth_methods),
    secretHash: row.secret_hash,
    secretExpiresAt: row.secret_expires_at,
    registrationTokenHash: row.registration_token_hash,
    createdAt: row.created_at,
  };
}
