import { claim, release, tryClaim } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { decodeObject, encode } from './json.ts';
import type { SessionRow, UserRow } from './schema.ts';
import { pick, statement } from './statement.ts';
import { ConflictError } from './errors.ts';
import type { SessionRecord, UserRecord } from './records.ts';

const COLUMNS = [
  'tenant',
  'sub',
  'email',
  'email_key',
  'password_hash',
  'claims',
  'temporary',
  'created_at',
  'last_used_at',
] as const;
const REPLACED = ['email', 'email_key', 'password_hash', 'claims', 'temporary', 'created_at', 'last_used_at'] as const;

/** Temporary users that were made this many ms ago and have no grant may go when there are too many. */
const TEMPORARY_USERS_AGE = 3_600_000;

type BySub = { tenant: string; sub: string };

const bySub = statement(({ db }, v: BySub) =>
  db.selectFrom('users').selectAll().where('tenant', '=', v.tenant).where('sub', '=', v.sub),
);

const byEmail = statement(({ db }, v: { tenant: string; email_key: string }) =>
  db
    .selectFrom('users')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('email_key', '=', v.email_key)
    .where('password_hash', 'is not', null),
);

const insert = statement(({ db }, v: UserRow) =>
  db
    .insertInto('users')
    .values(pick(v, COLUMNS))
    .onConflict((conflict) => conflict.doNothing())
    .returning('sub'),
);

const replace = statement(({ db }, v: UserRow) =>
  db.updateTable('users').set(pick(v, REPLACED)).where('tenant', '=', v.tenant).where('sub', '=', v.sub),
);

const touch = statement(({ db }, v: BySub & { now: number }) =>
  db.updateTable('users').set({ last_used_at: v.now }).where('tenant', '=', v.tenant).where('sub', '=', v.sub),
);

const page = statement(({ db }, v: { tenant: string; after: string; limit: number }) =>
  db
    .selectFrom('users')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('sub', '>', v.after)
    .orderBy('sub')
    .limit(v.limit),
);

const removeTemporary = statement(({ db }, v: { tenant: string; before: number }) =>
  db
    .deleteFrom('users')
    .where('tenant', '=', v.tenant)
    .where('temporary', '=', 1)
    .where('last_used_at', '<', v.before)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('grants')
            .select('grants.id')
            .whereRef('grants.tenant', '=', 'users.tenant')
            .whereRef('grants.sub', '=', 'users.sub')
            .where('grants.live', '=', 1),
        ),
      ),
    ),
);

const putSession = statement(({ db }, v: SessionRow) =>
  db
    .insertInto('sessions')
    .values(pick(v, ['tenant', 'browser_hash', 'id', 'sub', 'auth_time', 'expires_at']))
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'browser_hash']).doUpdateSet(pick(v, ['id', 'sub', 'auth_time', 'expires_at'])),
    ),
);

const session = statement(({ db }, v: { tenant: string; browser_hash: string; now: number }) =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', v.tenant)
    .where('browser_hash', '=', v.browser_hash)
    .where('expires_at', '>', v.now),
);

const removeSession = statement(({ db }, v: { tenant: string; browser_hash: string }) =>
  db.deleteFrom('sessions').where('tenant', '=', v.tenant).where('browser_hash', '=', v.browser_hash),
);

/** The users of one issuer, and their logins. */
export interface UserVerbs {
  /**
   * Temporary users do not count among the 1 000: they are deleted with their grants.
   * @throws LimitError if there are 1 000 users; ConflictError if the subject or email address is taken
   */
  createUser(user: UserRecord): Promise<void>;
  /** Creates or replaces a user. @throws LimitError, ConflictError */
  putUser(user: UserRecord): Promise<void>;
  getUser(sub: string): Promise<UserRecord | null>;
  /** By email address, ignoring case; only users with a password. */
  findUser(email: string): Promise<UserRecord | null>;
  /** Creates the user unless the email address is taken. @returns the user that has it. @throws LimitError */
  createUserIfNone(user: UserRecord): Promise<{ user: UserRecord; created: boolean }>;
  /** Notes that the user was active. */
  touchUser(sub: string, now: number): Promise<void>;
  listUsers(options: { limit: number; after?: string }): Promise<UserRecord[]>;
  /** Stores a login. A browser has one login per issuer: the new one replaces the old one. */
  putSession(session: SessionRecord): Promise<void>;
  getSession(browserHash: string, now: number): Promise<SessionRecord | null>;
  deleteSession(browserHash: string): Promise<boolean>;
}

