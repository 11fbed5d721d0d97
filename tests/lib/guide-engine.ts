/**
 * The kit's engine without a socket, and a browser that follows redirects: for the guide's tests. The kit's own
 * `visit` shows no page on the way, and the guide is tested with them.
 */
import { createAuthwalk } from 'authwalk/testing';
import { afterAll, beforeAll } from 'vitest';
import type { Fetch } from '#lib/client/request.ts';
import { loadTrack } from '#lib/guide/load.ts';
import { type KeyStore, memoryKeys } from '#lib/guide/proofs.ts';
import { createRun } from '#lib/guide/run.ts';
import type { KeyValueStore } from '#lib/guide/storage.ts';
import type { Facts, Run, Track } from '#lib/guide/types.ts';

export const ORIGIN = 'http://localhost:3000';

export interface Engine {
  readonly fetch: Fetch;
  readonly close: () => Promise<void>;
}

/** An engine of one's own, in memory. */
export function startEngine(): Promise<Engine> {
  return createAuthwalk({ listen: false, keys: 'own' });
}

/** The engine of a test file, open while its tests run. */
export let engine: Engine;

/** Starts `engine` before the tests of this file, and ends it after them. */
export function openForTests(): void {
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());
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

export function newRun(
  engine: Engine,
  storage: KeyValueStore,
  track = mainTrack(),
  now?: () => number,
  keys: KeyStore = memoryKeys(),
): Run {
  return createRun(track, { origin: ORIGIN, fetch: engine.fetch, storage, keys, ...(now ? { now } : {}) });
}

/** What the page of a run shows its state with: now, at its current step, unless it is told otherwise. */
export function factsOf(run: Run, told: Partial<Facts> = {}): Facts {
  const { state, running } = run.snapshot();
  return { state, running, now: Date.now(), viewing: null, origin: ORIGIN, ...told };
}

/** A user enters the code of a device, reads who is asking, and approves. */
export async function decideDevice(engine: Engine, url: string): Promise<void> {
  await (await engine.fetch(url, { headers: { accept: 'text/html' } })).text();
  const [address = '', query = ''] = url.split('?');
  const form = new URLSearchParams({ user_code: new URLSearchParams(query).get('user_code') ?? '', action: 'auto' });
  await (await engine.fetch(address, { method: 'POST', body: form })).text();
}

/**
 * What the browser does at the authorization server.
 * @returns where it ends: the callback, or null if a page is shown
 */
export async function decideAt(
  engine: Engine,
  url: string,
  action: 'auto' | 'deny' | 'stay',
  scope = 'notes:read',
): Promise<string | null> {
  const asked = await engine.fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' });
  await asked.text();
  const location = asked.headers.get('location');
  if (location === null) return null;
  const interaction = /\/consent\/([^/?#]+)/.exec(location)?.[1];
  if (interaction === undefined) return location;
  if (action === 'stay') return null;
  const form = new URLSearchParams({ interaction, action });
  if (action === 'auto') for (const one of (scope || 'notes:read').split(' ')) form.append('scope', one);
  const decided = await engine.fetch(url.split('?')[0]!, { method: 'POST', body: form, redirect: 'manual' });
  await decided.text();
  return decided.headers.get('location');
}
