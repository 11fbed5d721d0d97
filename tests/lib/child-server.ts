/**
 * A server in a process of its own, so that it can be killed: `node child-server.ts PORT`, the rest from the
 * environment.
 */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';

const container = await createContainer(readEnv(process.env));
const server = createServer(getRequestListener(container.app.fetch, { overrideGlobalObjects: false }));
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`listening ${typeof address === 'object' ? address?.port : ''}\n`);
});
