/**
 * The engine inside another program: protocol, consent and control API, without pages, and on a socket only if asked.
 * What tests and `authwalk check` run.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { asset } from './assets.ts';
import { createContainer, type Documents } from './container.ts';
import { readEnv } from './env.ts';
import { readTarget } from './request-target.ts';

export interface EmbeddedOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** false: no socket. */
  readonly listen?: boolean;
  /** As `DATABASE_URL`. */
  readonly database?: string;
  /** Wall time in milliseconds since the epoch. */
  readonly now?: () => number;
  /** Whether each sandbox is alone on an origin of its own; needs a socket. */
  readonly ownOrigins?: boolean;
  /** Signing keys: from a pool made once in a process, or each sandbox its own. @default 'own' */
  readonly keys?: 'shared' | 'own';
  /** Documents that are known without a network, by address. */
  readonly documents?: Documents;
  /** Further variables of the environment, as the contract names them; the process's own are not read. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Embedded {
  /** Without a trailing slash. */
  readonly origin: string;
  /** Asks the engine without a socket; redirects are not followed. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Ends it, and says what went wrong that nobody expected. */
  close(): Promise<readonly Error[]>;
}

/** The address of an engine that listens nowhere. */
const NOWHERE = 'http://localhost:3000';

/**
 * Starts the engine.
 * @throws EnvError for a variable that holds what it does not take; Error if the port cannot be had
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const {
    port = 0,
    host = '127.0.0.1',
    listen = true,
    database = ':memory:',
    now,
    env = {},
    ownOrigins = false,
    keys = 'own',
    documents = {},
  } = options;
  const unexpected: Error[] = [];
  const container = await createContainer(readEnv({ DATABASE_URL: database, AUTHWALK_RATE_LIMITS: 'off', ...env }), {
    log: (message, error) => {
      if (error !== undefined) unexpected.push(new Error(message, { cause: error }));
    },
    ...(now === undefined ? {} : { wall: now }),
    ownOrigins: ownOrigins && listen,
    sharedKeys: keys === 'shared',
    documents,
  });
  container.keys.prepare();
  // A browser that signs in here also wants the style of the consent page.
  const answer = async (request: Request, bindings: object): Promise<Response> =>
    (request.method === 'GET' ? await asset(new URL(request.url).pathname) : null) ??
    container.app.fetch(request, bindings);
  let server: Server | null = null;
  let origin = NOWHERE;
  if (listen) {
    const listener = getRequestListener(
      (request, bindings) => answer(request, bindings as { incoming: IncomingMessage; outgoing: ServerResponse }),
      { overrideGlobalObjects: false, hostname: 'localhost' },
    );
    server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
      readTarget(request);
      void listener(request, response);
    });
    origin = await listenOn(server, port, host).catch(async (error: unknown) => {
      await container.close();
      throw error;
    });
  }
  const socket = server;
  return {
    origin,
    fetch: async (input, init) => {
      const request = new Request(input, { redirect: 'manual', ...init });
      return answer(request, { remoteAddress: '127.0.0.1' });
    },
    async close() {
      if (socket !== null) {
        const closed = new Promise((resolve) => socket.close(resolve));
        socket.closeAllConnections();
        await closed;
      }
      await container.close();
      return unexpected;
    },
  };
}

/** @returns the origin under which it is reached */
function listenOn(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
      resolve(`http://${name}:${bound}`);
    });
  });
}
