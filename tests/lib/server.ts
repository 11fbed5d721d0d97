/** A server of the tests' own: the engine on a loopback port, with a database in memory, without the pages. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';

export interface RunningServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** @param env variables of the contract, such as `AUTHWALK_DEFAULT_CONFIG` */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  const container = await createContainer(readEnv({ DATABASE_URL: ':memory:', ...env }));
  const server = createServer(
    getRequestListener(container.app.fetch, { overrideGlobalObjects: false, hostname: 'localhost' }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await container.close();
    },
  };
}
