/** A PostgreSQL of the tests' own: made from an installed one in a temporary directory, gone after them. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** The directory of PostgreSQL's programs: `POSTGRES_BIN`, else the newest version; null if none is installed. */
export function postgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const places = [
    process.env.POSTGRES_BIN ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = places.find(
    (place) => place !== '' && existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')),
  );
  return found ? join(realpathSync(join(found, 'initdb')), '..') : null;
}

/** PostgreSQL refuses to run as root: who else there is. */
function servant(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  return account && { uid: Number(account[2]), gid: Number(account[3]) };
}

/** A server of its own, and what can happen to it. */
export interface PostgresServer {
  readonly url: string;
  /** Of the socket that it listens on. */
  readonly socket: string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Stops all its processes where they are: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on its data. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/** Makes a server and starts it; it is reached by a socket in its own directory. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'authwalk-pg-'));
  const owner = servant();
  if (owner) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const how = { ...owner, cwd: directory };
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'authwalk', '-E', 'UTF8', '--locale=C', '--no-sync'],
    how,
  );
  const url = `postgres://authwalk@localhost/postgres?host=${encodeURIComponent(directory)}`;
  let server: ChildProcess;

  /** To all processes of the server: each connection has one, in a process group of its own. */
  const signal = (name: NodeJS.Signals): void => {
    const listed = spawnSync('ps', ['-o', 'pid=', '--ppid', String(server.pid)], { encoding: 'utf8' }).stdout;
    for (const pid of [server.pid!, ...listed.split('\n').map(Number).filter(Boolean)]) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended.
      }
    }
  };
  const killAtExit = () => {
    signal('SIGCONT');
    server.kill('SIGQUIT');
  };
  process.once('exit', killAtExit);

  async function start(): Promise<void> {
    server = spawn(
      join(programs, 'postgres'),
      ['-D', data, '-k', directory, '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'max_connections=60'],
      { ...how, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const said: Buffer[] = [];
    server.stderr!.on('data', (chunk: Buffer) => said.push(chunk));
    await answering(url, server, () => Buffer.concat(said).toString());
  }

  async function end(name: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill(name);
    await exit;
  }

  await start();
  return {
    url,
    socket: join(directory, '.s.PGSQL.5432'),
    kill: () => end('SIGQUIT'),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    restart: start,
    async stop() {
      process.off('exit', killAtExit);
      await end('SIGINT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function answering(url: string, server: ChildProcess, said: () => string): Promise<void> {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${said()}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`PostgreSQL did not answer: ${said()}`);
}
