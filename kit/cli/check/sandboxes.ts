/** Where each scenario runs: on a server of its own in this process, or in a sandbox of a server that runs already. */
import { openEmbedded } from '#lib/server/embedded.ts';
import type { Fetch } from '../../testing/control.ts';
import { hasPages } from '../../testing/connect.ts';
import { createControl } from '../../testing/control.ts';
import { createSandbox, type SandboxJson } from '../../testing/sandbox.ts';
import type { ClientSeed, Sandbox } from '../../testing/types.ts';
import { CommandError, EXIT } from '../exit.ts';

/** What a client that was registered beforehand connects with. */
export interface ConnectionDetails {
  readonly client_id: string;
  readonly client_secret?: string;
  /** Keys and assertions that some scenarios hand out. */
  readonly [member: string]: unknown;
}

/** A sandbox for one scenario. */
export interface Ground {
  readonly sandbox: Sandbox;
  /** The client that was registered beforehand; null if there is none. */
  readonly client: ConnectionDetails | null;
  /** The page; null if the server has none. */
  readonly inspectUrl: string | null;
  close(keep: boolean): Promise<void>;
}

export interface GroundOptions {
  readonly scenario: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly clients: readonly ClientSeed[];
}

export interface Grounds {
  /** Whether each sandbox is alone on its origin. */
  readonly ownOrigin: boolean;
  /** @throws CommandError if the server cannot be started, cannot be reached, or refuses */
  open(options: GroundOptions): Promise<Ground>;
  /** Ends the server, if it is an own one. @throws CommandError for what it did not expect */
  close(): Promise<void>;
}

const couldNot = (error: unknown): never => {
  const says = error instanceof Error ? error.message : String(error);
  throw new CommandError(EXIT.couldNotRun, says);
};

interface Made extends SandboxJson {
  readonly clients?: readonly ConnectionDetails[];
}

const SUITE_DOCUMENT = 'https://conformance-test.local/client-metadata.json';
/**
 * The metadata document that all clients of the MCP conformance suite name. Nothing is served under its address: the
 * suite's own server takes it unread.
 */
const DOCUMENTS = {
  [SUITE_DOCUMENT]: {
    client_id: SUITE_DOCUMENT,
    client_name: 'MCP conformance client',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  },
};

/** A server in this process, in memory, without a network: each sandbox is alone on an origin of its own. */
export async function ownGrounds(): Promise<Grounds> {
  const embedded = await openEmbedded({ ownOrigins: true, documents: DOCUMENTS }).catch(couldNot);
  const { origin, fetch } = embedded;
  return {
    ownOrigin: true,
    open: (options) => openSandbox(fetch, origin, options, false),
    async close() {
      const [unexpected] = await embedded.close();
      if (unexpected)
        couldNot(
          new Error(`Authwalk met an error that it did not expect: ${unexpected.message}: ${String(unexpected.cause)}`),
        );
    },
  };
}

/** Sandboxes of a server that runs already. */
export async function remoteGrounds(origin: string, fetch: Fetch = globalThis.fetch): Promise<Grounds> {
  const pages = await hasPages(origin);
  return { ownOrigin: false, open: (options) => openSandbox(fetch, origin, options, pages), close: async () => {} };
}

async function openSandbox(fetch: Fetch, origin: string, options: GroundOptions, pages: boolean): Promise<Ground> {
  const { scenario, config, clients } = options;
  const made = await createControl(fetch, `${origin}/api`, null)
    .json<Made>('POST', '/sandboxes', { scenario, config, ...(clients.length === 0 ? {} : { seed: { clients } }) })
    .catch(couldNot);
  const sandbox = createSandbox(fetch, origin, made, made.control_token!, pages);
  return {
    sandbox,
    client: made.clients?.[0] ?? null,
    inspectUrl: sandbox.inspectUrl,
    close: async (keep) => {
      if (!keep) await sandbox.delete();
    },
  };
}
