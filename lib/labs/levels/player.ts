/**
 * A level in play: its start, the moves, and what is undone. Does nothing by itself: the first move that is chosen
 * makes the sandbox and runs the start.
 */
import { ApiError, type Fetch } from '#lib/client/request.ts';
import { isEmptied } from '#lib/guide/emptied.ts';
import { createApi, type Participant } from '#lib/client/sandboxes.ts';
import type { KeyStore } from '#lib/guide/proofs.ts';
import { type Change, emptyState, lastRun, withSandbox } from '#lib/guide/state.ts';
import type { Edit, Exchange, SandboxRef } from '#lib/guide/types.ts';
import { goalOf, isReached } from './goal.ts';
import { grantsOf } from './predicates/server.ts';
import { refusesMove, refusesRequest } from './refuse.ts';
import { emptyLevel, entriesOf, type LevelState } from './state.ts';
import type { Level, LevelMove, Played } from './types.ts';
import { editsOf, LevelWalker, Refused } from './walker.ts';

export interface PlayerOptions {
  /** `{origin}` of the page, without a trailing slash. */
  readonly origin: string;
  readonly fetch: Fetch;
  /** Wall time, ms. */
  readonly now: () => number;
  readonly keys: KeyStore;
  /** What was kept of this level; null: nothing. */
  readonly kept: LevelState | null;
  /** Told of each change, to keep it. */
  readonly onChange?: (state: LevelState) => void;
  /** The class that the player takes part in; none by default. */
  readonly participant?: () => Participant | null;
}

export interface PlayerSnapshot {
  readonly state: LevelState;
  /** The move that is chosen, with what was typed; null: none is. */
  readonly chosen: Played | null;
  /** Values that the client has made for the chosen move, and not sent yet. */
  readonly pending: Readonly<Record<string, string>>;
  /** What is under way, in words; null: nothing. */
  readonly busy: string | null;
  /** What hinders, for a person. */
  readonly trouble: string | null;
}

export interface Player {
  snapshot(): PlayerSnapshot;
  subscribe(listener: () => void): () => void;
  /** Makes the sandbox and runs the start, if that has not been done. */
  begin(): Promise<void>;
  choose(move: string): Promise<void>;
  /** Notes what was typed in a parameter of the chosen move; null takes it back. */
  edit(name: string, edit: Edit | null): void;
  /** How far the chosen move `advance` puts the clock on, s. */
  setSeconds(seconds: number): void;
  /** Makes the chosen move. */
  send(): Promise<void>;
  /** Makes a move that was not chosen on the page: of a link, or of the solution. */
  play(played: Played): Promise<void>;
  /** Makes these moves from the start. They are not the player's own, so the level counts as seen. */
  playAll(moves: readonly Played[], pause?: () => Promise<void>): Promise<void>;
  /** Takes the latest move back, on the server too. */
  undo(): Promise<void>;
  redo(): Promise<void>;
  startOver(): Promise<void>;
  showHint(): void;
  /** Types the solution in, move by move. */
  solve(pause?: () => Promise<void>): Promise<void>;
}

/** A move as it stands before anything is typed. */
export const plain = (move: string): Played => ({
  move,
  set: {},
  without: [],
  seconds: move === 'advance' ? 60 : null,
});

