import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../statement.ts';

/** How the dialects differ when tables are made. */
export interface Words {
  readonly dialect: DialectName;
  /** The type of text, compared by code point. */
  readonly text: string;
  /** Clusters a table on its primary key, if the dialect can. */
  readonly clustered: string;
}

/** One step of the schema. Never changed once released: a further step follows. */
export interface Step {
  readonly statements: (words: Words) => readonly string[];
  /** What SQLite should assume about the tables: lines of `sqlite_stat1`. PostgreSQL counts for itself. */
  readonly statistics?: readonly (readonly [table: string, index: string, numbers: string])[];
}

const words: Record<DialectName, Words> = {
  sqlite: { dialect: 'sqlite', text: 'text', clustered: ' without rowid' },
  postgres: { dialect: 'postgres', text: 'text collate "C"', clustered: '' },
};

/** The step as a migration of Kysely for one dialect. */
export function migrationOf({ statements, statistics = [] }: Step, dialect: DialectName): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const statement of statements(words[dialect])) await sql.raw(statement).execute(db);
      if (dialect === 'sqlite' && statistics.length > 0) await writeStatistics(db, statistics);
    },
  };
}

/** Replaces the statistics of these indexes. This connection knows at once; others read them when they open. */
async function writeStatistics(db: Kysely<unknown>, lines: NonNullable<Step['statistics']>): Promise<void> {
  // `analyze` makes the table of statistics; on empty tables it has nothing to say of its own.
  await sql`analyze`.execute(db);
  for (const [table, index, numbers] of lines) {
    await sql`delete from sqlite_stat1 where tbl = ${table} and idx = ${index}`.execute(db);
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${table}, ${index}, ${numbers})`.execute(db);
  }
  await sql`analyze sqlite_schema`.execute(db);
}
