/** An origin for each sandbox: a listener of its own on a free loopback port, in front of the same application. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { App } from '#lib/http/app.ts';
import { asset } from './assets.ts';
import type { Origins } from '#lib/sandbox/sandboxes.ts';
import { readTarget } from './request-target.ts';

/** Listeners that may be open at once. */
const MOST = 1_000;

/** Origins that are opened by listening, and that have to be closed. */
export interface ListeningOrigins extends Origins {
  /** Closes all of them. */
  closeAll(): Promise<void>;
}

/**
 * Makes the origins of an instance.
 * @param app the application; asked for when the first sandbox is made
 * @param host to listen on, a loopback address
 */
export function createOrigins(app: () => App, host = '127.0.0.1'): ListeningOrigins {
  const servers = new Map<string, { server: Server; origin: string }>();
  const sandboxes = new Map<string, string>();

  async function close(id: string): Promise<void> {
    const open = servers.get(id);
    if (open === undefined) return;
    servers.delete(id);
    sandboxes.delete(open.origin);
    const closed = new Promise<void>((resolve) => open.server.close(() => resolve()));
    open.server.closeAllConnections();
    await closed;
  }

  return {
    async open(id) {
      if (servers.size >= MOST) throw new Error(`Limit reached: ${MOST} sandboxes with an origin of their own.`);
      const listener = getRequestListener(
        async (request, bindings) =>
          (request.method === 'GET' ? await asset(new URL(request.url).pathname) : null) ??
          app().fetch(request, bindings as { incoming: IncomingMessage; outgoing: ServerResponse }),
        { overrideGlobalObjects: false, hostname: 'localhost' },
      );
      const server = createServer({ maxHeaderSize: 32_768 }, (request, response) => {
        // The parser reads nothing more after a request that asks for an upgrade.
        if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
        readTarget(request);
        void listener(request, response);
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, host, resolve);
      });
      server.unref();
      const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
      servers.set(id, { server, origin });
      sandboxes.set(origin, id);
      return origin;
    },
    close,
    originOf: (id) => servers.get(id)?.origin ?? null,
    sandboxAt: (origin) => sandboxes.get(origin) ?? null,
    async closeAll() {
      await Promise.all([...servers.keys()].map(close));
    },
  };
}
