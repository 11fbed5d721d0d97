/** The one place where the parts are put together. */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type App, createApp } from '#lib/http/app.ts';
import { type Claims, claimsOf } from '#lib/http/claims.ts';
import { startDispatcher } from '#lib/events/dispatch.ts';
import { busiest, createBusy } from '#lib/http/busy.ts';
import { elsewhereOf, NOWHERE_ELSE, toldElsewhere } from '#lib/http/elsewhere.ts';
import type { ShortFigures } from '#lib/http/figures.ts';
import { createLimiter } from '#lib/http/limits.ts';
import { createMetrics } from '#lib/http/metrics.ts';
import type { Parts } from '#lib/http/parts.ts';
import type { Route } from '#lib/http/route.ts';
import { createTail, noteExpired } from '#lib/http/tail.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { ownKeys, sharedKeys } from '#lib/oauth/keys/supply.ts';
import { scryptHasher } from '#lib/oauth/users/passwords.ts';
import { createRecorder } from '#lib/recorder/recorder.ts';
import { createSandboxes } from '#lib/sandbox/sandboxes.ts';
import { openStore, type StoreOptions } from '#lib/store/open.ts';
import { prepareDefault } from './default-sandbox.ts';
import { randomPages } from './random.ts';
import type { Env } from './env.ts';
import { createOrigins } from './origins.ts';
import { type History, startHistory } from './history.ts';
import type { Worker } from './peers.ts';
import { startSweeping } from './sweep.ts';
import { version } from './version.ts';
import { memoryLimit, volumeOf } from './volume.ts';

export interface Container extends Parts {
  readonly env: Env;
  readonly app: App;
  /** Every route. Pages ask here: importing the table would put a second engine into their build. */
  routes(): readonly Route[];
  /** Which requests are the application's, by its table; the rest is for the pages. */
  readonly claims: Claims;
  /** What is written down of what the instance counts. */
  readonly history: History;
  /** Ends the live streams, so that the server can stop. */
  stopStreams(): void;
  /** Writes out what waits, and closes the store. */
  close(): Promise<void>;
}

export interface ContainerOptions {
  /** Where unexpected exceptions go; standard error unless said otherwise. */
  readonly log?: Parts['log'];
  /** Wall time, ms since the epoch. */
  readonly wall?: () => number;
  /** How the server is reached. @default 'http' */
  readonly scheme?: 'http' | 'https';
  /** Each sandbox that is made gets an origin of its own: a loopback port, at whose root it lives alone. */
  readonly ownOrigins?: boolean;
  /** Whether sandboxes share their signing keys with all of this process. Only for tests. */
  readonly sharedKeys?: boolean;
  /** Bounds of the store; for tests. */
  readonly store?: StoreOptions;
  /** Documents that are known without a network, by address. */
  readonly documents?: Documents;
  /** The other processes of this start, if this one is a worker. What a start prepares is prepared already then. */
  readonly worker?: Worker;
}

export type Documents = Readonly<Record<string, object>>;

/**
 * Puts a server together.
 * @param env what {@link readEnv} read
 * @throws if the database cannot be opened
 */
