/** The state of a run in one tab: kept in storage after each change, and taken over from other tabs. */
import { isRunKey, type KeyValueStore, writeRun } from './storage.ts';
import { type Change, emptyState, readState } from './state.ts';
import type { RunSnapshot, RunState, Track } from './types.ts';

/** @param isOwn whether the reader has typed or chosen what changed; left out: it came by itself */
export type Listener = (isOwn?: boolean) => void;

export interface RunStore {
  readonly snapshot: () => RunSnapshot;
  readonly set: (part: Partial<RunSnapshot>) => void;
  /** Changes the state and keeps it. */
  readonly change: (how: Change) => void;
  /** The same for what the reader types or chooses. */
  readonly act: (how: Change) => void;
  /** Takes a state that another tab may have: the higher revision holds. */
  readonly adopt: (state: RunState) => void;
  /** @returns ends it */
  readonly subscribe: (listener: Listener) => () => void;
}

/** @param storage null: nothing is kept */
export function createRunStore(track: Track, storage: KeyValueStore | null): RunStore {
  // What is shown before anything was read, on the server too.
  let snapshot: RunSnapshot = {
    track,
    state: emptyState(track.id),
    running: null,
    awake: false,
    trouble: null,
    offered: null,
    arrived: false,
  };
  const listeners = new Set<Listener>();

  function put(part: Partial<RunSnapshot>, isOwn: boolean): void {
    snapshot = { ...snapshot, ...part };
    for (const listener of listeners) listener(isOwn);
  }
  const set = (part: Partial<RunSnapshot>): void => put(part, false);

  function keep(how: Change, isOwn: boolean): void {
    const before = snapshot.state;
    const after = how(before);
    if (after === before) return;
    const state: RunState = { ...after, revision: before.revision + 1 };
    writeRun(storage, state.track, state);
    put({ state }, isOwn);
  }
  const change = (how: Change): void => keep(how, false);
  const act = (how: Change): void => keep(how, true);

  function adopt(state: RunState): void {
    if (state.revision > snapshot.state.revision || (!snapshot.awake && state.revision >= snapshot.state.revision))
      set({ state });
  }

  function onStorage(event: StorageEvent): void {
    if (!isRunKey(event.key, track.id)) return;
    const state =
      event.newValue === null ? emptyState(track.id, snapshot.state.revision + 1) : readState(event.newValue, track.id);
    if (state) adopt(state);
  }

  function subscribe(listener: Listener): () => void {
    if (listeners.size === 0 && typeof window !== 'undefined') window.addEventListener('storage', onStorage);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && typeof window !== 'undefined') window.removeEventListener('storage', onStorage);
    };
  }

  return { snapshot: () => snapshot, set, change, act, adopt, subscribe };
}
