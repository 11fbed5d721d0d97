/**
 * A lab on a page: the position of the switch, the run of each position, and the one action. Does nothing by itself.
 */
import { ApiError, type Fetch } from '#lib/client/request.ts';
import { createApi, type SandboxRef } from '#lib/client/sandboxes.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import {
  browserStorage,
  keepLabRuns,
  keepLabSeen,
  type KeyValueStore,
  type LabSeen,
  labText,
  parseLabSeen,
  readLabRuns,
  tabStorage,
  readMembership,
} from '#lib/guide/storage.ts';
import { isOver, verdictOf } from './judge.ts';
import { type Playing, startLab } from './play.ts';
import type { Lab, LabRun, Position } from './types.ts';

export interface LabSnapshot {
  readonly position: Position;
  readonly runs: Readonly<Partial<Record<Position, LabRun>>>;
  /** How each position ended, also in earlier visits. */
  readonly seen: LabSeen;
  /** A moment is being played. */
  readonly running: boolean;
  readonly trouble: string | null;
  readonly sandbox: SandboxRef | null;
}

export interface LabStore {
  snapshot(): LabSnapshot;
  /** Before hydration: nothing has happened. */
  serverSnapshot(): LabSnapshot;
  /** @returns how to stop listening */
  subscribe(listener: () => void): () => void;
  /** Call once after mounting: reads what is kept. */
  wake(): void;
  /** Puts the switch into a position; nothing runs. */
  turn(position: Position): void;
  /** Plays the next moment; the first makes the sandbox anew. */
  step(): Promise<void>;
  /** Plays all that is left. */
  toTheEnd(): Promise<void>;
  /** Forgets the run of this position. */
  again(): void;
}

export interface LabOptions {
  /** `{origin}` of the page, without a trailing slash. */
  readonly origin: string;
  readonly fetch?: Fetch;
  readonly now?: () => number;
  /** What stays; localStorage by default. */
  readonly storage?: KeyValueStore | null;
  /** ms between two moments of a run to the end. */
  readonly pause?: number;
  /** What stays in this tab; sessionStorage by default. */
  readonly tab?: KeyValueStore | null;
}

/** ms between two moments of a run to the end, so that one can be seen after the other. */
const PAUSE = 350;

const nowhere: KeyValueStore = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

interface Kept {
  readonly runs?: Partial<Record<Position, LabRun>>;
  readonly sandbox?: SandboxRef | null;
}

/** Makes the store of a lab's page. */
export function createLab(lab: Lab, options: LabOptions): LabStore {
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const now = options.now ?? Date.now;
  const storage = options.storage === undefined ? browserStorage() : options.storage;
  const tab = options.tab === undefined ? tabStorage() : options.tab;
  const api = createApi<Exchange>(options.origin, fetch, () => readMembership(storage));
  const asleep: LabSnapshot = { position: 'off', runs: {}, seen: {}, running: false, trouble: null, sandbox: null };
  const listeners = new Set<() => void>();
  const playing: Partial<Record<Position, Playing>> = {};
  let snapshot = asleep;

  function set(part: Partial<LabSnapshot>): void {
    snapshot = { ...snapshot, ...part };
    for (const listener of listeners) listener();
  }

  function keep(run: LabRun): void {
    const runs = { ...snapshot.runs, [run.position]: run };
    if (!isOver(lab, run)) {
      set({ runs });
      return;
    }
    const seen = { ...snapshot.seen, [run.position]: verdictOf(lab, run) };
    set({ runs, seen });
    keepLabSeen(storage, lab.id, seen);
    // A run that is under way lives with its keys, in this page alone.
    const over = Object.fromEntries(Object.entries(runs).filter(([, one]) => isOver(lab, one)));
    keepLabRuns(tab, lab.id, { runs: over, sandbox: snapshot.sandbox });
  }

  async function start(position: Position): Promise<Playing> {
    const { sandbox, playing: made } = await startLab(lab, position, snapshot.sandbox, {
      origin: options.origin,
      fetch,
      api,
      now,
      storage: tab ?? nowhere,
    });
    // The sandbox was emptied: what the other position had begun cannot go on.
    const other = position === 'off' ? 'on' : 'off';
    delete playing[other];
    const left = snapshot.runs[other];
    const runs = { ...snapshot.runs };
    if (left && !isOver(lab, left)) delete runs[other];
    playing[position] = made;
    set({ sandbox, runs: { ...runs, [position]: made.run() } });
    return made;
  }

  async function played(isWhole: boolean): Promise<void> {
    if (snapshot.running) return;
    const { position } = snapshot;
    if (isOver(lab, snapshot.runs[position])) return;
    set({ running: true, trouble: null });
    try {
      const run = playing[position] ?? (await start(position));
      keep(await run.step());
      while (isWhole && !isOver(lab, run.run())) {
        await new Promise((resolve) => setTimeout(resolve, options.pause ?? PAUSE));
        keep(await run.step());
      }
    } catch (error) {
      set({ trouble: troubleOf(error) });
    } finally {
      set({ running: false });
    }
  }

  return {
    snapshot: () => snapshot,
    serverSnapshot: () => asleep,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake() {
      const kept = (readLabRuns(tab, lab.id) ?? {}) as Kept;
      const runs = kept.runs ?? {};
      const position: Position = runs.off && !runs.on ? 'off' : runs.on ? 'on' : 'off';
      set({ runs, sandbox: kept.sandbox ?? null, seen: parseLabSeen(labText(storage, lab.id)), position });
    },
    turn(position) {
      if (!snapshot.running) set({ position, trouble: null });
    },
    step: () => played(false),
    toTheEnd: () => played(true),
    again() {
      if (snapshot.running) return;
      const runs = { ...snapshot.runs };
      delete runs[snapshot.position];
      delete playing[snapshot.position];
      set({ runs, trouble: null });
    },
  };
}

function troubleOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : 'The lab could not be played.';
  if (error.code === 'rate_limit_exceeded')
    return 'Too many sandboxes were made from your address within the hour. Try again later.';
  return error.message;
}