export async function createContainer(env: Env, options: ContainerOptions = {}): Promise<Container> {
  const { worker = null } = options;
  const { log = env.log === 'json' ? logAsJson : logToStderr, wall = Date.now, ownOrigins = false } = options;
  const random = randomPages();
  const store = await openStore(env.databaseUrl, {
    onWarning: (message: string) => log(message),
    exclusive: worker === null,
    ...(worker === null ? {} : { peers: worker }),
    ...options.store,
    limits: { sandboxes: env.maxSandboxes, ...options.store?.limits },
  });
  const adminTokenHash = env.adminToken === null ? null : sha256(env.adminToken);
  // A database server may serve several instances, and a file the workers of one start.
  const alone = worker === null && !env.databaseUrl.startsWith('postgres');
  const origins = ownOrigins ? createOrigins(() => app) : null;
  const sandboxes = createSandboxes({
    store,
    wall,
    random,
    adminTokenHash,
    alone,
    ...(origins ? { origins } : {}),
    onGone: (id) => recorder.drop(id),
  });
  const stopping = new AbortController();
  // Every live stream listens to it.
  setMaxListeners(0, stopping.signal);
  const fetch = guardedFetch(!env.isPublic, options.documents);
  const recorder = createRecorder({ store, log, alone });
  const dispatcher = env.events ? startDispatcher({ store, fetch, wall, log, alone }) : null;
  recorder.hearAll((id) => (id === null ? dispatcher?.scan() : dispatcher?.wake(id)));
  const sumOf = async (figure: 'memory' | 'streams', own: number): Promise<number> =>
    ((await worker?.gather()) ?? []).reduce((sum, each) => sum + each[figure], own);
  const busy = createBusy();
  // A file has one start on it; the processes of a start ask each other.
  const instance = worker?.start ?? randomUUID();
  const elsewhere: Parts['elsewhere'] = async () =>
    store.pool === null ? NOWHERE_ELSE : elsewhereOf(await store.listProcesses(wall()), instance);
  const sums: Parts['sums'] = {
    busy: async () => busiest([...busy.own(), ...((await worker?.gather()) ?? []).flatMap((each) => each.busy)]),
    memory: () => sumOf('memory', process.memoryUsage.rss()),
    streams: () => sumOf('streams', recorder.allWatchers()),
  };
  const parts: Parts = {
    site: {
      publicUrl: env.publicUrl,
      scheme: options.scheme ?? 'http',
      isPublic: env.isPublic,
      isPersonal: env.isPersonal,
      allowedHosts: env.allowedHosts,
      allowedOrigins: env.allowedOrigins,
      adminTokenHash,
      trustProxy: env.trustProxy,
      maxSandboxes: env.maxSandboxes,
      version,
    },
    store,
    sandboxes,
    recorder,
    events: dispatcher,
    limiter: createLimiter(env.rateLimits, store.pool, worker?.take),
    metrics: createMetrics(
      {
        sandboxes: {
          help: 'Sandboxes that are alive, in the whole database',
          value: () => store.countSandboxes(wall()).catch(() => Number.NaN),
        },
        sandboxes_max: {
          help: 'Sandboxes that the database holds at most (AUTHWALK_MAX_SANDBOXES)',
          value: () => env.maxSandboxes,
        },
        database_bytes: {
          help: 'Bytes that the database takes',
          value: () => store.databaseBytes().catch(() => Number.NaN),
        },
        streams: { help: 'Live streams that are served', value: () => sums.streams() },
        instances: {
          help: 'Instances that share the database, this one among them',
          value: () =>
            elsewhere().then(
              ({ instances }) => instances + 1,
              () => Number.NaN,
            ),
        },
      },
      { version, node: process.versions.node },
      worker,
    ),
    sums,
    elsewhere,
    noteBusy: busy.note,
    room: { volume: () => volumeOf(env.databaseUrl), memory: memoryLimit },
    tail: createTail(wall, worker),
    passwords: scryptHasher(),
    keys: options.sharedKeys ? sharedKeys() : ownKeys(),
    fetch,
    providers: env.providers,
    stopping: stopping.signal,
    log,
    wall,
    random,
  };
  const figures = (): ShortFigures => ({
    minute: parts.metrics.minute(),
    tail: parts.tail.own(),
    streams: recorder.allWatchers(),
    memory: process.memoryUsage.rss(),
    busy: busy.own(),
  });
  worker?.tellFigures(async () => ({ ...(await parts.metrics.own()), ...figures() }));
  if (worker !== null) void import('#lib/mcp/legacy.ts').then(({ crossProcesses }) => crossProcesses(worker));
  const setup = worker === null ? env.defaultSetup : null;
  const letGo = async (): Promise<void> => {
    stopping.abort();
    await dispatcher?.close();
    await origins?.closeAll();
    await recorder.close();
    await store.close();
  };
  let secret: string;
  try {
    const main = await sandboxes.ensureDefault(setup?.config ?? null);
    ({ secret } = main.record);
    if (setup !== null) await prepareDefault(parts, main, env, setup);
  } catch (error) {
    await letGo();
    throw error;
  }
  const { app, table } = createApp(parts);
  const stopSweeping = startSweeping(store, wall, log, env.isPublic, (ids) => noteExpired(parts.tail, ids));
  const history = startHistory({
    parts,
    instance,
    figures: store.pool === null ? null : () => toldElsewhere(figures(), secret),
  });
  let closing: Promise<void> | undefined;
  return {
    ...parts,
    env,
    app,
    routes: () => table,
    claims: claimsOf(table),
    history,
    stopStreams: () => stopping.abort(),
    close() {
      stopping.abort();
      closing ??= Promise.all([stopSweeping(), history.close()]).then(letGo);
      return closing;
    },
  };
}

/** The guarded fetch, loaded when a client first names an address. */
function guardedFetch(loopback: boolean, documents: Documents = {}): Parts['fetch'] {
  let made: Promise<Parts['fetch']> | undefined;
  return async (url, options) => {
    const address = String(url);
    if (Object.hasOwn(documents, address))
      return {
        status: 200,
        headers: new Headers({ 'content-type': 'application/json' }),
        body: new TextEncoder().encode(JSON.stringify(documents[address])),
      };
    made ??= import('#lib/fetch/guarded.ts').then(({ createGuardedFetch }) => createGuardedFetch({ loopback }));
    return (await made)(url, options);
  };
}

function logToStderr(message: string, error?: unknown, about: Readonly<Record<string, string>> = {}): void {
  const words = Object.entries(about).map(([name, value]) => ` ${name}=${value}`);
  console.error(`${new Date().toISOString()} ${message}${words.join('')}`, error === undefined ? '' : error);
}

/** One JSON value a line, for programs that collect logs. */
function logAsJson(message: string, error?: unknown, about: Readonly<Record<string, string>> = {}): void {
  const { stack = null } = error instanceof Error ? error : {};
  const entry = {
    time: new Date().toISOString(),
    message,
    ...about,
    ...(error === undefined ? {} : { error: stack ?? String(error) }),
  };
  console.error(JSON.stringify(entry));
}
