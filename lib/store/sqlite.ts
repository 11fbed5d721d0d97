/** `node:sqlite` under Kysely: nothing to compile, nothing to install. */
import { mkdirSync, openSync, closeSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import { type Checkpoints, checkpoints, LAST_RESORT_PAGES } from './checkpoint.ts';
import { StoreUnavailableError } from './errors.ts';
import { lockDatabase } from './lock.ts';
import { noNews } from './news.ts';
import { asOutage } from './outage.ts';
import { type Connection, connection, type Database, type DatabaseOptions, noteGrowth } from './database.ts';
import { COUNT_CHANGES, createRowCache, READ_VERSION, type RowCache } from './row-cache.ts';
import type { Schema } from './schema.ts';
import { sharedCommits } from './shared-commits.ts';
import type { Statement } from './statement.ts';

/** Ms that a writer waits for another process to finish. */
const BUSY_TIMEOUT = 10_000;
/** Another process writes. */
const SQLITE_BUSY = 5;
/** ms after an outage in which the database does not count as ready. */
const OUTAGE_MEMORY = 5_000;
/** Prepared statements that are kept; those that are built at run time could otherwise grow without bound. */
const STATEMENTS = 400;

/**
 * A file of so many bytes is read where the operating system has it, as far as SQLite takes that: 2 GiB less a page.
 * Without it each page that the cache does not hold is a call and a copy: among 10⁶ tokens that is each lookup. A small
 * file stays unmapped, since mapped pages count as memory of the process. Writes do not go this way, so a full disk is
 * told as before.
 * @see https://www.sqlite.org/mmap.html
 */
const MAP_FROM = 64 * 1024 * 1024;
const MAPPED = 2_147_418_112;

const PRAGMAS = `
  pragma synchronous = normal;
  pragma cache_size = -16000;
  pragma temp_store = memory;
  pragma journal_size_limit = 67108864`;

/**
 * Opens a database file. Creates it with its directories if there is none.
 *
 * The write-ahead log lets readers and one writer go on side by side. With `synchronous=NORMAL` a
 * commit is with the operating system before it is acknowledged: it survives the end of the
 * process, however that comes; only the end of the machine may take the last moments.
 *
 * @param path of the file, or `:memory:`
 * @throws if the file cannot be opened, or another process holds it
 */
export function openSqlite(path: string, options: DatabaseOptions = {}): Database {
  const inMemory = path === ':memory:';
  if (!inMemory) createPrivately(path);
  const { peers } = options;
  const unlock = inMemory ? undefined : lock(path, options);
  const raw = new DatabaseSync(path, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
  raw.exec(PRAGMAS);
  if (options.maxPages !== undefined) raw.exec(`pragma max_page_count = ${options.maxPages}`);
  let log: Checkpoints | undefined;
  if (!inMemory) {
    if (statSync(path).size >= MAP_FROM) raw.exec(`pragma mmap_size = ${MAPPED}`);
    const mode = raw.prepare('pragma journal_mode = wal').get()?.journal_mode;
    if (mode === 'wal') {
      raw.exec(`pragma wal_autocheckpoint = ${LAST_RESORT_PAGES}`);
      log = checkpoints(path, options.onWarning);
    } else
      options.onWarning?.(
        `SQLite keeps no write-ahead log at ${path} (journal mode ${String(mode)}): ` +
          'writers and readers wait for each other',
      );
  }
  let outage: { readonly error: Error; readonly at: number } | null = null;
  const versions = peers === undefined || inMemory ? null : countedVersions(path, raw);
  const cache =
    versions !== null ? createRowCache(versions.read) : inMemory || options.exclusive ? createRowCache() : null;
  const driver = adapt(
    raw,
    cache,
    () => log?.noteWrite(),
    (error) => {
      outage = { error, at: performance.now() };
    },
  );
  const kysely = new Kysely<Schema>({ dialect: new Dialect({ database: driver }) });
  /** The connection that is held for a transaction. */
  let within: Connection | null = null;
  const execute = (sql: string) => driver.prepare(sql).run([]);
  /** What the open transaction has to tell once it is committed. Told for nothing, it does no harm. */
  let topics: string[] = [];
  const commits = sharedCommits({
    // With other processes beside it, this one does not stand still while they write.
    ...(versions === null ? {} : { tryBegin: beginsAtOnce(raw) }),
    begin: () => execute(BEGIN.sql),
    commit() {
      execute('commit');
      for (const topic of topics) peers?.tell(topic);
      topics = [];
    },
    // With a full disk SQLite has rolled back by itself: what went wrong before is what counts.
    rollback() {
      topics = [];
      execute('rollback');
    },
    mark: () => execute('savepoint work'),
    backToMark() {
      execute('rollback to work');
      execute('release work');
    },
    unmark: () => execute('release work'),
    isOpen: driver.isTransaction,
    hold: (work) =>
      kysely.connection().execute(async (held) => {
        within = { ...direct(held, driver, options), announce: async (topic) => void topics.push(topic) };
        await work();
      }),
  });
  const single = direct(kysely, driver, options, {
    // Who asks outside a transaction sees nothing that is not committed.
    async ready() {
      while (driver.isTransaction()) await commits.whenIdle();
    },
    // A single write would stand still for the lock of other processes.
    write: versions === null ? (work) => work() : (work) => commits.run(work, true),
  });
  return {
    ...single,
    transaction: (work) => commits.run(() => work(within!)),
    cache,
    news:
      peers === undefined ? noNews : { subscribe: (listener) => peers.hear(listener), close: async () => undefined },
    pool: null,
    prepared: null,
    recentOutage: () => (outage !== null && performance.now() - outage.at < OUTAGE_MEMORY ? outage.error : null),
    runInSharedCommit: (statement, values) =>
      commits.run(() => {
        const { sql, parameters } = statement.bind('sqlite', values);
        const changed = Number(driver.prepare(sql).run(parameters).changes);
        noteGrowth(options, statement, values);
        return changed;
      }, true),
    async close() {
      await log?.close();
      await kysely.destroy();
      if (raw.isOpen) raw.close();
      versions?.close();
      unlock?.();
    },
  };
}

/** Locks the file, if this process is to be the only one, or one of those of one start. */
function lock(path: string, { exclusive, peers }: DatabaseOptions): (() => void) | undefined {
  if (peers !== undefined) return lockDatabase(path, 'worker');
  return exclusive ? lockDatabase(path) : undefined;
}

/** Has a connection count the changes of the rows that are kept, and reads the count by a connection of its own. */
function countedVersions(path: string, raw: DatabaseSync) {
  raw.exec(COUNT_CHANGES);
  const reader = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT });
  const statement = reader.prepare(READ_VERSION);
  return { read: () => statement.get()?.value, close: () => reader.close() };
}

