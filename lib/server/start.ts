/** Starts the server: environment, container, sockets, pages; and stops it in order. */
import cluster from 'node:cluster';
import type { Server, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { warm } from '#lib/http/routes/lazy.ts';
import { type Container, createContainer } from './container.ts';
import { keepContainer } from './current.ts';
import { createEntry } from './entry.ts';
import { EnvError, type Env, type EnvOptions, readEnv } from './env.ts';
import { type Certificates, openCertificates } from './https/certificates.ts';
import { type PageHandler, startPages } from './pages.ts';
import type { Worker } from './peers.ts';
import { version } from './version.ts';

/** ms that requests in flight get to finish when the server stops. */
const GRACE = 4_500;
/** ms from the signal to the end of the process, whatever the database does. */
const LATEST_END = 4_900;
/** ms after which what is loaded later is loaded, if nobody has asked for anything. */
const REST_AFTER = 150;

export interface StartOptions {
  /** Where the pages were built. */
  readonly dir: string;
  /** With reload. */
  readonly dev: boolean;
  /** false: the engine alone, without Next. */
  readonly pages?: boolean;
  /** The folder of the certificate authority, if the server speaks HTTPS; it is made on first use. */
  readonly https?: string;
  /** How the process ends if it cannot start. @default 1 */
  readonly failed?: number;
  /** What the user typed in place of a variable, for the lines that say what is wrong. */
  readonly named?: EnvOptions['named'];
  /** The module that further processes run (`AUTHWALK_WORKERS`). @default the one that this process runs */
  readonly entry?: string;
}

/** Starts the server, or ends the process with what is wrong. @returns its address, as the first line says it */
export async function start(options: StartOptions): Promise<string> {
  const { dir, dev, pages: withPages = true, https, failed = 1, named = {} } = options;
  if (!dev) (process.env as Record<string, string>).NODE_ENV ??= 'production';
  let env: Env;
  let container: Container;
  try {
    env = readEnv(process.env, { named });
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    for (const fault of error.faults) console.error(fault);
    process.exit(failed);
  }
  let certificates: Certificates | null = null;
  try {
    if (https !== undefined) certificates = await openCertificates(https, namesOf(env), Date.now);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(failed);
  }
  const scheme = certificates === null ? 'http' : 'https';
  // A process manager may run a start that has no workers in a cluster of its own.
  const isWorker = env.workers > 1 && cluster.isWorker;
  try {
    if (env.workers > 1 && cluster.isPrimary && !dev) return await startAll(env, scheme, options, certificates);
    container = await createContainer(env, { scheme, ...(isWorker ? { worker: await connect() } : {}) });
  } catch (error) {
    console.error(explainOpening(error));
    process.exit(failed);
  }
  keepContainer(Promise.resolve(container));

  let made: PageHandler | undefined;
  const pages = () => (made ??= startPages({ dir, dev, server, port, log: container.log }));
  const tls = certificates === null ? {} : { tls: certificates.first };
  const entry = createEntry(container, { dev, ...tls, ...(withPages ? { pages } : {}) });
  const { server } = entry;
  const port = await listen(server, env, (error) => {
    console.error(explainListen(error, env));
    process.exit(failed);
  });
  const alias = env.host === null ? await listenOnSixToo(server, port, failed) : null;
  // Before the line that others wait for: a process that has read it may stop the server.
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const code = signal === 'SIGHUP' ? 129 : 0;
    setTimeout(() => process.exit(code), LATEST_END);
    alias?.close();
    container.stopStreams();
    await entry.stop(GRACE);
    await container.close();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));

  if (certificates !== null)
    certificates.renew(server as HttpsServer, (error) => container.log('no new certificate could be made', error));
  const address = addressOf(env, scheme, port);
  // Of several processes the first one says it, once all listen.
  if (!isWorker) announce(address, env, withPages, certificates);
  afterFirstAnswer(server, () => {
    if (stopping) return;
    container.keys.prepare();
    if (withPages) pages();
    void warm();
  });
  return address;
}

