/** `authwalk serve`: the server with its pages, or the engine alone. */
import { spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { createServer } from 'node:net';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { CommandError, EXIT } from './exit.ts';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';

export interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
  readonly database?: string;
  readonly memory?: boolean;
  /** A file with `{ config, seed, allowedHosts }`. */
  readonly config?: string;
  /** With a certificate of an authority that is made on first use. */
  readonly https?: boolean;
  /** false: the engine alone. */
  readonly pages: boolean;
  readonly open?: boolean;
  readonly log?: 'text' | 'json';
}

/** What the pages read from files, and where the package has it, below `data/`. */
const DATA = [
  ['AUTHWALK_TRACKS', 'tracks'],
  ['AUTHWALK_LEVELS', 'levels'],
  ['AUTHWALK_DOCS', 'docs'],
] as const;

/** Ports that are tried after the usual one. */
const MOST_PORTS = 50;
const USUAL_PORT = 3000;

/** The folder for this user's data, where each system keeps it. */
export function dataFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'authwalk');
  if (platform() === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'authwalk', 'Data');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'authwalk');
}

/**
 * Makes the folder for this user's data, if it is not there.
 * @throws CommandError if that is not possible, with what to do instead
 */
export function makeDataFolder(env?: Readonly<Record<string, string | undefined>>): string {
  const folder = dataFolder(env);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError(
      EXIT.couldNotRun,
      `The folder for the data, ${folder}, cannot be made (${code}). ` +
        'Name a database by --database file:PATH, or keep nothing by --memory.',
    );
  }
  return folder;
}

/** Whether a port is free on both loopback addresses; a machine without IPv6 has one. */
async function isFree(port: number): Promise<boolean> {
  for (const address of ['127.0.0.1', '::1']) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(address === '::1' && code !== 'EADDRINUSE'));
      probe.listen(port, address, () => probe.close(() => resolve(true)));
    });
    if (!free) return false;
  }
  return true;
}

/** The port to listen on if none was asked for: the usual one, or the next that is free. */
export async function choosePort(say: (line: string) => void): Promise<number> {
  for (let port = USUAL_PORT; port < USUAL_PORT + MOST_PORTS; port++) {
    if (!(await isFree(port))) continue;
    if (port !== USUAL_PORT) say(`Port ${USUAL_PORT} is taken: this is ${port}.`);
    return port;
  }
  return USUAL_PORT;
}

/**
 * Starts the server in this process. It stops in order on SIGINT and SIGTERM.
 * @param dir where the pages were built
 * @param packaged whether this runs from the package, whose default database is in the user's data folder
 */
export async function serve(options: ServeOptions, dir: string, packaged: boolean): Promise<void> {
  if (options.pages && !packaged && !existsSync(join(dir, 'server.ts')))
    throw new CommandError(EXIT.usage, 'This package has no pages: add --no-pages, or install authwalk.');
  const env = process.env as Record<string, string | undefined>;
  // A PORT in the environment stays as it is: the server says what is wrong with it.
  if (options.port !== undefined) env.PORT = String(options.port);
  else if (!env.PORT) env.PORT = String(await choosePort((line) => console.error(line)));
  if (options.host !== undefined) env.HOST = options.host;
  if (options.memory) env.DATABASE_URL = ':memory:';
  else if (options.database !== undefined) env.DATABASE_URL = options.database;
  else if (packaged && !env.DATABASE_URL) {
    env.DATABASE_URL = `file:${join(makeDataFolder(), 'authwalk.db')}`;
  }
  if (options.config !== undefined) env.AUTHWALK_DEFAULT_CONFIG = options.config;
  if (options.log !== undefined) env.AUTHWALK_LOG = options.log;
  env.NODE_ENV ??= 'production';
  env.NEXT_TELEMETRY_DISABLED = '1';
  // Next finds its configuration there if it was built to stand alone.
  if (packaged && options.pages) {
    env.__NEXT_PRIVATE_STANDALONE_CONFIG = readFileSync(join(dir, 'next.config.json'), 'utf8');
    for (const [name, folder] of DATA) env[name] = join(dir, '..', 'data', folder);
    env.AUTHWALK_LEVELS = join(dir, '..', 'data', 'levels');
  }
  const { start } = await import('#lib/server/start.ts');
  const https = options.https ? { https: join(dataFolder(), 'https') } : {};
  const named = options.config === undefined ? {} : { named: { AUTHWALK_DEFAULT_CONFIG: '--config' } };
  const address = await start({ dir, dev: false, pages: options.pages, ...https, ...named, failed: EXIT.couldNotRun });
  if (options.open && cluster.isPrimary) openBrowser(address);
}

/** Opens the user's browser; if there is none, the address stands in the terminal. */
function openBrowser(url: string): void {
  const [command, ...args] =
    platform() === 'darwin'
      ? ['open', url]
      : platform() === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command!, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
