import { type Kysely, type QueryResult, sql } from 'kysely';
import type { Growing } from './growing.ts';
import { LIMITS, type Limits } from './limits.ts';
import { CHANNEL, type News, type Peers } from './news.ts';
import type { RowCache } from './row-cache.ts';
import type { Schema } from './schema.ts';
import type { DialectName, Statement } from './statement.ts';

export type { DialectName } from './statement.ts';

/** Runs statements: one by one on a `Database`, all or nothing in a transaction. */
export interface Connection {
  readonly dialect: DialectName;
  /** How many of each counted thing there may be. */
  readonly limits: Limits;
  /** Tells other instances of a topic once the transaction is committed; a process that is alone tells nobody. */
  announce(topic: string): Promise<void>;
  /** For statements that are built at run time. */
  readonly kysely: Kysely<Schema>;
  all<V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<Row[]>;
  first<V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<Row | undefined>;
  /** Returns how many rows it changed. */
  run<V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<number>;
}

export interface Database extends Connection {
  /** All or nothing. In SQLite it takes the write lock at once: what it reads still holds when it writes. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /**
   * Runs a single statement in one commit with those of other requests, if commits are dear.
   * @returns how many rows it changed
   */
  runInSharedCommit<V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<number>;
  /** An outage of the last seconds that a probe might not meet: a full disk that takes one small write more. */
  recentOutage(): Error | null;
  /** Rows that need not be read again; null if it cannot be told when other processes change them. */
  readonly cache: RowCache | null;
  readonly news: News;
  /** Runs statements for a library that keeps a table of its own; null if this process is alone. */
  readonly pool: { query(text: unknown, values?: unknown): Promise<unknown> } | null;
  /** Runs a statement that the server plans once for each connection; null if there is no server. */
  readonly prepared: (<Row>(statement: Prepared) => Promise<Row[]>) | null;
  close(): Promise<void>;
}

/** A statement of PostgreSQL with a name, under which a connection keeps its plan. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

export interface DatabaseOptions {
  /** Hears of what works, but not as it should. */
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly onInsert?: OnInsert;
  readonly limits?: Limits;
  /** Whether this process is to be the only one on a SQLite file. */
  readonly exclusive?: boolean;
  /** The other processes of this start, which share the SQLite file. */
  readonly peers?: Peers | undefined;
  /** Most pages of a SQLite file: a small disk, for tests. */
  readonly maxPages?: number | undefined;
}

/** Hears of each row that was added to a table that grows without a counter. */
export type OnInsert = (tenant: string, table: Growing) => void;

/** Tells of the row that a statement added, if its table grows without a counter. */
export function noteGrowth<V extends object, Row>(
  { onInsert }: DatabaseOptions,
  { grows }: Statement<V, Row>,
  values: V,
): void {
  if (grows) onInsert?.((values as { tenant?: string }).tenant ?? '', grows);
}

/** A connection over Kysely's executor. */
export function connection(kysely: Kysely<Schema>, dialect: DialectName, options: DatabaseOptions): Connection {
  const { limits = LIMITS } = options;
  async function execute<V extends object, Row>(statement: Statement<V, Row>, values: V): Promise<QueryResult<Row>> {
    const result = await kysely.executeQuery(statement.bind(dialect, values));
    noteGrowth(options, statement, values);
    return result;
  }
  return {
    dialect,
    limits,
    kysely,
    async announce(topic) {
      if (dialect === 'postgres') await sql`select pg_notify(${CHANNEL}, ${topic})`.execute(kysely);
    },
    async all(statement, values) {
      return (await execute(statement, values)).rows;
    },
    async first(statement, values) {
      return (await execute(statement, values)).rows[0];
    },
    async run(statement, values) {
      return Number((await execute(statement, values)).numAffectedRows ?? 0n);
    },
  };
}
