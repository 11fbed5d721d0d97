import { type Kysely, sql } from 'kysely';
import type { Database, DialectName } from '../database.ts';
import type { Schema } from '../schema.ts';
import { first } from './0001-first.ts';

/** How the dialects differ where tables are made. */
export interface Words {
  /** The type of text, compared by code point. */
  readonly text: string;
  /** What clusters a table on its primary key, where there is such a thing. */
  readonly clustered: string;
}

/** One step of the schema. Never changed once released: a further step follows. */
export interface Migration {
  readonly name: string;
  readonly statements: (words: Words) => readonly string[];
  /** What SQLite should think of the tables: lines of `sqlite_stat1`. PostgreSQL counts for itself. */
  readonly statistics?: readonly (readonly [table: string, index: string, numbers: string])[];
}

/** In the order in which they run. */
export const migrations: readonly Migration[] = [first];

const words: Record<DialectName, Words> = {
  sqlite: { text: 'text', clustered: ' without rowid' },
  postgres: { text: 'text collate "C"', clustered: '' },
};

/** Any number that no other program is likely to lock by. */
const ADVISORY_LOCK = 6_281_733_109;

/**
 * Brings the schema up to date: all steps in one transaction, so that of processes that start at
 * once one does the work and the others find it done.
 *
 * @returns the names of the steps that ran
 * @throws where the database was made by a later version of the program
 */
export async function migrate(db: Database): Promise<string[]> {
  return await db.transaction(async ({ kysely, dialect }) => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(kysely);
    await sql
      .raw('create table if not exists migrations (name text not null primary key, applied_at bigint not null)')
      .execute(kysely);
    const done = new Set((await kysely.selectFrom('migrations').select('name').execute()).map((row) => row.name));
    const known = new Set(migrations.map((migration) => migration.name));
    const later = [...done].filter((name) => !known.has(name));
    if (later.length > 0)
      throw new Error(`the database was made by a later version of Authwalk (it has ${later.join(', ')})`);
    const ran: string[] = [];
    for (const migration of migrations) {
      if (done.has(migration.name)) continue;
      for (const statement of migration.statements(words[dialect])) await sql.raw(statement).execute(kysely);
      if (dialect === 'sqlite' && migration.statistics) await writeStatistics(kysely, migration.statistics);
      await kysely.insertInto('migrations').values({ name: migration.name, applied_at: Date.now() }).execute();
      ran.push(migration.name);
    }
    return ran;
  });
}

/** Replaces what was thought of the tables before, and lets this connection know; others read it when they open. */
async function writeStatistics(kysely: Kysely<Schema>, lines: NonNullable<Migration['statistics']>): Promise<void> {
  await sql`analyze`.execute(kysely);
  await sql`delete from sqlite_stat1`.execute(kysely);
  for (const [table, index, numbers] of lines)
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${table}, ${index}, ${numbers})`.execute(kysely);
  await sql`analyze sqlite_schema`.execute(kysely);
}
