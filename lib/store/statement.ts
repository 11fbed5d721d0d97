/**
 * Statements that are compiled once.
 *
 * Kysely builds and compiles a query anew at each call, which costs more than SQLite needs to run
 * it. A statement is built once a dialect with slots in the places of its values, and each call
 * only fills the slots.
 */
import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Growing } from './growing.ts';
import type { Schema } from './schema.ts';

export type DialectName = 'sqlite' | 'postgres';

/** The place of one value in a compiled statement. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Answers every property with its slot. */
const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) });

interface Template {
  readonly query: CompiledQuery;
  readonly parameters: readonly unknown[];
}

/** One statement, with values `Values`, whose rows are `Row`. */
export interface Statement<Values extends object, Row> {
  /** The statement with its slots filled, ready to run. */
  bind(dialect: DialectName, values: Values): CompiledQuery<Row>;
  /** The table that it adds a row to, if that is one that grows without a counter. */
  readonly grows?: Growing;
}

/** What a statement may ask of the dialect. */
export interface Build {
  readonly db: Kysely<Schema>;
  readonly dialect: DialectName;
  /** Locks the rows that are read until the transaction ends; SQLite's writers are alone anyway. */
  lock<Q extends { forUpdate(): unknown }>(query: Q): Q;
}

/** Knows how to compile, and connects to nothing. */
const compilers: Record<DialectName, Kysely<Schema>> = {
  sqlite: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
};

const builds: Record<DialectName, Build> = {
  sqlite: { db: compilers.sqlite, dialect: 'sqlite', lock: (query) => query },
  postgres: { db: compilers.postgres, dialect: 'postgres', lock: (query) => query.forUpdate() as typeof query },
};

/** Every statement that was declared: a test looks at how the database finds its rows. */
export const declared: Pick<Statement<object, unknown>, 'bind' | 'grows'>[] = [];

/**
 * Declares a statement.
 *
 * @param build makes the query with Kysely; its second argument stands for the values and may only
 *   be passed on to the query, as there are none yet
 * @param options.grows the table it adds a row to, if clients can pile up rows there
 */
export function statement<Values extends object, Row>(
  build: (tools: Build, values: Values) => Compilable<Row>,
  { grows }: { grows?: Growing } = {},
): Statement<Values, Row> {
  const templates: Partial<Record<DialectName, Template>> = {};
  const compile = (dialect: DialectName): Template => {
    const query = build(builds[dialect], slots as Values).compile();
    return { query, parameters: query.parameters };
  };
  const made: Statement<Values, Row> = {
    bind(dialect, values) {
      templates[dialect] ??= compile(dialect);
      const template = templates[dialect];
      const parameters = template.parameters.map((value) =>
        value instanceof Slot ? (values as Record<string, unknown>)[value.name] : value,
      );
      return { ...(template.query as CompiledQuery<Row>), parameters };
    },
    ...(grows && { grows }),
  };
  declared.push(made as Statement<object, unknown>);
  return made;
}

/** An object of the named values: what an insert takes. */
export function pick<Values extends object, Name extends keyof Values>(
  values: Values,
  names: readonly Name[],
): Pick<Values, Name> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;
}
