/** The real engine without a socket, and a browser that follows redirects: for the guide's tests. */
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';
import type { Fetch } from '#lib/client/request.ts';
import { loadTrack } from '#lib/guide/load.ts';
import { createRun } from '#lib/guide/run.ts';
import type { KeyValueStore } from '#lib/guide/storage.ts';
import type { Run, Track } from '#lib/guide/types.ts';

export const ORIGIN = 'http://localhost:3000';

export interface Engine {
  readonly fetch: Fetch;
  readonly close: () => Promise<void>;
}

/** An engine of one's own, in memory. */
export async function startEngine(): Promise<Engine> {
  const container = await createContainer(readEnv({ DATABASE_URL: ':memory:', AUTHWALK_RATE_LIMITS: 'off' }));
  return {
    fetch: async (input, init) => container.app.fetch(new Request(input, init), {}),
    close: () => container.close(),
  };
}

export function mainTrack(): Track {
  return loadTrack('authorization-code')!;
}

/** localStorage, without a browser. */
export function memoryStorage(): KeyValueStore & { readonly data: Map<string, string> } {
  const data = new Map<string, string>();
  return {
    data,
    getItem: (key) => data.get(key) ?? null,
    setItem: (key, value) => {
      data.set(key, value);
    },
    removeItem: (key) => {
      data.delete(key);
    },
  };
}

export function newRun(engine: Engine, storage: KeyValueStore, track = mainTrack(), now?: () => number): Run {
  return createRun(track, { origin: ORIGIN, fetch: engine.fetch, storage, ...(now ? { now } : {}) });
}

/** What the browser does at the authorization server. @returns where it ends: the callback, or null where a page is shown */
export async function decideAt(engine: Engine, url: string, action: 'auto' | 'deny' | 'stay'): Promise<string | null> {
  const asked = await engine.fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' });
  await asked.text();
  const location = asked.headers.get('location');
  if (location === null) return null;
  const interaction = /\/consent\/([^/?#]+)/.exec(location)?.[1];
  if (interaction === undefined) return location;
  if (action === 'stay') return null;
  const form = new URLSearchParams({ interaction, action });
  if (action === 'auto') form.append('scope', 'notes:read');
  const decided = await engine.fetch(url.split('?')[0]!, { method: 'POST', body: form, redirect: 'manual' });
  await decided.text();
  return decided.headers.get('location');
}