/** Takes the lock of writers at once, or not at all: `busy_timeout` would let the whole process stand still. */
function beginsAtOnce(raw: DatabaseSync): () => boolean {
  const [impatient, begin, patient] = [
    'pragma busy_timeout = 0',
    BEGIN.sql,
    `pragma busy_timeout = ${BUSY_TIMEOUT}`,
  ].map((sql) => raw.prepare(sql)) as [StatementSync, StatementSync, StatementSync];
  return () => {
    try {
      impatient.get();
      begin.run();
      return true;
    } catch (error) {
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
      throw asOutage(error);
    } finally {
      if (raw.isOpen) patient.get();
    }
  };
}

/** How statements run outside a transaction. */
interface Outside {
  /** Resolves when no transaction is open. */
  ready(): Promise<void>;
  /** Runs one that writes. */
  write<T>(work: () => T): T | Promise<T>;
}

/**
 * A connection whose declared statements go to SQLite without a stop at Kysely, which waits for nothing: a promise
 * and a turn through its plugins cost more than the statement.
 * @param outside how a statement runs outside a transaction; left out: it is within one
 */
function direct(
  kysely: Kysely<Schema>,
  driver: ReturnType<typeof adapt>,
  options: DatabaseOptions,
  outside?: Outside,
): Connection {
  async function execute<V extends object, Row, T>(
    statement: Statement<V, Row>,
    values: V,
    how: (prepared: ReturnType<typeof driver.prepare>, parameters: readonly unknown[]) => T,
  ): Promise<T> {
    const { sql, parameters } = statement.bind('sqlite', values);
    const prepared = driver.prepare(sql);
    const work = (): T => {
      const result = how(prepared, parameters);
      noteGrowth(options, statement, values);
      return result;
    };
    if (outside === undefined) return work();
    if (driver.isTransaction()) await outside.ready();
    return prepared.writes ? outside.write(work) : work();
  }
  const all = <V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<Row[]> =>
    execute(statement, values, (prepared, parameters) => prepared.all(parameters) as Row[]);
  return {
    ...connection(kysely, 'sqlite', options),
    all,
    first: async (statement, values) => (await all(statement, values))[0],
    run: (statement, values) =>
      execute(statement, values, (prepared, parameters) => Number(prepared.run(parameters).changes)),
  };
}

/** The file holds private keys: only its owner may read it. */
function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

class Dialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new Driver(this.#config);
  }
  override createAdapter(): Adapter {
    return new Adapter();
  }
}

/** SQLite takes back the making of tables with a transaction: all migrations run in one. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Transactions take the write lock at once: what a reader read could be out of date when it turns writer. */
class Driver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(BEGIN);
  }

  /** With a full disk SQLite has rolled back by itself: what went wrong before is what counts. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

const BEGIN = CompiledQuery.raw('begin immediate');

const WRITES = /^\s*(?:insert|update|delete)\b/i;

/** What Kysely wants of a driver, with the statements kept. */
function adapt(raw: DatabaseSync, cache: RowCache | null, onWrite: () => void, onOutage: (error: Error) => void) {
  const kept = new BoundedMap<string, ReturnType<typeof adaptStatement>>(STATEMENTS);

  /** Runs it. @throws StoreUnavailableError if the database cannot do its work now */
  function orOutage<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const told = asOutage(error);
      if (told instanceof StoreUnavailableError) onOutage(told);
      throw told;
    }
  }

  function adaptStatement(statement: StatementSync, sql: string) {
    const writes = WRITES.test(sql);
    const watched = cache?.watches(sql) ? cache : null;
    const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
    return {
      reader: statement.columns().length > 0,
      writes,
      all(parameters: readonly unknown[]) {
        if (writes) onWrite();
        const rows = orOutage(() => statement.all(...values(parameters)));
        if (rows.length > 0) watched?.clear();
        return rows;
      },
      run(parameters: readonly unknown[]) {
        if (writes) onWrite();
        const result = orOutage(() => statement.run(...values(parameters)));
        if (result.changes > 0) watched?.clear();
        return result;
      },
      iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
    };
  }

  return {
    isTransaction: () => raw.isOpen && raw.isTransaction,
    prepare: (sql: string) => kept.getOrMake(sql, () => orOutage(() => adaptStatement(raw.prepare(sql), sql))),
    close() {
      kept.clear();
      raw.close();
    },
  };
}
