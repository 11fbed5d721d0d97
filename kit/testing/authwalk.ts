/** A server in a test's hands. */
import { createControl, type Fetch } from './control.ts';
import { demandMembers } from './demand.ts';
import { AuthwalkError } from './errors.ts';
import { createSandbox, type SandboxJson } from './sandbox.ts';
import type { Authwalk, SandboxSetup } from './types.ts';

const SETUP = [
  'scenario',
  'config',
  'clients',
  'users',
  'notes',
  'consent',
  'ttl',
] as const satisfies (keyof SandboxSetup)[];

/** Where the server is, and how it is asked. */
export interface Server {
  readonly origin: string;
  readonly fetch: Fetch;
  /** Whether it has pages for people. */
  readonly pages: boolean;
  close(): Promise<void>;
}

/** The object that tests hold, over any server. */
export function overServer({ origin, fetch: ask, pages, close }: Server): Authwalk {
  let closing: Promise<void> | undefined;
  const fetch: Fetch = async (input, init) => {
    if (closing !== undefined) throw new AuthwalkError('closed', `This server is closed: ${origin}.`);
    return ask(input, init);
  };
  const api = createControl(fetch, `${origin}/api`, null);
  const end = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  return {
    origin,
    fetch: (input, init) =>
      fetch(typeof input === 'string' ? new URL(input, origin) : input, { redirect: 'manual', ...init }),
    async sandbox(setup: SandboxSetup = {}) {
      demandMembers('sandbox()', setup, SETUP);
      const { scenario, config, clients, users, notes, consent, ttl } = setup;
      const seed = {
        ...(clients === undefined ? {} : { clients }),
        ...(users === undefined ? {} : { users }),
        ...(notes === undefined ? {} : { notes }),
      };
      const decided = typeof consent === 'string' ? { ...config, 'consent.outcome': consent } : config;
      const made = await api.json<SandboxJson>('POST', '/sandboxes', {
        ...(scenario === undefined ? {} : { scenario }),
        ...(decided === undefined ? {} : { config: decided }),
        ...(Object.keys(seed).length === 0 ? {} : { seed }),
        ...(ttl === undefined ? {} : { ttl }),
      });
      const sandbox = createSandbox(fetch, origin, made, made.control_token!, pages);
      if (typeof consent === 'object') await sandbox.consent.always(consent);
      return sandbox;
    },
    close: end,
    [Symbol.asyncDispose]: end,
  };
}
