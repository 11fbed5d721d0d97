/** A server of the tests' own, by the same code as `createAuthwalk`, with the environment that a test needs. */
import { openEmbedded } from '#lib/server/embedded.ts';

export interface RunningServer {
  readonly origin: string;
  /** @throws AggregateError of what the engine logged as unexpected */
  close(): Promise<void>;
}

/** @param env variables of the contract, such as `AUTHWALK_DEFAULT_CONFIG` */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  const embedded = await openEmbedded({ env });
  return {
    origin: embedded.origin,
    async close() {
      const unexpected = await embedded.close();
      if (unexpected.length > 0) throw new AggregateError(unexpected, 'The server met errors that it did not expect.');
    },
  };
}
