/** A server in this process. */
import { type EmbeddedOptions, openEmbedded } from '#lib/server/embedded.ts';
import { overServer } from './authwalk.ts';
import { demandMembers } from './demand.ts';
import type { Authwalk, AuthwalkOptions } from './types.ts';

const OPTIONS = ['port', 'host', 'listen', 'database', 'now', 'keys'] as const satisfies (keyof AuthwalkOptions)[];

/**
 * Starts a server in this process: engine, MCP servers, a database in memory, a free loopback port.
 * @throws TypeError for an option that does not exist; Error if the port is taken or the database cannot be opened
 */
export async function createAuthwalk(options: AuthwalkOptions = {}): Promise<Authwalk> {
  demandMembers('createAuthwalk()', options, OPTIONS);
  const { keys = 'shared', now, port = 0, database = ':memory:' } = options;
  if (now !== undefined && typeof now !== 'function')
    throw new TypeError(`now is a function that returns milliseconds, and not ${JSON.stringify(now)}.`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`port is a whole number from 0 to 65535, and not ${JSON.stringify(port)}.`);
  if (keys !== 'shared' && keys !== 'own')
    throw new TypeError(`keys is 'shared' or 'own', and not ${JSON.stringify(keys)}.`);
  if (typeof database !== 'string' || !/^(?:file:.|:memory:$|postgres(?:ql)?:\/\/)/.test(database))
    throw new TypeError(`database is file:PATH, ':memory:' or postgres://…, and not ${JSON.stringify(database)}.`);
  return createWith(options).catch((error: unknown) => {
    throw cannotListen(error, options) ?? error;
  });
}

/** What to do if the server cannot listen where it was told to; null for other errors. */
function cannotListen(error: unknown, { host = '127.0.0.1', port }: AuthwalkOptions): Error | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} of ${host} is taken: name another, or leave port out for any free one.`, {
      cause: error,
    });
  return code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
    ? new Error(`host is an address of this machine, and ${JSON.stringify(host)} is none.`, { cause: error })
    : null;
}

/** The same, with what only the tests of Authwalk itself may choose. */
export async function createWith(
  { now = () => Date.now(), keys = 'shared', ...rest }: AuthwalkOptions,
  inner: Pick<EmbeddedOptions, 'env' | 'ownOrigins'> = {},
): Promise<Authwalk> {
  // Elsewhere than at the usual address a sandbox is reached through the server's own, as `authwalk serve` has it.
  const ownOrigins = rest.host === undefined || rest.host === '127.0.0.1';
  const embedded = await openEmbedded({ ownOrigins, ...inner, ...rest, now, keys });
  return overServer({
    origin: embedded.origin,
    fetch: (input, init) => embedded.fetch(input, init),
    pages: false,
    async close() {
      const unexpected = await embedded.close();
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'Authwalk met errors that it did not expect.');
    },
  });
}
