/** A server in a test's hands. */
import { createControl, type Fetch } from './control.ts';
import { createSandbox, type SandboxJson } from './sandbox.ts';
import type { Authwalk, SandboxSetup } from './types.ts';

/** Where the server is, and how it is asked. */
export interface Server {
  readonly origin: string;
  readonly fetch: Fetch;
  /** Whether it has pages for people. */
  readonly pages: boolean;
  close(): Promise<void>;
}

/** The object that tests hold, over any server. */
export function overServer({ origin, fetch, pages, close }: Server): Authwalk {
  const api = createControl(fetch, `${origin}/api`, null);
  let closing: Promise<void> | undefined;
  const end = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  return {
    origin,
    fetch: (input, init) =>
      fetch(typeof input === 'string' ? new URL(input, origin) : input, { redirect: 'manual', ...init }),
    async sandbox({ scenario, config, clients, users, notes, consent, ttl }: SandboxSetup = {}) {
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