/**
 * Does what the first answer needs nothing of. To load the pages holds this process up for longer than all before:
 * whoever waits for the server is answered first.
 */
function afterFirstAnswer(server: Server, work: () => void): void {
  let begun = false;
  const begin = (): void => {
    if (begun) return;
    begun = true;
    clearTimeout(timer);
    work();
  };
  const timer = setTimeout(begin, REST_AFTER);
  server.once('request', (_request, response: ServerResponse) => void response.once('close', begin));
}

/** Starts further processes, which answer the requests; this one looks after them. @returns the address */
async function startAll(
  env: Env,
  scheme: 'http' | 'https',
  { pages = true, failed = 1, entry }: StartOptions,
  certificates: Certificates | null,
): Promise<string> {
  const { startWorkers } = await import('./workers.ts');
  const address = addressOf(env, scheme, await startWorkers({ env, scheme, entry, failed }));
  announce(address, env, pages, certificates);
  return address;
}

async function connect(): Promise<Worker> {
  const { connectWorker } = await import('./peers.ts');
  return connectWorker();
}

const addressOf = ({ publicUrl }: Env, scheme: string, port: number): string =>
  publicUrl ?? `${scheme}://localhost:${port}`;

function listen(server: Server, env: Env, failed: (error: NodeJS.ErrnoException) => void): Promise<number> {
  return new Promise((resolve) => {
    server.once('error', failed);
    server.listen(env.port, env.host ?? '127.0.0.1', () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : env.port);
    });
  });
}

/** The same server on ::1, if there is one: `localhost` may mean either. */
function listenOnSixToo(server: Server, port: number, failed: number): Promise<SocketServer | null> {
  return new Promise((resolve) => {
    const alias = createSocketServer((socket) => server.emit('connection', socket));
    alias.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        console.error(`Port ${port} on ::1 is taken by another program: PORT takes another one.`);
        process.exit(failed);
      }
      resolve(null);
    });
    alias.listen(port, '::1', () => resolve(alias));
  });
}

/** Why the server cannot start on its database: that cannot be opened, or what `default` is to begin with cannot be. */
function explainOpening(error: unknown): string {
  const says = error instanceof Error ? error.message : String(error);
  return error instanceof Error && error.name === 'SeedError'
    ? `AUTHWALK_DEFAULT_CONFIG holds what cannot be set up: ${says}`
    : `DATABASE_URL: the database cannot be opened: ${says}`;
}

function explainListen(error: NodeJS.ErrnoException, env: Env): string {
  if (error.code === 'EADDRINUSE')
    return `PORT holds ${env.port}, which another program listens on; it takes a free port.`;
  if (error.code === 'EACCES')
    return `PORT holds ${env.port}, which this user may not listen on; it takes a free port from 1024 up.`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `HOST holds ${JSON.stringify(env.host)}, which is no address of this machine.`;
  return `The server cannot listen: ${error.message}`;
}

function announce(address: string, env: Env, withPages: boolean, certificates: Certificates | null): void {
  // Options of curl, without which it would not believe the server.
  const trusts = certificates === null ? '' : `--cacert ${certificates.authority} `;
  console.log(`Authwalk ${version} listens on ${address}

${withPages ? `  Walk the flow       ${address}/guide\n` : ''}  Connect a client    ${address}/mcp
  Look it over        curl ${trusts}${address}/.well-known/oauth-authorization-server
`);
  if (certificates !== null) announceAuthority(certificates.authority);
  for (const warning of env.warnings) console.log(warning);
}

/** What the certificate has to be good for beside loopback. */
function namesOf({ host, publicUrl, allowedHosts }: Env): string[] {
  const named = publicUrl === null ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const listened = host === null || host === '0.0.0.0' || host === '::' ? [] : [host];
  return [...allowedHosts, ...named, ...listened];
}

function announceAuthority(path: string): void {
  console.log(`Its certificate is signed by an authority of your own. Give clients that file:

  Node                NODE_EXTRA_CA_CERTS=${path}
  curl                --cacert ${path}
  The file            ${path}
`);
}
