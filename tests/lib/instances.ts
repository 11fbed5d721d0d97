/** Two instances on one PostgreSQL, each in a process of its own, behind a proxy. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { type PostgresServer, startPostgres } from '#lib/store/contract/postgres-server.ts';

export interface Instance {
  readonly origin: string;
  kill(): Promise<void>;
}

/** Starts an instance. @param env variables of the contract */
export async function startInstance(env: Record<string, string>): Promise<Instance> {
  const child: ChildProcess = spawn(process.execPath, [new URL('child-server.ts', import.meta.url).pathname, '0'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /^listening (\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stdout!.resume();
    return {
      origin: `http://127.0.0.1:${port}`,
      async kill() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      },
    };
  }
  throw new Error('The instance did not start.');
}

/** Where clients ask. */
export interface Front {
  readonly origin: string;
  close(): Promise<void>;
}

/** Hands requests to the instances in turn; one that is gone is passed over. */
export async function startProxy(instances: readonly Instance[]): Promise<Front> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      turn += 1;
      const order = instances.map((_, index) => instances[(turn + index) % instances.length]!);
      const pass = ([first, ...rest]: readonly Instance[]): void => {
        if (first === undefined) {
          outgoing.writeHead(502).end();
          return;
        }
        const { hostname, port } = new URL(first.origin);
        const { method, url, headers } = incoming;
        const onward = ask({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
          answer.on('error', () => outgoing.destroy());
        });
        onward.on('error', (error: NodeJS.ErrnoException) => {
          // What was not sent can go to another instance; of what was, nobody knows whether it was done.
          if (error.code === 'ECONNREFUSED') pass(rest);
          else if (outgoing.headersSent) outgoing.destroy();
          else outgoing.writeHead(502).end();
        });
        onward.end(Buffer.concat(chunks));
      };
      pass(order);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Two instances on one PostgreSQL behind a proxy. */
export interface Pair extends Omit<Front, 'close'> {
  readonly postgres: PostgresServer;
  readonly instances: readonly Instance[];
  stop(): Promise<void>;
}

/** @param programs the directory of PostgreSQL's programs */
export async function startPair(programs: string, env: Record<string, string> = {}): Promise<Pair> {
  const postgres = await startPostgres(programs);
  const instances = await Promise.all([0, 1].map(() => startInstance({ DATABASE_URL: postgres.url, ...env })));
  const proxy = await startProxy(instances);
  return {
    origin: proxy.origin,
    postgres,
    instances,
    async stop() {
      await proxy.close();
      for (const instance of instances) await instance.kill();
      await postgres.stop();
    },
  };
}

/** Asks again if the answer is 503, as on a busy machine, and expects to be told when. Another answer is returned. */
export async function patiently(ask: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask();
    if (answer.status !== 503 || tries === 5) return answer;
    expect.soft(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
