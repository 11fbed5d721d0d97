import type { CompiledQuery, Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { DialectName, Statement } from './statement.ts';

export type { DialectName } from './statement.ts';

/** Runs statements: one by one on a `Database`, all or nothing in a transaction. */
export interface Connection {
  readonly dialect: DialectName;
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
  close(): Promise<void>;
}

/** A connection over Kysely's executor. */
export function connection(kysely: Kysely<Schema>, dialect: DialectName): Connection {
  const execute = <Row>(query: CompiledQuery<Row>) => kysely.executeQuery(query);
  return {
    dialect,
    kysely,
    async all(statement, values) {
      return (await execute(statement.bind(dialect, values))).rows;
    },
    async first(statement, values) {
      return (await execute(statement.bind(dialect, values))).rows[0];
    },
    async run(statement, values) {
      return Number((await execute(statement.bind(dialect, values))).numAffectedRows ?? 0n);
    },
  };
}
