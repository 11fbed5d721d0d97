/** Authwalk's engine as `server.ts` runs it, without the pages: the process under load. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';

const container = await createContainer(readEnv(process.env));
const server = createServer(getRequestListener(container.app.fetch, { overrideGlobalObjects: false }));
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => container.close().then(() => process.exit(0)));
});
