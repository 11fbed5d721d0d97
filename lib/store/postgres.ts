/**
 * PostgreSQL under Kysely: for several instances that share one database.
 *
 * Transactions read what is committed and lock the rows that they decide by (`for update`); bounds
 * are counted by one conditional update. Two that wait for each other are told apart by the server,
 * and the one that it ends is run again.
 */
import { isPromise } from '#lib/spec/promise.ts';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Connection, connection, type Database, type DatabaseOptions, type Prepared } from './database.ts';
import { listenForNews } from './news.ts';
import { asOutage } from './outage.ts';
import { retryLost } from './retry.ts';
import type { Schema } from './schema.ts';

/*
 * What hangs is dropped and replaced within 10 s: a connection that is not made or not free in time, a statement that
 * is not answered in time. The server gives up its own half as well, so that no lock outlives a frozen instance.
 */
/** ms that making a connection may take. */
const CONNECT_TIMEOUT = 3000;
/** ms to wait for a connection that others are using. */
const WAIT_TIMEOUT = 8000;
/** ms after which the server ends a statement, and a little later the connection is given up. */
const STATEMENT_TIMEOUT = 4000;
const QUERY_TIMEOUT = 5000;
/** ms after which the server ends a transaction in which nothing happens. */
const IDLE_IN_TRANSACTION = 8000;
/** ms without a word after which a connection is probed. */
const KEEPALIVE = 3000;
/** ms that an idle connection is kept, and seconds that any is. */
const IDLE = 10_000;
const MAX_LIFE = 1800;
/** Connections that one instance holds at most. */
const CONNECTIONS = 10;
/** OID of `bigint`, which `pg` gives as text: all of ours are exact as numbers. */
const INT8 = 20;

/**
 * Opens a pool of connections; the first is made when the first statement runs.
 *
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
 * @param options.patient statements may take as long as they need: for migrations
 */
export function openPostgres(
  url: string,
  { patient = false, ...options }: DatabaseOptions & { patient?: boolean } = {},
): Database {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: WAIT_TIMEOUT,
    ...(patient
      ? {}
      : {
          statement_timeout: STATEMENT_TIMEOUT,
          lock_timeout: STATEMENT_TIMEOUT,
          query_timeout: QUERY_TIMEOUT,
          idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
        }),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE,
    idleTimeoutMillis: IDLE,
    maxLifetimeSeconds: MAX_LIFE,
    application_name: 'authwalk',
    types: {
      getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    } as pg.CustomTypesConfig,
    Client: PlainClient,
  });
  pool.on('error', (error) => options.onWarning?.(`an idle connection to PostgreSQL ended: ${error.message}`));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const attempt = <T>(work: (connection: Connection) => Promise<T>) =>
    kysely.transaction().execute((trx) => work(connection(trx, 'postgres', options)));
  const news = listenForNews(
    () => new PlainClient({ connectionString: url, query_timeout: QUERY_TIMEOUT, keepAlive: true }),
    options.onWarning,
  );
  const pooled = connection(kysely, 'postgres', options);
  return {
    ...pooled,
    // Connections commit side by side here: waiting for other statements gains nothing.
    runInSharedCommit: pooled.run,
    news,
    pool: { query: (text, values) => pool.query(text as string, values as unknown[]) },
    async prepared<Row>(statement: Prepared): Promise<Row[]> {
      const client = await pool.connect();
      try {
        return (await client.query(statement)).rows as Row[];
      } finally {
        client.release();
      }
    },
    recentOutage: () => null,
    cache: null,
    transaction: (work) => retryLost(() => attempt(work)),
    async close() {
      await news.close();
      await kysely.destroy();
      if (!pool.ended) await pool.end();
    },
  };
}

/** A client that tells outages, gives up what hangs, and takes what the tables cannot hold out of the values. */
class PlainClient extends pg.Client {
  /** `performance.now()` of the latest answer; of a new connection that of its making. */
  heardAt = performance.now();
  /** Hears when a statement got no answer that was asked at this time. */
  onSilence?: (asked: number) => void;

  constructor(config: pg.ClientConfig = {}) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT });
    // The query that was under way is rejected as well: nobody has to hear of it twice.
    this.on('error', () => undefined);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the many overloads of the original
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    const asked = performance.now();
    const result = (super.query as (...all: unknown[]) => unknown).call(
      this,
      text,
      Array.isArray(values) ? values.map(plain) : values,
      ...rest,
    );
    if (!isPromise(result)) return result;
    return result.then(
      (answer: unknown) => {
        this.heardAt = performance.now();
        return answer;
      },
      (error: Error) => {
        // The server may still be at it, or gone: the pool makes another connection.
        if (error.message === 'Query read timeout') {
          this.onSilence?.(asked);
          this.destroy();
        }
        throw asOutage(error);
      },
    );
  }

  /** Ends the connection without waiting for the server. */
  destroy(): void {
    (this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}

/** A pool that tells outages. If one connection has fallen silent, those that were not heard since are given up too. */
class Pool extends pg.Pool {
  #silentSince = Number.NEGATIVE_INFINITY;

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of the original
  override connect(...args: any[]): any {
    if (typeof args[0] === 'function') return (super.connect as (...all: unknown[]) => unknown).apply(this, args);
    return this.#connect();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      for (;;) {
        const client = await super.connect();
        const plain = client as unknown as PlainClient;
        plain.onSilence ??= (asked) => {
          this.#silentSince = Math.max(this.#silentSince, asked);
        };
        if (plain.heardAt >= this.#silentSince) return client;
        client.release(true);
        plain.destroy();
      }
    } catch (error) {
      throw asOutage(error);
    }
  }
}

/** Text without NUL, numbers without fractions. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\u0000') ? value.replaceAll('\u0000', '\ufffd') : value;
  if (typeof value === 'number' && !Number.isInteger(value)) return Math.round(value);
  return value;
}