export function createPlayer(level: Level, options: PlayerOptions): Player {
  const { origin, fetch, now } = options;
  const api = createApi<Exchange>(origin, fetch, options.participant);
  const listeners = new Set<() => void>();
  let snapshot: PlayerSnapshot = {
    state: options.kept ?? emptyLevel(level.id),
    chosen: null,
    pending: {},
    busy: null,
    trouble: null,
  };

  function set(part: Partial<PlayerSnapshot>): void {
    snapshot = { ...snapshot, ...part };
    for (const listener of listeners) listener();
  }
  function change(part: Partial<LevelState>): void {
    const state = { ...snapshot.state, ...part };
    set({ state });
    options.onChange?.(state);
  }

  const walker = new LevelWalker({
    ...{ track: level.track, origin, fetch, api, now, keys: options.keys },
    state: () => snapshot.state.run,
    change: (how: Change) => change({ run: how(snapshot.state.run) }),
  });

  /** Does one thing at a time, and tells what hinders. */
  async function busy(words: string, work: () => Promise<void>): Promise<void> {
    if (snapshot.busy !== null) return;
    set({ busy: words, trouble: null });
    try {
      await work();
    } catch (error) {
      set({ trouble: troubleOf(error) });
    } finally {
      set({ busy: null });
    }
  }

  /** An empty sandbox with the level's knobs: the one that is kept, emptied, or a new one. */
  async function emptied(): Promise<SandboxRef> {
    const kept = snapshot.state.run.sandbox;
    if (kept && (await isEmptied(kept, api))) return kept;
    return api.create(level.knobs);
  }

  /** Runs the start in an empty sandbox. */
  async function start(): Promise<void> {
    const sandbox = await emptied();
    change({ run: withSandbox(sandbox)(emptyState(level.track.id)), started: null, moves: [], grants: [], clock: 0 });
    // Loaded when it is needed: a level that is only read needs none of it.
    const [{ runStep }, { arrangeStep }] = await Promise.all([
      import('#lib/guide/headless.ts'),
      import('#lib/guide/prelude.ts'),
    ]);
    for (const step of level.track.before)
      await arrangeStep({ api, sandbox, walker }, step, async () => {
        await runStep(walker, step);
      });
    await walker.enrich();
    change({ started: snapshot.state.run.log.length });
    await learn();
  }

  async function ensureStarted(): Promise<void> {
    if (snapshot.state.started === null) await start();
  }

  /** Reads what the server keeps. */
  async function learn(): Promise<void> {
    const sandbox = snapshot.state.run.sandbox!;
    const about = (await api.read(sandbox, '')) as { clock?: { now?: string } };
    const grants = grantsOf(await api.read(sandbox, 'grants'));
    const clock = Date.parse(about.clock?.now ?? '');
    change({ grants, clock: Number.isNaN(clock) ? now() : clock });
  }

  const moveOf = (id: string): LevelMove => level.moves.find((one) => one.id === id)!;

  async function turnClock(played: Played): Promise<void> {
    const sandbox = snapshot.state.run.sandbox!;
    await api.post(sandbox, 'clock', played.move === 'freeze' ? { freeze: true } : { advance: played.seconds ?? 0 });
  }

  /** Makes a move in the sandbox as it is. @throws Refused if the level does not allow it */
  async function make(played: Played, pending: Readonly<Record<string, string>>): Promise<void> {
    const refusal = refusesMove(level, played);
    if (refusal !== null) throw new Refused(refusal);
    const move = moveOf(played.move);
    if (move.step === null) await turnClock(played);
    else {
      const step = walker.step(move.step);
      const request = step.requests.find((one) => one.id === move.request)!;
      change({
        run: { ...snapshot.state.run, edits: { [step.id]: { [request.id]: editsOf(request, played, walker.bag()) } } },
      });
      // An approval belongs to the authorization request before it.
      const isAnswer = move.id === 'approve';
      const run = Math.max(1, lastRun(snapshot.state.run, step.id) + (isAnswer ? 0 : 1));
      if (!isAnswer) walker.made(step, run, Object.keys(pending).length > 0 ? pending : await walker.fresh(step));
      const { base } = snapshot.state.run.sandbox!;
      await walker.play(step, request, run, (prepared) => refusesRequest(level, played, prepared, base));
    }
    change({
      moves: [...snapshot.state.moves, { played, end: snapshot.state.run.log.length }],
      run: { ...snapshot.state.run, edits: {} },
    });
    await learn();
  }

  async function again(moves: readonly Played[]): Promise<void> {
    await start();
    for (const played of moves) await make(played, {});
  }

  const finished = (): boolean => isReached(goalOf(level, snapshot.state, origin));

  async function go(played: Played): Promise<void> {
    const { pending } = snapshot;
    await busy(moveOf(played.move)?.title ?? played.move, async () => {
      await ensureStarted();
      if (finished()) return;
      await make(played, pending);
      change({ undone: null });
      set({ chosen: null, pending: {} });
    });
  }

  /** Shows a move with its parameters, and with what the client makes for it. */
  async function choose(id: string): Promise<void> {
    const move = level.moves.find((one) => one.id === id);
    if (!move || snapshot.busy !== null) return;
    set({ chosen: plain(id), pending: {} });
    if (snapshot.state.started === null) await busy('The start runs', ensureStarted);
    if (move.step === null || id === 'approve' || snapshot.trouble !== null) return;
    const pending = await walker.fresh(walker.step(move.step));
    if (snapshot.chosen?.move === id) set({ pending });
  }

  async function playAll(moves: readonly Played[], pause?: () => Promise<void>): Promise<void> {
    await busy('The moves are made', async () => {
      change({ undone: null, typed: true });
      await start();
      for (const played of moves) {
        await pause?.();
        await make(played, {});
        if (finished()) break;
      }
      set({ chosen: null, pending: {} });
    });
  }

  return {
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: () => busy('The start runs', ensureStarted),
    choose,
    edit(name, edit) {
      const { chosen } = snapshot;
      if (!chosen) return;
      const { [name]: _before, ...others } = chosen.set;
      const without = chosen.without.filter((one) => one !== name);
      if (edit === null) set({ chosen: { ...chosen, set: others, without } });
      else if (edit.omitted === true) set({ chosen: { ...chosen, set: others, without: [...without, name] } });
      else set({ chosen: { ...chosen, set: { ...others, [name]: edit.value ?? '' }, without } });
    },
    setSeconds(seconds) {
      if (snapshot.chosen) set({ chosen: { ...snapshot.chosen, seconds } });
    },
    async send() {
      const { chosen } = snapshot;
      if (!chosen) return;
      await go(chosen);
      // It stays chosen, so that the focus stays on the button.
      if (!finished() && snapshot.trouble === null) await choose(chosen.move);
    },
    play: go,
    playAll,
    async undo() {
      const last = snapshot.state.moves.at(-1);
      if (!last) return;
      await busy('The move is taken back', async () => {
        const entries = entriesOf(snapshot.state);
        const from = snapshot.state.moves.at(-2)?.end ?? snapshot.state.started ?? 0;
        const keys = new Set(snapshot.state.run.log.slice(from).map((entry) => entry.key));
        const undone = { played: last.played, entry: entries.find((entry) => keys.has(entry.key)) ?? null };
        await again(snapshot.state.moves.slice(0, -1).map((one) => one.played));
        change({ undone });
        set({ chosen: null, pending: {} });
      });
    },
    async redo() {
      const { undone } = snapshot.state;
      if (undone) await go(undone.played);
    },
    async startOver() {
      await busy('The start runs', async () => {
        change({ undone: null, typed: false });
        set({ chosen: null, pending: {} });
        await start();
      });
    },
    showHint: () => change({ hint: true }),
    solve: (pause) => playAll(level.solution, pause),
  };
}

function troubleOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof ApiError && error.code === 'rate_limit_exceeded')
    return 'Too many sandboxes were made from your address within the hour. Try again later.';
  if (error instanceof ApiError && error.code === 'unreachable')
    return 'The server does not answer. Nothing was lost; try again when it is back.';
  return error instanceof Error ? error.message : 'Something went wrong on this page.';
}
