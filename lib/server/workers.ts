/**
 * Several processes of one start (`AUTHWALK_WORKERS`). The first process holds the lock of the database, prepares it,
 * and hands out connections; it answers no request itself. A worker that ends is replaced; all end with the first one.
 */
import cluster, { type Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';
import type { Figures } from '#lib/http/figures.ts';
import { createLimiter } from '#lib/http/limits.ts';
import { lockDatabase } from '#lib/store/lock.ts';
import { pathOf } from '#lib/store/open.ts';
import { createContainer } from './container.ts';
import type { Env } from './env.ts';
import { isMessage, type Message, START } from './peers.ts';

/** ms after which a worker that was asked to end is ended: more than it takes for its own latest end. */
const LATEST_END = 5_500;
/** ms that workers get to say their figures. */
const PATIENCE = 1_000;
/** A worker that lives shorter has failed to start, in ms; after so many in a row the start is given up. */
const SHORT_LIFE = 5_000;
const MOST_FAILURES = 5;

export interface WorkersOptions {
  readonly env: Env;
  readonly scheme: 'http' | 'https';
  /** The module that a worker runs; left out: the one that this process runs. */
  readonly entry?: string | undefined;
  /** How the process ends if it cannot start. */
  readonly failed: number;
}

/**
 * Prepares the database and starts the workers.
 * @returns the port, once all listen
 * @throws if the database cannot be opened, or another start holds it
 */
export async function startWorkers({ env, scheme, entry, failed }: WorkersOptions): Promise<number> {
  const unlock = env.databaseUrl.startsWith('file:') ? lockDatabase(pathOf(env.databaseUrl), 'workers') : undefined;
  await prepare(env, scheme);
  cluster.setupPrimary({ ...(entry === undefined ? {} : { exec: entry, args: [] }) });
  // What this start made up holds for all.
  const inherited = {
    [START]: randomUUID(),
    ...(env.adminToken === null ? {} : { AUTHWALK_ADMIN_TOKEN: env.adminToken }),
  };
  const listening = new Set<Worker>();
  const startedAt = new Map<Worker, number>();
  let announced = false;
  let stopping = false;
  let failures = 0;

  const fork = (): void => void startedAt.set(cluster.fork(inherited), performance.now());
  // One that has ended may stand in the list until its channel is closed, too.
  const workers = (): Worker[] =>
    Object.values(cluster.workers ?? {}).filter((one) => one !== undefined && !one.isDead()) as Worker[];

  function end(code: number): void {
    unlock?.();
    process.exit(code);
  }

  function stop(signal: NodeJS.Signals, code: number): void {
    if (stopping) return;
    stopping = true;
    if (workers().length === 0) end(code);
    cluster.on('exit', () => {
      if (workers().length === 0) end(code);
    });
    for (const worker of workers()) worker.process.kill(signal);
    setTimeout(() => {
      for (const worker of workers()) worker.process.kill('SIGKILL');
    }, LATEST_END);
  }

  const allListen = new Promise<number>((resolve) => {
    cluster.on('listening', (worker, { port }) => {
      listening.add(worker);
      if (listening.size < env.workers) return;
      announced = true;
      resolve(port);
    });
  });
  cluster.on('exit', (worker, code, signal) => {
    const life = performance.now() - (startedAt.get(worker) ?? 0);
    startedAt.delete(worker);
    const wasListening = listening.delete(worker);
    if (stopping) return;
    failures = wasListening && life > SHORT_LIFE ? 0 : failures + 1;
    // Before all have come up it is the configuration that is wrong, and its line is out.
    if (!announced || failures >= MOST_FAILURES) return stop('SIGTERM', failed);
    console.error(`A worker ended (${signal ?? `exit code ${code}`}); another takes its place.`);
    fork();
  });
  passMessages(env, workers);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stop(signal, signal === 'SIGHUP' ? 129 : 0));
  for (let at = 0; at < env.workers; at += 1) fork();
  return allListen;
}

/** Brings the schema up to date and makes what a start makes, once for all workers. */
async function prepare(env: Env, scheme: 'http' | 'https'): Promise<void> {
  const container = await createContainer({ ...env, events: false }, { scheme, store: { exclusive: false } });
  await container.close();
}

/** Hands on what workers tell each other, and counts for them what is counted together. */
function passMessages(env: Env, workers: () => Worker[]): void {
  const limiter = createLimiter(env.rateLimits);
  const gathering = new Map<string, { figures: Figures[]; left: number; done: () => void }>();
  const send = (worker: Worker, message: Message): void => {
    if (worker.isConnected()) worker.send(message, () => undefined);
  };

  function gather(id: string, asker: Worker): void {
    const others = workers().filter((one) => one !== asker);
    const figures: Figures[] = [];
    const done = (): void => {
      clearTimeout(patience);
      gathering.delete(id);
      send(asker, { authwalk: 'answer', id, value: figures });
    };
    const patience = setTimeout(done, PATIENCE);
    gathering.set(id, { figures, left: others.length, done });
    for (const other of others) send(other, { authwalk: 'gather', id });
    if (others.length === 0) done();
  }

  cluster.on('message', (worker, message: unknown) => {
    if (!isMessage(message)) return;
    if (message.authwalk === 'topics') for (const one of workers()) if (one !== worker) send(one, message);
    if (message.authwalk === 'take') {
      const { id, take } = message;
      const counted = limiter.takeKey(take.name, take.key, take.limit, take.seconds);
      // Without an answer the worker counts for itself.
      void counted.then(
        (value) => send(worker, { authwalk: 'answer', id, value }),
        () => undefined,
      );
    }
    if (message.authwalk === 'gather') gather(message.id, worker);
    if (message.authwalk === 'figures') {
      const pending = gathering.get(message.id);
      if (pending === undefined) return;
      pending.figures.push(message.figures);
      pending.left -= 1;
      if (pending.left === 0) pending.done();
    }
  });
}
