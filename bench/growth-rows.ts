/** Databases with many rows, for the benchmark of growth: filled in by SQL, as many of each table as are asked for. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** A database to fill. */
export interface Growing {
  readonly url: string;
  /** Adds the rows from one number to another to each table. */
  fill(from: number, to: number): Promise<void>;
  /** What the database does by itself, a little later. @returns its bytes */
  settle(): Promise<number>;
  close(): Promise<void>;
}

const NOW = Date.now();
const DAY = 86_400_000;
const METADATA = JSON.stringify({
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  client_name: 'Growth',
});

/** Each table with its columns, and the values of a row, where `KEY` stands for the key of the nth row. */
const TABLES: readonly (readonly [table: string, columns: string, values: string])[] = [
  [
    'sandboxes',
    'id, config, control_token_hash, secret, clock_offset, created_at, last_used_at, ttl, expires_at, version',
    `KEY, '{}', 'control', 'secret', 0, ${NOW}, ${NOW}, 86400, ${NOW + DAY}, 1`,
  ],
  [
    'clients',
    'tenant, client_id, source, metadata, auth_methods, secret_expires_at, created_at',
    `'default', KEY, 'dynamic', '${METADATA}', '["none"]', 0, ${NOW}`,
  ],
  [
    'grants',
    'tenant, id, client_id, sub, kind, scope, resource, audience, details, created_at, live, live_until',
    `'default', KEY, KEY, KEY, 'authorization_code', '["notes:read"]', '[]', '[]', '{}', ${NOW} - n, 1, ${NOW + DAY}`,
  ],
  [
    'codes',
    'tenant, hash, grant_id, client_id, redirect_uri, code_challenge, code_challenge_method, created_at, expires_at',
    `'default', KEY, KEY, KEY, 'https://client.example/callback', KEY, 'S256', ${NOW} - n, ${NOW + 60_000}`,
  ],
  [
    'access_tokens',
    'tenant, id, grant_id, client_id, sub, scope, audience, issued_at, expires_at, details',
    `'default', KEY, KEY, KEY, KEY, '["notes:read"]', '["https://walk.example/mcp"]', ${NOW}, ${NOW + DAY}, '{}'`,
  ],
  [
    'refresh_tokens',
    'tenant, hash, grant_id, client_id, scope, generation, issued_at, expires_at',
    `'default', KEY, KEY, KEY, '["notes:read"]', 1, ${NOW}, ${NOW + DAY}`,
  ],
];

const FILLER = 'k'.repeat(35);

/** The same key for the nth row in both databases, scattered as hashes are. */
export const keyOf = (n: number): string =>
  `${((n * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}${FILLER}`;

/** A SQLite file that a server has open already. */
export function sqliteRows(folder: string, size: number): Growing {
  const path = join(folder, `${size}.db`);
  const key = `printf('%08x', (n * 2654435761) % 4294967296) || '${FILLER}'`;
  let raw: DatabaseSync | undefined;
  return {
    url: `file:${path}`,
    async fill(from, to) {
      raw ??= new DatabaseSync(path, { timeout: 10_000 });
      // Filling in need not survive anything; the server has settings of its own.
      raw.exec('pragma synchronous = off; pragma cache_size = -400000');
      for (const [table, columns, values] of TABLES)
        raw.exec(
          `with recursive numbers(n) as (select ${from} union all select n + 1 from numbers where n < ${to})
           insert into ${table} (${columns}) select ${values.replaceAll('KEY', key)} from numbers`,
        );
    },
    async settle() {
      raw!.exec('pragma wal_checkpoint(truncate)');
      const row = raw!.prepare('select page_count * page_size as b from pragma_page_count(), pragma_page_size()').get();
      return Number(row?.b);
    },
    async close() {
      raw?.close();
    },
  };
}

/** A database of its own on a PostgreSQL. @param server URL of its database `postgres` */
export async function postgresRows(server: string, size: number): Promise<Growing> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database growth_${size}`);
  await admin.end();
  const url = server.replace('/postgres?', `/growth_${size}?`);
  const key = `lpad(to_hex((n::bigint * 2654435761) % 4294967296), 8, '0') || '${FILLER}'`;
  const raw = new pg.Client({ connectionString: url });
  await raw.connect();
  return {
    url,
    async fill(from, to) {
      for (const [table, columns, values] of TABLES)
        await raw.query(
          `insert into ${table} (${columns})
           select ${values.replaceAll('KEY', key)} from generate_series(${from}, ${to}) as n`,
        );
    },
    async settle() {
      // Autovacuum does it by itself, a little later.
      await raw.query('vacuum analyze');
      const { rows } = await raw.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes');
      return Number(rows[0]!.bytes);
    },
    close: () => raw.end(),
  };
}
