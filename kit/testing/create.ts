/** A server in this process. */
import { type EmbeddedOptions, openEmbedded } from '#lib/server/embedded.ts';
import { overServer } from './authwalk.ts';
import type { Authwalk, AuthwalkOptions } from './types.ts';

/**
 * Starts a server in this process: engine, MCP servers, a database in memory, a free loopback port.
 * @throws Error if the port is taken or the database cannot be opened
 */
export function createAuthwalk(options: AuthwalkOptions = {}): Promise<Authwalk> {
  return createWith(options);
}

/** The same, with what only the tests of Authwalk itself may choose. */
export async function createWith(
  { now = () => Date.now(), keys = 'shared', ...rest }: AuthwalkOptions,
  inner: Pick<EmbeddedOptions, 'env' | 'ownOrigins'> = {},
): Promise<Authwalk> {
  const embedded = await openEmbedded({ ownOrigins: true, ...inner, ...rest, now, keys });
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
