/** What an operator looks at: all sandboxes, kept reports, and how much room everything takes. In pages. */
import { sql } from 'kysely';
import type { Database, DialectName } from './database.ts';
import { decodeObject } from './json.ts';

/** Latest entries of a ledger among which its sender is looked for: a change of the sandbox has none. */
const LOOKED_AT = 5;

/** A sandbox in a list. */
export interface SandboxSummary {
  readonly id: string;
  readonly scenario: string | null;
  /** Who sent the latest exchange that says so: the name or identifier of a client, else a `User-Agent`. */
  readonly client: string | null;
  /** Wall ms. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number | null;
  /** Entries of its ledger, and the bytes that they take. */
  readonly exchanges: number;
  readonly bytes: number;
}

/** A kept report in a list. */
export interface ReportSummary {
  readonly id: string;
  readonly sandboxId: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly readAt: number;
}

export interface SandboxSearch {
  /** Beginning of an id, or part of the name of a scenario, or of the name or identifier of a client; empty: all. */
  readonly search: string;
  /** Only those with more entries in their ledger; 0: all. */
  readonly moreThan: number;
  /** Only those used since then, wall ms. */
  readonly usedSince: number;
  /** The longest idle ones first. @default false */
  readonly idleFirst?: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** How much there is of everything. */
export interface Totals {
  readonly sandboxes: number;
  readonly reports: number;
  readonly reportBytes: number;
  readonly plans: number;
  readonly users: number;
  readonly clients: number;
  /** Bytes of the database. */
  readonly bytes: number;
}

export interface OperatorVerbs {
  /** Sandboxes that are alive, the latest used first unless it is said. @param wall now, ms */
  findSandboxes(wall: number, search: SandboxSearch): Promise<{ total: number; sandboxes: SandboxSummary[] }>;
  /**
   * How many sandboxes were used last in each span before now, the latest span first.
   * @param width ms of a span
   * @param bars how many spans
   */
  countLastUses(wall: number, width: number, bars: number): Promise<number[]>;
  /** @param wall now, ms */
  countSandboxes(wall: number): Promise<number>;
  /** Bytes that the database takes: of a SQLite file without what waits in its log. */
  databaseBytes(): Promise<number>;
  /** Kept reports, newest first unless it is said. */
  listReports(options: { offset: number; limit: number; oldestFirst?: boolean }): Promise<ReportSummary[]>;
  /** Of users and clients those of `default`. */
  countAll(wall: number): Promise<Totals>;
}

const like = (column: string, pattern: string) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;

/** Latest used sandboxes among whose latest entries a sender is looked for that is no client of theirs. */
const SENDERS_LOOKED_AT = 2_000;

/**
 * A column with JSON, ready to be read. PostgreSQL refuses to read a document in which a client has put U+0000 or half
 * of a surrogate pair: JSON knows them, its text type does not. Their escapes are replaced by that of U+FFFD.
 */
function readable(column: string) {
  const of = sql.ref(column);
  const odd = sql.lit('\\\\u(0000|d[89a-f][0-9a-f]{2})');
  return sql`(case when strpos(${of}, '\\u0000') > 0 or strpos(${of}, '\\ud') > 0
    then regexp_replace(${of}, ${odd}, '\\\\ufffd', 'g') else ${of} end)::json`;
}

/** Sandboxes that have a client whose name or identifier is like this. */
function withClient(dialect: DialectName, pattern: string) {
  const name =
    dialect === 'sqlite'
      ? sql`json_extract(metadata, '$.client_name')`
      : sql`${readable('metadata')} ->> 'client_name'`;
  return sql`
    select tenant from clients
    where lower(client_id) like ${pattern} escape '\\' or lower(${name}) like ${pattern} escape '\\'`;
}

/** Sandboxes whose latest exchange says that somebody like this sent it: a name, an identifier, or a \`User-Agent\`. */
function withSender(dialect: DialectName, pattern: string) {
  const member = (name: string) =>
    dialect === 'sqlite'
      ? sql`json_extract(data, ${`$.client.${name}`})`
      : sql`${readable('data')} -> 'client' ->> ${name}::text`;
  const text = sql.join(
    ['name', 'clientId', 'userAgent'].map((name) => sql`coalesce(${member(name)}, '')`),
    sql` || ' ' || `,
  );
  return sql`
    select tenant from (
      select l.tenant, (select e.data from exchanges e where e.tenant = l.tenant and e.data not like '{"kind":%'
        order by e.seq desc limit 1) as data
      from (select id as tenant from sandboxes where deleted_at is null
        order by last_used_at desc limit ${sql.lit(SENDERS_LOOKED_AT)}) as l
    ) as latest where data is not null and lower(${text}) like ${pattern} escape '\\'`;
}

/** Ledgers are kept without gaps, so how long one is says its first and its last number. */
function longerThan(entries: number) {
  const end = (order: 'asc' | 'desc') =>
    sql`(select e.seq from exchanges e where e.tenant = sandboxes.id order by e.seq ${sql.raw(order)} limit 1)`;
  return sql<boolean>`${end('desc')} - ${end('asc')} >= ${entries}`;
}

export function operatorVerbs(db: Database): OperatorVerbs {
  const { kysely, dialect } = db;
  const alive = (wall: number) =>
    kysely
      .selectFrom('sandboxes')
      .where('deleted_at', 'is', null)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', wall)]));

  async function count(wall: number): Promise<number> {
    const row = await alive(wall)
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  }

  async function databaseBytes(): Promise<number> {
    const size =
      dialect === 'sqlite'
        ? sql<{ bytes: number }>`select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()`
        : sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`;
    return Number((await size.execute(kysely)).rows[0]?.bytes ?? 0);
  }

  return {
    countSandboxes: count,
    databaseBytes,

    async findSandboxes(wall, { search, moreThan, usedSince, idleFirst = false, offset, limit }) {
      let found = alive(wall).where('last_used_at', '>=', usedSince);
      if (search !== '') {
        const text = search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&');
        found = found.where(
          sql<boolean>`(${like('id', `${text}%`)} or ${like('scenario', `%${text}%`)} or id in (
            ${withClient(dialect, `%${text}%`)} union ${withSender(dialect, `%${text}%`)}))`,
        );
      }
      if (moreThan > 0) found = found.where(longerThan(moreThan));
      const row = await found.select((of) => of.fn.countAll<number>().as('count')).executeTakeFirst();
      const rows = await found
        .select(['id', 'scenario', 'created_at', 'last_used_at', 'expires_at'])
        .orderBy('last_used_at', idleFirst ? 'asc' : 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute();
      const ids = rows.map(({ id }) => id);
      const [sizes, senders] = ids.length === 0 ? [[], []] : await Promise.all([sizesOf(ids), sendersOf(ids)]);
      return {
        total: Number(row?.count ?? 0),
        sandboxes: rows.map((each) => {
          const size = sizes.find(({ tenant }) => tenant === each.id);
          return {
            id: each.id,
            scenario: each.scenario,
            client: senders.find(({ tenant }) => tenant === each.id)?.name ?? null,
            createdAt: Number(each.created_at),
            lastUsedAt: Number(each.last_used_at),
            expiresAt: each.expires_at === null ? null : Number(each.expires_at),
            exchanges: Number(size?.count ?? 0),
            bytes: Number(size?.bytes ?? 0),
          };
        }),
      };
    },

    async countLastUses(wall, width, bars) {
      const span = sql<number>`cast((${wall} - last_used_at) / ${width} as integer)`;
      const rows = await alive(wall)
        .where('last_used_at', '>', wall - width * bars)
        .select((of) => [span.as('span'), of.fn.countAll<number>().as('count')])
        .groupBy('span')
        .execute();
      const counts = Array.from({ length: bars }, () => 0);
      for (const row of rows) {
        const at = Math.max(0, Number(row.span));
        if (at < bars) counts[at]! += Number(row.count);
      }
      return counts;
    },

    async listReports({ offset, limit, oldestFirst = false }) {
      const rows = await kysely
        .selectFrom('reports')
        .select(['id', 'sandbox_id', 'bytes', 'created_at', 'expires_at', 'read_at'])
        .orderBy('created_at', oldestFirst ? 'asc' : 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        sandboxId: row.sandbox_id,
        bytes: Number(row.bytes),
        createdAt: Number(row.created_at),
        expiresAt: Number(row.expires_at),
        readAt: Number(row.read_at),
      }));
    },

    async countAll(wall) {
      const [sandboxes, reports, plans, users, clients, bytes] = await Promise.all([
        count(wall),
        kysely
          .selectFrom('reports')
          .select((of) => [of.fn.countAll<number>().as('count'), of.fn.sum<number>('bytes').as('bytes')])
          .executeTakeFirst(),
        countOf(sql`plans where id not like '%/%' and expires_at > ${wall}`),
        countOf(sql`users where tenant = 'default'`),
        countOf(sql`clients where tenant = 'default'`),
        databaseBytes(),
      ]);
      return {
        sandboxes,
        reports: Number(reports?.count ?? 0),
        reportBytes: Number(reports?.bytes ?? 0),
        plans,
        users,
        clients,
        bytes,
      };
    },
  };

  async function sizesOf(ids: readonly string[]) {
    return await kysely
      .selectFrom('exchanges')
      .select((of) => ['tenant', of.fn.countAll<number>().as('count'), of.fn.sum<number>('bytes').as('bytes')])
      .where('tenant', 'in', ids)
      .groupBy('tenant')
      .execute();
  }

  /** Who sent the latest exchange of each: looked for among the last few entries. */
  async function sendersOf(ids: readonly string[]) {
    const member = (name: string) =>
      dialect === 'sqlite'
        ? sql<string | null>`json_extract(e.data, ${`$.client.${name}`})`
        : sql<string | null>`${readable('e.data')} -> 'client' ->> ${name}::text`;
    const latest = kysely
      .selectFrom('exchanges')
      .select(['tenant', 'seq', sql<number>`row_number() over (partition by tenant order by seq desc)`.as('nth')])
      .where('tenant', 'in', ids)
      .as('latest');
    const rows = await kysely
      .selectFrom(latest)
      .innerJoin('exchanges as e', (join) =>
        join.onRef('e.tenant', '=', 'latest.tenant').onRef('e.seq', '=', 'latest.seq'),
      )
      .select(['e.tenant', member('clientId').as('id'), member('name').as('name'), member('userAgent').as('agent')])
      .where('latest.nth', '<=', LOOKED_AT)
      .orderBy('latest.nth')
      .execute();
    const named = rows.flatMap(({ tenant, id }) => (id === null ? [] : [{ tenant, id }]));
    const clients = named.length === 0 ? [] : await clientsOf(named);
    return rows.flatMap(({ tenant, id, name, agent }) => {
      const found = clients.find((one) => one.tenant === tenant && one.client_id === id);
      const told = (found && decodeObject(found.metadata).client_name) ?? name ?? id ?? agent;
      return typeof told === 'string' && told !== '' ? [{ tenant, name: told }] : [];
    });
  }

  async function clientsOf(named: readonly { readonly tenant: string; readonly id: string }[]) {
    return await kysely
      .selectFrom('clients')
      .select(['tenant', 'client_id', 'metadata'])
      .where((where) => where.or(named.map(({ tenant, id }) => where.and({ tenant, client_id: id }))))
      .execute();
  }

  async function countOf(from: ReturnType<typeof sql>): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${from}`.execute(kysely);
    return Number(rows[0]?.count ?? 0);
  }
}
