/** Who sends for a run and looks back: loaded when there is something to send, or to look back at. */
import type { Fetch } from '#lib/client/request.ts';
import { loadLater } from './later.ts';
import type { KeyStore } from './proofs.ts';
import { clientTime } from './run-clock.ts';
import type { RunStore } from './run-store.ts';
import type { ControlApi, Track } from './types.ts';
import type { Walker } from './walker.ts';

interface WalkerOptions {
  /** The index of the track. */
  readonly track: Track;
  readonly store: RunStore;
  /** Where key pairs are kept; in the browser by default. */
  readonly keys: KeyStore | undefined;
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi;
  /** Wall time, ms. */
  readonly now: () => number;
}

/** @returns a function that gives the one walker of the run, which tells the run what is under way */
export function walkerOf({ track, store, keys, origin, fetch, api, now }: WalkerOptions): () => Promise<Walker> {
  let made: Walker | null = null;
  return async () => {
    const { Walker, browserKeys } = await loadLater();
    made ??= new Walker({
      track,
      keys: keys ?? browserKeys(),
      origin,
      fetch,
      api,
      now: clientTime(store, now),
      change: store.change,
      state: () => store.snapshot().state,
      onRequest: (step, request) =>
        store.set({
          running: {
            // A step of another track, which runs before, is under way as part of this track's own.
            step: step.id.includes('/') ? (store.snapshot().running?.step ?? track.steps[0]!.id) : step.id,
            request: request.id,
            experiment: null,
            since: now(),
            from: request.from,
            to: request.to,
          },
        }),
    });
    return made;
  };
}
