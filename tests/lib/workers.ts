/** One start with two workers on a SQLite file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Workers {
  readonly origin: string;
  /** URL of the database. */
  readonly database: string;
  /** The first process. */
  readonly child: ChildProcess;
  /** Process ids of the workers now. */
  pids(): number[];
  /** Ends the first process in order, and with it all. @returns its exit code */
  stop(): Promise<number | null>;
}

/** A loopback port that is free now. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const START = new URL('start-workers.ts', import.meta.url).pathname;
/** A process manager that starts programs as workers of a cluster of its own, as PM2 does. */
const MANAGER = `
  const cluster = require('node:cluster');
  cluster.setupPrimary({ exec: ${JSON.stringify(START)}, execArgv: [] });
  cluster.fork();`;

/**
 * Runs a start.
 * @param managed whether a process manager does, in a cluster of its own
 * @returns the process, and the lines that it prints
 */
export function runStart(env: Record<string, string>, managed = false): { child: ChildProcess; output: string[] } {
  const program = managed ? ['-e', MANAGER] : [START];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...program], {
    env: { ...process.env, NODE_ENV: 'production', AUTHWALK_WORKERS: '2', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream! }).on('line', (line) => output.push(line));
  return { child, output };
}

/** @param env variables of the contract */
export async function startWorkers(env: Record<string, string> = {}): Promise<Workers> {
  const folder = mkdtempSync(join(tmpdir(), 'authwalk-workers-'));
  const database = `file:${join(folder, 'authwalk.db')}`;
  const port = await freePort();
  const { child, output } = runStart({ DATABASE_URL: database, PORT: String(port), ...env });
  while (!output.some((line) => line.includes('listens on'))) {
    if (child.exitCode !== null) throw new Error(`The start ended: ${output.join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { pid } = child;
  return {
    origin: `http://127.0.0.1:${port}`,
    database,
    child,
    pids: () => childrenOf(pid!),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        await exit;
      }
      rmSync(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** Process ids of the children of a process, from the kernel. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Asks on a connection of its own: the next one goes to the other worker. */
export function askAnew(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; json: () => Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const onward = request(url, { method, headers, agent: false }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: answer.statusCode!, json: () => JSON.parse(text) as Record<string, unknown> });
    });
    onward.on('error', reject);
    onward.end(body);
  });
}
