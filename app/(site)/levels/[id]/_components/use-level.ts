'use client';

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { browserKeys, browserStorage, noteLevel, readLevel, readMembership, writeLevel } from '#lib/guide/storage.ts';
import { type Linked, movesOf } from '#lib/labs/levels/link.ts';
import { createPlayer, type Player, type PlayerSnapshot } from '#lib/labs/levels/player.ts';
import { emptyLevel, readLevelState } from '#lib/labs/levels/state.ts';
import type { Level } from '#lib/labs/levels/types.ts';
import { type LevelView, viewOf } from '#lib/labs/levels/view.ts';
import { tellLevels } from '../../_components/use-levels.ts';

export interface LevelHandle {
  readonly level: Level;
  readonly player: Player;
  readonly snapshot: PlayerSnapshot;
  readonly view: LevelView;
  /** Whether what was kept has been read. */
  readonly awake: boolean;
  /** Moves that the address brought, or why they are not taken; null: it brought none. */
  readonly linked: Linked | null;
  readonly forgetLinked: () => void;
}

/** ms between two moves of a solution that is typed in: they can be watched. */
const PACE = 500;

/** A pause between two moves; none for who wants no motion. */
export function pace(): Promise<void> {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return new Promise((resolve) => setTimeout(resolve, still ? 0 : PACE));
}

function asleep(level: Level): PlayerSnapshot {
  return { state: emptyLevel(level.id), chosen: null, pending: {}, busy: null, trouble: null };
}

/**
 * The level in this tab, and everything that its page shows.
 * @param keeps whether its state outlives the page; a level that is being written starts anew each time
 */
export function useLevel(level: Level, origin: string, keeps: boolean): LevelHandle {
  const [player, setPlayer] = useState<Player | null>(null);
  const [linked, setLinked] = useState<Linked | null>(null);
  useEffect(() => {
    const storage = keeps ? browserStorage() : null;
    const made = createPlayer(level, {
      origin,
      fetch: (input, init) => globalThis.fetch(input, init),
      now: Date.now,
      keys: browserKeys(),
      kept: readLevelState(readLevel(storage, level.id), level.id),
      onChange: (state) => writeLevel(storage, level.id, state),
      participant: () => readMembership(browserStorage()),
    });
    setPlayer(made);
    const look = () => setLinked(movesOf(window.location.hash, level));
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [level, origin, keeps]);
  const sleeping = useMemo(() => asleep(level), [level]);
  const snapshot = useSyncExternalStore(
    useCallback((listener: () => void) => player?.subscribe(listener) ?? (() => undefined), [player]),
    () => player?.snapshot() ?? sleeping,
    () => sleeping,
  );
  const view = useMemo(() => viewOf(level, snapshot, origin, Date.now()), [level, snapshot, origin]);
  const { typed } = snapshot.state;
  useEffect(() => {
    if (!keeps || !view.solved) return;
    noteLevel(browserStorage(), level.id, { requests: typed ? null : view.requests });
    tellLevels();
  }, [keeps, level.id, view.solved, view.requests, typed]);
  const forgetLinked = useCallback(() => {
    setLinked(null);
    window.history.replaceState(null, '', window.location.pathname);
  }, []);
  const still = useMemo(() => createPlayer(level, idle(origin)), [level, origin]);
  return { level, player: player ?? still, snapshot, view, awake: player !== null, linked, forgetLinked };
}

/** Stands in for the player until the page is awake. */
function idle(origin: string) {
  const refuse = () => Promise.reject(new Error('The page is not awake yet.'));
  return {
    origin,
    fetch: refuse,
    now: Date.now,
    keys: { get: async () => null, set: async () => undefined },
    kept: null,
  };
}
