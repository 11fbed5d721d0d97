/** Starts the server: environment, container, sockets, pages; and stops it in order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { asksForPage, isProtocol } from '#lib/http/claims.ts';
import { warm } from '#lib/http/routes/lazy.ts';
import { judgeSite } from '#lib/http/site.ts';
import { decodable } from '#lib/http/url.ts';
import { asset } from './assets.ts';
import { type Container, createContainer, keepContainer } from './container.ts';
import { EnvError, type Env, readEnv } from './env.ts';
import { startPages } from './pages.ts';

/** ms that open connections get to finish when the server stops. */
const GRACE = 3_000;

export interface StartOptions {
  /** Where the pages were built. */
  readonly dir: string;
  /** With reload. */
  readonly dev: boolean;
  /** false: the engine alone, without Next. */
  readonly pages?: boolean;
}

/** Starts the server, or ends the process with what is wrong. */
export async function start({ dir, dev, pages: withPages = true }: StartOptions): Promise<void> {
  if (!dev) (process.env as Record<string, string>).NODE_ENV ??= 'production';
  let env: Env;
  let container: Container;
  try {
    env = readEnv(process.env);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    for (const fault of error.faults) console.error(fault);
    process.exit(1);
  }
  try {
    container = await createContainer(env);
  } catch (error) {
    console.error(
      `DATABASE_URL: the database cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exit(1);
  }
  keepContainer(Promise.resolve(container));

  // Probes speak HTTP/1.0 and name no host.
  const protocol = getRequestListener(
    (request, bindings) =>
      container.app.fetch(request, bindings as { incoming: IncomingMessage; outgoing: ServerResponse }),
    { overrideGlobalObjects: false, hostname: 'localhost' },
  );
  let pages: ReturnType<typeof startPages> | undefined;
  const server = createServer(
    {
      maxHeaderSize: 32_768,
      headersTimeout: 15_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      void answer(request, response);
    },
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const target = request.url ?? '/';
      const pathname = target.split(/[?#]/, 1)[0]!;
      if (!target.startsWith('/') || target.includes('\\'))
        return refuse(response, 400, 'The request target is not a path.');
      if (!decodable(pathname))
        return refuse(response, 400, 'The path has a percent-encoding that cannot be decoded as UTF-8.');
      if (
        isProtocol(
          request.method ?? 'GET',
          pathname,
          asksForPage((name) => request.headers[name] as string | undefined),
        )
      )
        return await protocol(request, response);
      // Faces are fetched with `Origin: null` by the pages without an origin; there is nothing in them to protect.
      const origin = pathname.startsWith('/fonts/') ? null : (request.headers.origin ?? null);
      const verdict = judgeSite(container.site, request.headers.host ?? null, origin, pathname);
      if (!verdict.ok) return refuse(response, verdict.status, verdict.says);
      if (pathname.startsWith('//')) return refuse(response, 404, 'Nothing lives at this address.');
      if (request.method === 'OPTIONS') {
        response.writeHead(204, { Allow: 'GET, HEAD, OPTIONS' }).end();
        return;
      }
      // Browsers ask for it of their own accord wherever a page names no icon, as the plain ones.
      if (pathname === '/favicon.ico') {
        response.writeHead(302, { Location: '/icon.svg', 'Cache-Control': 'public, max-age=86400' }).end();
        return;
      }
      if (pathname === '/') varyByAccept(response);
      if (withPages) await pages?.handle(request, response);
      else await withoutPages(pathname, request, response);
    } catch (error) {
      container.log('a request could not be answered', error);
      if (!response.headersSent) refuse(response, 500, 'Something broke on the server. It was logged.');
      else response.destroy();
    }
  }

  /** The files of the engine's own pages; everything else is as unknown to it as any other path. */
  async function withoutPages(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = request.method === 'GET' || request.method === 'HEAD' ? await asset(pathname) : null;
    if (found === null) return protocol(request, response);
    response.writeHead(found.status, Object.fromEntries(found.headers));
    response.end(request.method === 'HEAD' ? undefined : Buffer.from(await found.arrayBuffer()));
  }

  const port = await listen(server, env, (error) => {
    console.error(explainListen(error, env));
    process.exit(1);
  });
  const alias = env.host === null ? await listenOnSixToo(server, port) : null;
  if (withPages) pages = startPages({ dir, dev, server, port, log: container.log });
  announce(env, port, container, withPages);
  void warm();

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const closed = Promise.all([
      new Promise((resolve) => server.close(resolve)),
      new Promise((resolve) => (alias ? alias.close(resolve) : resolve(null))),
    ]);
    server.closeIdleConnections();
    const patience = setTimeout(() => server.closeAllConnections(), GRACE);
    await closed;
    clearTimeout(patience);
    await container.close();
    process.exit(signal === 'SIGHUP' ? 129 : 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
}

/** Next writes `Vary` itself; the page at `/` has a second form, which caches must know of. */
function varyByAccept(response: ServerResponse): void {
  const writeHead = response.writeHead;
  response.writeHead = function (this: ServerResponse, ...rest: Parameters<ServerResponse['writeHead']>) {
    const present = response.getHeader('vary');
    response.setHeader('Vary', present === undefined ? 'Accept' : `${String(present)}, Accept`);
    return writeHead.apply(response, rest);
  } as ServerResponse['writeHead'];
}

function refuse(response: ServerResponse, status: number, says: string): void {
  const body = JSON.stringify({
    error: status === 404 ? 'not_found' : status === 500 ? 'server_error' : 'invalid_request',
    error_description: says,
  });
  response
    .writeHead(status, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    })
    .end(body);
}

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

/** The same server on ::1, where there is one: `localhost` may mean either. */
function listenOnSixToo(server: Server, port: number): Promise<SocketServer | null> {
  return new Promise((resolve) => {
    const alias = createSocketServer((socket) => server.emit('connection', socket));
    alias.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        console.error(`Port ${port} on ::1 is taken by another program: PORT takes another one.`);
        process.exit(1);
      }
      resolve(null);
    });
    alias.listen(port, '::1', () => resolve(alias));
  });
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

function announce(env: Env, port: number, { site }: Container, withPages: boolean): void {
  const address = env.publicUrl ?? `http://localhost:${port}`;
  console.log(`Authwalk ${site.version} listens on ${address}

${withPages ? `  Walk the flow       ${address}/guide\n` : ''}  Connect a client    ${address}/mcp
  Look it over        curl ${address}/.well-known/oauth-authorization-server
`);
}
