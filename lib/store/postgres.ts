/**
 * PostgreSQL under Kysely: for several instances that share one database.
 *
 * Transactions read what is committed and lock the rows that they decide by (`for update`); bounds
 * are counted by one conditional update. Two that wait for each other are told apart by the server,
 * and the one that it ends is run again.
 */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Connection, connection, type Database, type DatabaseOptions } from './database.ts';
import type { Schema } from './schema.ts';

/** Ms to wait for a connection before giving up. */
const CONNECT_TIMEOUT = 5000;
/** Connections that one instance holds at most. */
const CONNECTIONS = 10;
/** How often a transaction that lost against another is run in all. */
const ATTEMPTS = 10;
/** SQLSTATE of a serialization failure and of a deadlock. */
const LOST = new Set(['40001', '40P01']);
/** OID of `bigint`, which `pg` gives as text: all of ours are exact as numbers. */
const INT8 = 20;

/**
 * Opens a pool of connections; the first is made when the first statement runs.
 *
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
 */
export function openPostgres(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    types: {
      getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    } as pg.CustomTypesConfig,
    Client: PlainClient,
  });
  pool.on('error', (error) => options.onWarning?.(`an idle connection to PostgreSQL ended: ${error.message}`));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const attempt = <T>(work: (connection: Connection) => Promise<T>) =>
    kysely.transaction().execute((trx) => work(connection(trx, 'postgres', options)));
  const pooled = connection(kysely, 'postgres', options);
  return {
    ...pooled,
    // Connections commit side by side here: waiting for other statements gains nothing.
    runInSharedCommit: pooled.run,
    async transaction(work) {
      for (let left = ATTEMPTS - 1; ; left -= 1) {
        try {
          return await attempt(work);
        } catch (error) {
          if (left === 0 || !LOST.has((error as { code?: string }).code ?? '')) throw error;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        }
      }
    },
    async close() {
      await kysely.destroy();
      if (!pool.ended) await pool.end();
    },
  };
}

/** Takes what the tables cannot hold out of the values: SQLite has no such scruples. */
class PlainClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the many overloads of the original
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    return (super.query as (...all: unknown[]) => unknown).call(
      this,
      text,
      Array.isArray(values) ? values.map(plain) : values,
      ...rest,
    );
  }
}

/** Text without NUL, numbers without fractions. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\u0000') ? value.replaceAll('\u0000', '\ufffd') : value;
  if (typeof value === 'number' && !Number.isInteger(value)) return Math.round(value);
  return value;
}
