import { claimWithRoom, release } from './counters.ts';
import type { Connection, Database } from './database.ts';
import { decodeObject, encode } from './json.ts';
import { revokeGrantsOfUser } from './grants.ts';
import { dispensable } from './room.ts';
import type { SessionRow, UserRow } from './rows/authorization.ts';
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
  'self_made',
  'made_by',
] as const;
const REPLACED = ['email', 'email_key', 'password_hash', 'claims', 'temporary', 'created_at', 'last_used_at'] as const;

/** Temporary users without a live grant that are deleted at once to make room, oldest first. */
const TEMPORARY_USERS_BATCH = 200;

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

const temporaryWithoutGrant = statement(({ db }, v: { tenant: string }) =>
  db
    .selectFrom('users')
    .select('sub')
    .where('tenant', '=', v.tenant)
    .where('temporary', '=', 1)
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
    )
    .orderBy('last_used_at')
    .limit(TEMPORARY_USERS_BATCH),
);

const remove = statement(({ db }, v: BySub) =>
  db.deleteFrom('users').where('tenant', '=', v.tenant).where('sub', '=', v.sub),
);

const putSession = statement(
  ({ db }, v: SessionRow) =>
    db
      .insertInto('sessions')
      .values(pick(v, ['tenant', 'browser_hash', 'id', 'sub', 'auth_time', 'expires_at']))
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'browser_hash']).doUpdateSet(pick(v, ['id', 'sub', 'auth_time', 'expires_at'])),
      ),
  { grows: 'sessions' },
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

const moveSessions = statement(({ db }, v: Renaming) =>
  db.updateTable('sessions').set({ browser_hash: v.to }).where('browser_hash', '=', v.from),
);

const moveInteractions = statement(({ db }, v: Renaming) =>
  db.updateTable('interactions').set({ browser_hash: v.to }).where('browser_hash', '=', v.from),
);

interface Renaming {
  readonly from: string;
  readonly to: string;
}

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
  /**
   * Creates the user unless the email address is taken: somebody signs in for the first time. If there are 1 000 users,
   * makes room: forgets users that signed up in this way, those without a live grant first, then the longest idle.
   * @param from whom it counts against: a hash of the address it came from
   * @returns the user that has the email address
   * @throws LimitError if no room can be made
   */
  createUserIfNone(user: UserRecord, from?: string): Promise<{ user: UserRecord; created: boolean }>;
  /** Notes that the user was active. */
  touchUser(sub: string, now: number): Promise<void>;
  listUsers(options: { limit: number; after?: string }): Promise<UserRecord[]>;
  /** Stores a login. A browser has one login per issuer: the new one replaces the old one. */
  putSession(session: SessionRecord): Promise<void>;
  getSession(browserHash: string, now: number): Promise<SessionRecord | null>;
  deleteSession(browserHash: string): Promise<boolean>;
  /**
   * A browser has a new cookie: its logins and open consent pages go along, those of every issuer, as the cookie is
   * one for all of them.
   */
  renameBrowser(from: string, to: string): Promise<void>;
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

    async createUserIfNone(user, from) {
      return await db.transaction(async (connection) => {
        const row = { ...toRow(tenant, user), self_made: 1, made_by: from ?? null };
        if (await create(connection, row)) return { user, created: true };
        const holder =
          (user.email !== null && (await connection.first(byEmail, { tenant, email_key: emailKey(user.email) }))) ||
          (await connection.first(bySub, { tenant, sub: user.sub }));
        return { user: fromRow(holder!), created: false };
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

    async renameBrowser(from, to) {
      await db.transaction(async (connection) => {
        await connection.run(moveSessions, { from, to });
        await connection.run(moveInteractions, { from, to });
      });
    },
  };
}

/** @returns whether it created the user: false if the subject or email address is taken. @throws LimitError */
async function create(connection: Connection, row: UserRow): Promise<boolean> {
  if (!(await connection.first(insert, row))) return false;
  await claimFor(connection, row);
  return true;
}

/** @throws LimitError if it is new and one too many; ConflictError if another user has its email address */
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
  const { tenant } = row;
  await claimWithRoom(connection, tenant, limitFor(row), async () => {
    const subs =
      row.temporary === 1
        ? (await connection.all(temporaryWithoutGrant, { tenant })).map(({ sub }) => sub)
        : row.self_made === 1
          ? await dispensable(connection, tenant, 'users', row.sub)
          : [];
    for (const sub of subs.filter((other) => other !== row.sub)) {
      await connection.run(remove, { tenant, sub });
      await revokeGrantsOfUser(connection, tenant, sub, 'user-forgotten', row.created_at);
    }
    return subs.filter((other) => other !== row.sub).length;
  });
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
    self_made: 0,
    made_by: null,
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
