import { setTimeout } from '#lib/spec/timers.ts';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import { add } from './counters.ts';
import type { Database, DatabaseOptions } from './database.ts';
import type { Growing } from './growing.ts';
import { type Growth, watchGrowth } from './growth.ts';
import { historyVerbs } from './history.ts';
import { leaseVerbs } from './leases.ts';
import { LIMITS, type Limits, WHOLE_DATABASE } from './limits.ts';
import { migrate } from './migrations/index.ts';
import { classVerbs } from './class-records.ts';
import type { Peers } from './news.ts';
import { planVerbs } from './plan-records.ts';
import { reportVerbs } from './report-records.ts';
import { trimBytes } from './exchanges.ts';
import { sandboxVerbs } from './sandboxes.ts';
import { sharedAppends } from './shared-appends.ts';
import { openSqlite } from './sqlite.ts';
import type { Store, TenantStore } from './store.ts';
import { sweepVerb } from './sweep.ts';
import { operatorVerbs } from './operator.ts';
import { tenantStore } from './tenant.ts';
import { webhookScopeVerbs } from './webhooks.ts';

export interface StoreOptions {
  /** Hears of what works, but not as it should. */
  readonly onWarning?: (message: string) => void;
  /** Other limits than those of `limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** Whether this process is to be the only one on a SQLite file, as a server has to be. */
  readonly exclusive?: boolean;
  /** The other processes of this start, if it has several and they share a SQLite file. */
  readonly peers?: Peers | undefined;
  /** Most pages of a SQLite file: a small disk, for tests. */
  readonly maxPages?: number;
  /** Other bounds than those of `growing.ts`, in rows of a scope; for tests. */
  readonly maximums?: Partial<Record<Growing, number>>;
}

/** Scopes whose verbs are kept; they hold no state. */
const TENANTS = 1000;

/**
 * Opens the database that the URL names, brings its schema up to date, and returns the store.
 *
 * @param url `:memory:`, `file:PATH` (made with its directories if there is none), or `postgres://…`
 * @throws if the URL is of another kind, or the database cannot be opened
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  let growth: Growth | undefined;
  const db = await openDatabase(url, {
    onWarning: options.onWarning,
    onInsert: (tenant, table) => growth?.note(tenant, table),
    exclusive: options.exclusive ?? false,
    peers: options.peers,
    maxPages: options.maxPages,
    limits: { ...LIMITS, ...options.limits },
  });
  try {
    await bringUpToDate(url, db);
  } catch (error) {
    await db.close();
    throw error;
  }
  growth = watchGrowth(db, options);
  return storeOver(db, growth);
}

/** ms for which one probe answers for all: probes write, and anybody may ask for them. */
const PROBE_LIFE = 500;

/** Writes one row, again and again: a database that takes writes can be read too. */
function probe(db: Database, isClosed: () => boolean): () => Promise<void> {
  let latest: Promise<void> | undefined;
  return () => {
    const outage = db.recentOutage();
    if (outage !== null) return Promise.reject(outage);
    if (latest && !isClosed()) return latest;
    latest = add(db, WHOLE_DATABASE, 'probes', 1).then(() => undefined);
    setTimeout(() => {
      latest = undefined;
    }, PROBE_LIFE).unref();
    return latest;
  };
}

/** Runs the migrations; on PostgreSQL by a connection of their own that may take as long as they need. */
async function bringUpToDate(url: string, db: Database): Promise<void> {
  if (db.dialect === 'sqlite') {
    await migrate(db.kysely, db.dialect);
    return;
  }
  const { openPostgres } = await import('./postgres.ts');
  const patient = openPostgres(url, { patient: true });
  try {
    await migrate(patient.kysely, patient.dialect);
  } finally {
    await patient.close();
  }
}

async function openDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  if (url === ':memory:') return openSqlite(url, options);
  if (url.startsWith('file:')) return openSqlite(pathOf(url), options);
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    // Its driver is loaded only where it is used.
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url, options);
  }
  throw new Error(`the database URL "${url}" is of no known kind: it takes file:PATH, :memory: or postgres://…`);
}

/** The path that a URL `file:PATH` names. @throws if it names none */
export function pathOf(url: string): string {
  const path = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '') throw new Error('the database URL "file:" names no file: it takes file:PATH');
  return path;
}

function storeOver(db: Database, growth: Growth): Store {
  const tenants = new BoundedMap<string, TenantStore>(TENANTS);
  const appends = db.prepared === null ? null : sharedAppends(db.prepared, (tenant) => trimBytes(db, tenant));
  let closing: Promise<void> | undefined;
  return {
    ping: probe(db, () => closing !== undefined),
    close() {
      closing ??= growth.settle().then(() => db.close());
      return closing;
    },
    ...sandboxVerbs(db),
    ...planVerbs(db),
    ...classVerbs(db),
    ...reportVerbs(db),
    ...leaseVerbs(db),
    ...historyVerbs(db),
    ...webhookScopeVerbs(db),
    ...operatorVerbs(db),
    onNews: (listener) => db.news.subscribe(listener),
    pool: db.pool,
    tenant: (scope) => tenants.getOrMake(scope, () => tenantStore(db, scope, appends)),
    sweep: sweepVerb(db),
  };
}
