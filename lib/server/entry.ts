/**
 * The HTTP server: protocol paths go straight to the application, the rest to the pages.
 *
 * It answers every request that it can read. An upgrade that is not offered is ignored and the request answered
 * (RFC 9110 §7.8), and it knows every socket, so that the stop is quick in every state.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import { asksForPage } from '#lib/http/claims.ts';
import { errorUri } from '#lib/http/errors.ts';
import { judgeSite } from '#lib/http/site.ts';
import { decodable } from '#lib/http/url.ts';
import { StoreUnavailableError } from '#lib/store/store.ts';
import { asset } from './assets.ts';
import type { Container } from './container.ts';
import { jsonIfNotFound } from './not-found.ts';
import type { PageHandler } from './pages.ts';
import { isReadableHost, readTarget, setHost } from './request-target.ts';
import { trackSockets } from './sockets.ts';

export interface EntryOptions {
  /** Gives what answers all that is not the protocol's. Absent: the engine alone, without Next. */
  readonly pages?: () => PageHandler;
  /** Key and certificate, if it speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** In development Next's own upgrade (reload) is let through. */
  readonly dev: boolean;
}

export interface Entry {
  readonly server: Server;
  /**
   * Takes no new connections, lets the requests in flight end, and destroys what is left.
   * @param patience ms until every socket is destroyed
   */
  stop(patience: number): Promise<void>;
}

type HttpsOptions = Parameters<typeof createHttpsServer>[0];
/** ms that a handshake may take: less than a stop waits, since a socket without one is not followed. */
const HANDSHAKE = 4_000;

/** Makes the server; it does not listen yet. */
export function createEntry(container: Container, { pages, dev, tls }: EntryOptions): Entry {
  const protocol = getRequestListener(
    (request, bindings) =>
      container.app.fetch(request, bindings as { incoming: IncomingMessage; outgoing: ServerResponse }),
    { overrideGlobalObjects: false, hostname: 'localhost' },
  );
  const offersUpgrade = (request: IncomingMessage): boolean => dev && (request.url ?? '').startsWith('/_next/');
  const options = {
    maxHeaderSize: 32_768,
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5_000,
    shouldUpgradeCallback: offersUpgrade,
  } as Parameters<typeof createServer>[0];
  const listener: RequestListener = (request, response) => void answer(request, response);
  const server: Server =
    tls === undefined
      ? createServer(options, listener)
      : createHttpsServer({ ...options, ...tls, handshakeTimeout: HANDSHAKE } as HttpsOptions, listener);
  // Next listens for upgrades once a page was opened. Before Node 24.9 a listener alone takes every upgrade away
  // from us, and its socket is never answered.
  if (!dev)
    server.on('newListener', (event) => {
      if (event === 'upgrade') queueMicrotask(() => server.removeAllListeners('upgrade'));
    });
  const sockets = trackSockets(server);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      // The parser reads nothing more after a request that asks for an upgrade: the connection ends with its answer.
      if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
      // "*" asks about the server as a whole (RFC 9110 §9.3.7).
      if (request.method === 'OPTIONS' && request.url === '*') {
        response.writeHead(204, { Allow: 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS', ...POLICY }).end();
        return;
      }
      readTarget(request);
      const target = request.url ?? '/';
      const pathname = target.split(/[?#]/, 1)[0]!;
      const unreadable = problemOf(request, target, pathname);
      if (unreadable !== null) return refuse(request, response, 400, unreadable);
      const header = (name: string): string | undefined => request.headers[name] as string | undefined;
      if (!isReadableHost(header('host'))) {
        const { site } = container;
        const verdict = judgeSite(site, header('host') ?? null, null, pathname);
        if (!verdict.ok) return refuse(request, response, verdict.status, verdict.says);
        // Here it does not matter what it says.
        setHost(request, 'localhost');
      }
      const wantsPage = asksForPage(header);
      if (container.claims.isProtocol(request.method ?? 'GET', pathname, wantsPage))
        return await protocol(request, response);
      // Fonts are fetched with `Origin: null` by the pages without an origin; there is nothing in them to protect.
      const origin = pathname.startsWith('/fonts/') ? null : (header('origin') ?? null);
      const verdict = judgeSite(container.site, header('host') ?? null, origin, pathname);
      if (!verdict.ok) return refuse(request, response, verdict.status, verdict.says);
      if (pathname.startsWith('//')) return refuse(request, response, 404, 'There is nothing at this address.');
      if (request.method === 'OPTIONS') {
        response.writeHead(204, { Allow: 'GET, HEAD, OPTIONS', ...POLICY }).end();
        return;
      }
      // Browsers ask for it of their own accord if a page names no icon, as the plain ones.
      if (pathname === '/favicon.ico') {
        response.writeHead(302, { Location: '/icon.svg', 'Cache-Control': 'public, max-age=86400', ...POLICY }).end();
        return;
      }
      for (const [name, value] of Object.entries(POLICY)) response.setHeader(name, value);
      if (pages && pathname === '/') varyByAccept(response);
      if (pages && !wantsPage) jsonIfNotFound(response, verdict.origin);
      if (pages === undefined) return await withoutPages(pathname, request, response);
      await pages()(request, response);
    } catch (error) {
      container.log('a request could not be answered', error);
      if (response.headersSent) response.destroy();
      else if (error instanceof StoreUnavailableError) {
        response.setHeader('Retry-After', '5');
        refuse(request, response, 503, 'The database does not answer now. Try again in 5 s.');
      } else refuse(request, response, 500, 'An unexpected error occurred. It was logged.');
    }
  }

  /** The files of the engine's own pages; everything else is as unknown to it as any other path. */
  async function withoutPages(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = request.method === 'GET' || request.method === 'HEAD' ? await asset(pathname) : null;
    if (found === null) return protocol(request, response);
    response.writeHead(found.status, Object.fromEntries(found.headers));
    response.end(request.method === 'HEAD' ? undefined : Buffer.from(await found.arrayBuffer()));
  }

  /** An error before it is known what the request is for, as JSON. */
  function refuse(request: IncomingMessage, response: ServerResponse, status: number, says: string): void {
    const error = ERRORS[status] ?? 'invalid_request';
    const { origin } = judgeSite(container.site, request.headers.host ?? null, null, '/');
    response
      .writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...POLICY })
      .end(JSON.stringify({ error, error_description: says, error_uri: errorUri(origin, error) }));
  }

  return { server, stop: (patience) => stopServer(server, sockets, patience) };
}

/** What every answer carries until a page brings a policy of its own. */
const POLICY = {
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
} as const;

/** What a refusal is called, by its status. */
const ERRORS: Readonly<Record<number, string>> = {
  404: 'not_found',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/** Why a request cannot be answered at all; null if it can. */
function problemOf(request: IncomingMessage, target: string, pathname: string): string | null {
  if (!target.startsWith('/') || target.includes('\\')) return 'The request target is not a path.';
  if (!decodable(pathname)) return 'The path has a percent-encoding that cannot be decoded as UTF-8.';
  // "A server MUST respond with a 400 status code to any request message that contains more than one Host header
  // field line" (RFC 9112 §3.2). Node keeps the first.
  let hosts = 0;
  const { rawHeaders } = request;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1 ? 'The request has more than one Host header.' : null;
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

async function stopServer(server: Server, sockets: ReturnType<typeof trackSockets>, patience: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  sockets.closeWhenDone();
  const timer = setTimeout(() => sockets.destroyAll(), patience);
  await closed;
  clearTimeout(timer);
}
