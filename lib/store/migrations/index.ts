import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Schema } from '../schema.ts';
import type { DialectName } from '../statement.ts';
import { first } from './0001-first.ts';
import { staging } from './0002-staging.ts';
import { bounds } from './0003-bounds.ts';
import { ledger } from './0004-ledger.ts';
import { reports } from './0005-reports.ts';
import { barriers } from './0008-barriers.ts';
import { events } from './0007-events.ts';
import { classes } from './0009-classes.ts';
import { browsers } from './0010-browsers.ts';
import { history } from './0011-history.ts';
import { instances } from './0006-instances.ts';
import { migrationOf, type Step } from './step.ts';

/** The steps of the schema by name, in the order in which they run. */
const steps: Readonly<Record<string, Step>> = {
  '0001-first': first,
  '0002-staging': staging,
  '0003-bounds': bounds,
  '0004-ledger': ledger,
  '0005-reports': reports,
  '0006-instances': instances,
  '0007-events': events,
  '0008-barriers': barriers,
  '0009-classes': classes,
  '0010-browsers': browsers,
  '0011-history': history,
};

/**
 * Brings the schema up to date. All steps run in one transaction under a lock: of processes that start at once one
 * does the work, and the others find it done. A step that was applied stays applied.
 *
 * @returns the names of the steps that ran
 * @throws if a later version of the program made the database
 */
export async function migrate(kysely: Kysely<Schema>, dialect: DialectName): Promise<string[]> {
  const migrations: Record<string, Migration> = Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, migrationOf(step, dialect)]),
  );
  await adoptFirstVersion(kysely, dialect);
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw explained(error);
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}

function explained(error: unknown): unknown {
  const later = /previously executed migration (\S+) is missing/.exec(error instanceof Error ? error.message : '');
  if (later === null) return error;
  return new Error(`the database was made by a later version of Authwalk (it has ${later[1]})`, { cause: error });
}

/** Any number that no other program is likely to lock by. */
const ADVISORY_LOCK = 6_281_733_109;
/** What the table of the first version says afterwards: the first version then refuses the database in one line. */
const MOVED_ON = 'moved-to-kysely';

/** The first version listed its steps in a table of its own, `migrations`: the list moves to Kysely's table. */
async function adoptFirstVersion(kysely: Kysely<Schema>, dialect: DialectName): Promise<void> {
  const exists =
    dialect === 'sqlite'
      ? sql`select 1 from sqlite_schema where type = 'table' and name = 'migrations'`
      : sql`select 1 where to_regclass('migrations') is not null`;
  if ((await exists.execute(kysely)).rows.length === 0) return;
  await kysely.transaction().execute(async (trx) => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(trx);
    await sql`
      create table if not exists kysely_migration (
        name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(trx);
    await sql`
      insert into kysely_migration (name, timestamp)
      select name, ${new Date().toISOString()} from migrations where name <> ${MOVED_ON}
      on conflict do nothing`.execute(trx);
    await sql`
      insert into migrations (name, applied_at) values (${MOVED_ON}, ${Date.now()})
      on conflict do nothing`.execute(trx);
  });
}
