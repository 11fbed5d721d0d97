/** Classes: one link for many participants. A class knows how far each is, and nothing else of them. */
import type { Database, Connection } from './database.ts';
import { LimitError } from './errors.ts';
import { decode, encode } from './json.ts';
import type { ClassMemberRow, ClassRow } from './rows/instance.ts';
import { pick, statement } from './statement.ts';

/** Participants of one class, and classes of one address that have not ended. */
export const MEMBERS_PER_CLASS = 200;
export const CLASSES_PER_ADDRESS = 20;
/** Bytes of what a class, or one of its participants, says. */
const DATA_BYTES = 4096;

const insert = statement(({ db }, v: ClassRow) =>
  db
    .insertInto('classes')
    .values(pick(v, ['id', 'control_token_hash', 'address_hash', 'data', 'created_at', 'expires_at', 'version']))
    .onConflict((on) => on.doNothing()),
);
const byId = statement(({ db }, v: { id: string }) => db.selectFrom('classes').selectAll().where('id', '=', v.id));
const ofAddress = statement(({ db }, v: { address: string; now: number; limit: number }) =>
  db
    .selectFrom('classes')
    .select('id')
    .where('address_hash', '=', v.address)
    .where('expires_at', '>', v.now)
    .limit(v.limit),
);
const replace = statement(({ db }, v: { id: string; data: string; version: number; next: number }) =>
  db
    .updateTable('classes')
    .set({ data: v.data, version: v.next })
    .where('id', '=', v.id)
    .where('version', '=', v.version)
    .returningAll(),
);
/** Holds the class until the end of the transaction: of those who join at once, no more get in than fit. */
const hold = statement(({ db }, v: { id: string; now: number }) =>
  db
    .updateTable('classes')
    .set((set) => ({ version: set.ref('version') }))
    .where('id', '=', v.id)
    .where('expires_at', '>', v.now)
    .returning('id'),
);
const remove = statement(({ db }, v: { id: string }) => db.deleteFrom('classes').where('id', '=', v.id));
const removeMembers = statement(({ db }, v: { id: string }) =>
  db.deleteFrom('class_members').where('class_id', '=', v.id),
);
const members = statement(({ db }, v: { id: string; limit: number }) =>
  db.selectFrom('class_members').selectAll().where('class_id', '=', v.id).limit(v.limit),
);
const addMember = statement(({ db }, v: ClassMemberRow) =>
  db.insertInto('class_members').values(pick(v, ['class_id', 'member_hash', 'data', 'joined_at', 'seen_at'])),
);
const putMember = statement(({ db }, v: { id: string; member: string; data: string; now: number }) =>
  db
    .updateTable('class_members')
    .set({ data: v.data, seen_at: v.now })
    .where('class_id', '=', v.id)
    .where('member_hash', '=', v.member),
);
const oneMember = statement(({ db }, v: { id: string; member: string }) =>
  db.selectFrom('class_members').selectAll().where('class_id', '=', v.id).where('member_hash', '=', v.member),
);
const removeMember = statement(({ db }, v: { id: string; member: string }) =>
  db.deleteFrom('class_members').where('class_id', '=', v.id).where('member_hash', '=', v.member),
);

/** A class as it is kept. */
export interface ClassRecord {
  readonly id: string;
  /** SHA-256 of the token of the wall. */
  readonly controlTokenHash: string;
  /** SHA-256 of the address that made it. */
  readonly addressHash: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Wall time, ms. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Rises with each change. */
  readonly version: number;
}

/** A participant: what they sent last. */
export interface ClassMember {
  /** SHA-256 of the participant's token. */
  readonly memberHash: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Wall time, ms. */
  readonly joinedAt: number;
  readonly seenAt: number;
}

export interface ClassVerbs {
  /**
   * @returns false if there is a class with this id already
   * @throws LimitError if the address has as many as may be
   */
  createClass(record: ClassRecord): Promise<boolean>;
  /** A class whose time is not over. @param now wall ms */
  getClass(id: string, now: number): Promise<ClassRecord | null>;
  /** Replaces what is in it. @returns null if there is no such class, or it has another version */
  updateClass(id: string, data: ClassRecord['data'], version: number): Promise<ClassRecord | null>;
  /** Ends a class with its participants. */
  deleteClass(id: string): Promise<boolean>;
  /**
   * Lets a participant in.
   * @returns false if there is no such class, or its time is over
   * @throws LimitError if it is full
   */
  joinClass(id: string, member: ClassMember): Promise<boolean>;
  getClassMember(id: string, memberHash: string): Promise<ClassMember | null>;
  /** Notes where a participant is. @returns false if there is no such participant */
  putClassMember(id: string, memberHash: string, data: ClassMember['data'], now: number): Promise<boolean>;
  leaveClass(id: string, memberHash: string): Promise<boolean>;
  listClassMembers(id: string): Promise<ClassMember[]>;
}

