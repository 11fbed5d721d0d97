/** The state of a run in one tab: kept in storage after each change, and taken over from other tabs. */
import { isRunKey, type KeyValueStore, writeRun } from './storage.ts';
import { type Change, emptyState, readState } from './state.ts';
import type { RunSnapshot, RunState, Track } from './types.ts';

export interface RunStore {
  /** What is shown before anything was read, on the server too. */
  readonly asleep: RunSnapshot;
  readonly snapshot: () => RunSnapshot;
  readonly set: (part: Partial<RunSnapshot>) => void;
  /** Changes the state and keeps it. */
  readonly change: (how: Change) => void;
  /** Takes a state that another tab may have: the higher revision holds. */
  readonly adopt: (state: RunState) => void;
  /** @returns ends it */
  readonly subscribe: (listener: () => void) => () => void;
}

/** @param storage null: nothing is kept */
export function createRunStore(track: Track, storage: KeyValueStore | null): RunStore {
  const asleep: RunSnapshot = {
    track,
    state: emptyState(track.id),
    running: null,
    awake: false,
    trouble: null,
    offered: null,
    arrived: false,
  };
  const listeners = new Set<() => void>();
  let snapshot = asleep;

  function set(part: Partial<RunSnapshot>): void {
    snapshot = { ...snapshot, ...part };
    for (const listener of listeners) listener();
  }

  function change(how: Change): void {
    const before = snapshot.state;
    const after = how(before);
    if (after === before) return;
    const state: RunState = { ...after, revision: before.revision + 1 };
    writeRun(storage, state.track, state);
    set({ state });
  }

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

  function subscribe(listener: () => void): () => void {
    if (listeners.size === 0 && typeof window !== 'undefined') window.addEventListener('storage', onStorage);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && typeof window !== 'undefined') window.removeEventListener('storage', onStorage);
    };
  }

  return { asleep, snapshot: () => snapshot, set, change, adopt, subscribe };
}