export function userVerbs(db: Database, tenant: string): UserVerbs {
  return {
    async createUser(user) {
      await db.transaction(async (connection) => {
        if (!(await create(connection, toRow(tenant, user)))) throw new ConflictError('user', user.email ?? user.sub);
      });
    },

    async putUser(user) {
      const row = toRow(tenant, user);
      await db.transaction((connection) => put(connection, row));
    },

    async getUser(sub) {
      const row = await db.first(bySub, { tenant, sub });
      return row ? fromRow(row) : null;
    },

    async findUser(email) {
      const row = await db.first(byEmail, { tenant, email_key: emailKey(email) });
      return row ? fromRow(row) : null;
    },

    async createUserIfNone(user) {
      return await db.transaction(async (connection) => {
        if (await create(connection, toRow(tenant, user))) return { user, created: true };
        const row =
          (user.email !== null && (await connection.first(byEmail, { tenant, email_key: emailKey(user.email) }))) ||
          (await connection.first(bySub, { tenant, sub: user.sub }));
        return { user: fromRow(row!), created: false };
      });
    },

    async touchUser(sub, now) {
      await db.run(touch, { tenant, sub, now });
    },

    async listUsers({ limit, after = '' }) {
      return (await db.all(page, { tenant, after, limit })).map(fromRow);
    },

    async putSession(record) {
      await db.run(putSession, {
        tenant,
        browser_hash: record.browserHash,
        id: record.id,
        sub: record.sub,
        auth_time: record.authTime,
        expires_at: record.expiresAt,
      });
    },

    async getSession(browserHash, now) {
      const row = await db.first(session, { tenant, browser_hash: browserHash, now });
      return row ? fromSessionRow(row) : null;
    },

    async deleteSession(browserHash) {
      return (await db.run(removeSession, { tenant, browser_hash: browserHash })) > 0;
    },
  };
}

/** Says whether it created: not where the subject or the e-mail address is taken. @throws LimitError */
async function create(connection: Connection, row: UserRow): Promise<boolean> {
  if (!(await connection.first(insert, row))) return false;
  await claimFor(connection, row);
  return true;
}

/** @throws LimitError where it is new and one too many; ConflictError where another has its e-mail address */
async function put(connection: Connection, row: UserRow): Promise<void> {
  const before = await connection.first(bySub, { tenant: row.tenant, sub: row.sub });
  if (row.password_hash !== null && row.email_key !== null) {
    const holder = await connection.first(byEmail, { tenant: row.tenant, email_key: row.email_key });
    if (holder && holder.sub !== row.sub) throw new ConflictError('user', row.email!);
  }
  if (!before) {
    if (!(await create(connection, row))) throw new ConflictError('user', row.email ?? row.sub);
    return;
  }
  await connection.run(replace, row);
  if (before.temporary === row.temporary) return;
  await release(connection, row.tenant, limitFor(before), 1);
  await claimFor(connection, row);
}

const limitFor = (row: UserRow) => (row.temporary === 1 ? ('temporary users' as const) : ('users' as const));

/** Temporary users do not count against the users that an owner makes: they come and go with their grants. */
async function claimFor(connection: Connection, row: UserRow): Promise<void> {
  const limit = limitFor(row);
  if (limit === 'temporary users') {
    if (await tryClaim(connection, row.tenant, limit)) return;
    const gone = await connection.run(removeTemporary, {
      tenant: row.tenant,
      before: row.created_at - TEMPORARY_USERS_AGE,
    });
    await release(connection, row.tenant, limit, gone);
  }
  await claim(connection, row.tenant, limit);
}

const emailKey = (email: string): string => email.toLowerCase();

function toRow(tenant: string, user: UserRecord): UserRow {
  return {
    tenant,
    sub: user.sub,
    email: user.email,
    email_key: user.email === null ? null : emailKey(user.email),
    password_hash: user.passwordHash,
    claims: encode(user.claims),
    temporary: user.temporary ? 1 : 0,
    created_at: user.createdAt,
    last_used_at: user.lastUsedAt,
  };
}

function fromRow(row: UserRow): UserRecord {
  return {
    sub: row.sub,
    email: row.email,
    passwordHash: row.password_hash,
    claims: decodeObject(row.claims),
    temporary: row.temporary === 1,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

function fromSessionRow(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    browserHash: row.browser_hash,
    sub: row.sub,
    authTime: row.auth_time,
    expiresAt: row.expires_at,
  };
}