function bounded(data: Readonly<Record<string, unknown>>): string {
  const text = encode(data);
  if (Buffer.byteLength(text) > DATA_BYTES) throw new LimitError('bytes of a class', DATA_BYTES);
  return text;
}

export function classVerbs(db: Database): ClassVerbs {
  const tell = (connection: Connection, id: string): Promise<void> => connection.announce(`class ${id}`);
  return {
    async createClass(record) {
      const data = bounded(record.data);
      return await db.transaction(async (connection) => {
        const from = { address: record.addressHash, now: record.createdAt, limit: CLASSES_PER_ADDRESS };
        if ((await connection.all(ofAddress, from)).length >= CLASSES_PER_ADDRESS)
          throw new LimitError('classes of one address', CLASSES_PER_ADDRESS);
        const row = {
          id: record.id,
          control_token_hash: record.controlTokenHash,
          address_hash: record.addressHash,
          data,
          created_at: record.createdAt,
          expires_at: record.expiresAt,
          version: record.version,
        };
        return (await connection.run(insert, row)) > 0;
      });
    },
    async getClass(id, now) {
      const row = await db.first(byId, { id });
      return row && row.expires_at > now ? fromRow(row) : null;
    },
    async updateClass(id, data, version) {
      const text = bounded(data);
      return await db.transaction(async (connection) => {
        const row = await connection.first(replace, { id, data: text, version, next: version + 1 });
        if (row) await tell(connection, id);
        return row ? fromRow(row) : null;
      });
    },
    async deleteClass(id) {
      return await db.transaction(async (connection) => {
        await connection.run(removeMembers, { id });
        await tell(connection, id);
        return (await connection.run(remove, { id })) > 0;
      });
    },
    async joinClass(id, member) {
      const data = bounded(member.data);
      return await db.transaction(async (connection) => {
        if ((await connection.first(hold, { id, now: member.joinedAt })) === undefined) return false;
        if ((await connection.all(members, { id, limit: MEMBERS_PER_CLASS })).length >= MEMBERS_PER_CLASS)
          throw new LimitError('participants of a class', MEMBERS_PER_CLASS);
        await connection.run(addMember, {
          class_id: id,
          member_hash: member.memberHash,
          data,
          joined_at: member.joinedAt,
          seen_at: member.seenAt,
        });
        await tell(connection, id);
        return true;
      });
    },
    async getClassMember(id, memberHash) {
      const row = await db.first(oneMember, { id, member: memberHash });
      return row ? memberFrom(row) : null;
    },
    async putClassMember(id, memberHash, data, now) {
      const text = bounded(data);
      return await db.transaction(async (connection) => {
        const found = (await connection.run(putMember, { id, member: memberHash, data: text, now })) > 0;
        if (found) await tell(connection, id);
        return found;
      });
    },
    async leaveClass(id, memberHash) {
      return await db.transaction(async (connection) => {
        const found = (await connection.run(removeMember, { id, member: memberHash })) > 0;
        if (found) await tell(connection, id);
        return found;
      });
    },
    async listClassMembers(id) {
      return (await db.all(members, { id, limit: MEMBERS_PER_CLASS })).map(memberFrom);
    },
  };
}

/** Deletes classes whose time is over, with their participants. @returns how many went */
export async function sweepClasses({ kysely }: Connection, wall: number, limit: number): Promise<number> {
  const ended = await kysely.selectFrom('classes').select('id').where('expires_at', '<', wall).limit(limit).execute();
  for (const { id } of ended) {
    await kysely.deleteFrom('class_members').where('class_id', '=', id).execute();
    await kysely.deleteFrom('classes').where('id', '=', id).execute();
  }
  return ended.length;
}

function fromRow(row: ClassRow): ClassRecord {
  return {
    id: row.id,
    controlTokenHash: row.control_token_hash,
    addressHash: row.address_hash,
    data: decode(row.data),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    version: row.version,
  };
}

function memberFrom(row: ClassMemberRow): ClassMember {
  return { memberHash: row.member_hash, data: decode(row.data), joinedAt: row.joined_at, seenAt: row.seen_at };
}
