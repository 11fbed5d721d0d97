/**
 * The visitor's own run, in one tab: what a page calls. Keeps its state in storage, follows other
 * tabs, makes the sandbox at the first step.
 */
import { ACCOUNT } from './account.ts';
import { ApiError, type Fetch } from '#lib/client/request.ts';
import { createApi } from '#lib/client/sandboxes.ts';
import { loadLater } from './later.ts';
import type { KeyStore } from './proofs.ts';
import { ledgerOf } from './ledger.ts';
import { browserStorage, readMembership, takeArrival, type KeyValueStore } from './storage.ts';
import {
  emptyState,
  lastRun,
  lastRunSent,
  loadState,
  restartedFrom,
  withEdit,
  withLost,
  withoutEdits,
  withSandbox,
} from './state.ts';
import { opensBeside } from './callback.ts';
import { experimentsOf } from './run-experiments.ts';
import { clockOf } from './run-clock.ts';
import { createRunStore } from './run-store.ts';
import { walkerOf } from './run-walker.ts';
import { stepOf, withPage } from './texts.ts';
import type { Walker } from './walker.ts';
import { answerOf, errorOf } from '#lib/exchange/read.ts';
import type { Exchange, Run, Running, Step, Track } from './types.ts';

export interface RunOptions {
  /** `{origin}` of the page, without a trailing slash. */
  readonly origin: string;
  /** The page's own if it is left out. */
  readonly fetch?: Fetch;
  /** localStorage if it is left out; null: nothing is kept. */
  readonly storage?: KeyValueStore | null;
  /** Wall time, ms. */
  readonly now?: () => number;
  /** Where key pairs are kept; in the browser by default. */
  readonly keys?: KeyStore;
}

const TROUBLE: Readonly<Record<string, string>> = {
  unreachable: 'The server does not answer. Nothing was lost; try again when it is back.',
  rate_limit_exceeded:
    'Too many sandboxes were made from your address within the hour. Try again later, or go on in the one you have.',
};

/** Operations that need nothing of the control API. */
const TO_REQUESTS: ReadonlySet<string> = new Set([
  'set',
  'append',
  'remove',
  'set_url',
  'method',
  'content_type',
  'tamper',
]);

/**
 * Makes the run of a track. Does nothing by itself: the page calls `wake` once it is mounted.
 */
export function createRun(index: Track, options: RunOptions): Run {
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const storage = options.storage === undefined ? browserStorage() : options.storage;
  const now = options.now ?? Date.now;
  const api = createApi<Exchange>(options.origin, fetch, () => readMembership(storage));
  /** The index of the track, with the texts of the steps that were shown. */
  let track = index;
  const store = createRunStore(index, storage);
  const { set, change, act, adopt } = store;
  let abort: AbortController | null = null;

  const walking = walkerOf({ track: index, store, keys: options.keys, origin: options.origin, fetch, api, now });

  /** Takes up what is kept. */
  async function rouse(): Promise<void> {
    const kept = loadState(storage, track.id);
    if (kept.log.length > 0) await loadLater();
    adopt(kept);
    stayed();
    set({ awake: true });
  }

  function tell(error: unknown): void {
    const code = error instanceof ApiError ? error.code : 'unreachable';
    set({ trouble: TROUBLE[code] ?? (error instanceof Error ? error.message : 'Something went wrong on this page.') });
  }

  async function ensureSandbox(): Promise<void> {
    if (store.snapshot().state.sandbox && !store.snapshot().state.lost) return;
    const { server } = store.snapshot().state;
    // Tokens are for the reader's own server only if the sandbox knows that it may issue them.
    const sandbox = await api.create({ ...track.knobs, ...(server ? { resources: [server] } : {}) }, ACCOUNT);
    change(withSandbox(sandbox));
  }

  async function send(id: string): Promise<string | null> {
    // Pressed before the page was quite awake: what is kept is not to be overwritten.
    if (!store.snapshot().awake) {
      adopt(loadState(storage, track.id));
      set({ awake: true });
    }
    if (store.snapshot().running) return null;
    const step = stepOf(index, id);
    const running: Running = {
      step: id,
      request: null,
      experiment: null,
      since: now(),
      from: step.actor_from,
      to: step.actor_to,
    };
    set({ running, trouble: null });
    abort = new AbortController();
    let isLeaving = false;
    try {
      const walker = await walking();
      await ensureSandbox();
      await comeTo(walker, track.steps[0]!);
      const again = store.snapshot().state.log.some((entry) => entry.step === id);
      await walker.makeFresh(step);
      const run = nextRun(id, again);
      let away: string | null = null;
      await arrangedBy(walker)(step, async () => {
        away = await sendAll(walker, step, run, abort!.signal);
      });
      if (away !== null) {
        isLeaving = !opensBeside(step);
        return away;
      }
      await walker.enrich();
      return null;
    } catch (error) {
      tell(error);
      return null;
    } finally {
      abort = null;
      // Who leaves is under way until the page is shown again.
      if (!isLeaving) set({ running: null });
    }
  }

  /** @returns where the browser must go now, or null */
  async function sendAll(walker: Walker, step: Step, run: number, signal: AbortSignal): Promise<string | null> {
    for (const request of step.requests.filter((candidate) => candidate.sends_when === null)) {
      if (request.navigates) return walker.leave(step, request);
      await walker.makeProof(step, request, run);
      const entry = await walker.send(step, request, walker.prepare(step, request), { signal, run });
      if (await walker.isGone(entry)) {
        change(withLost(true));
        break;
      }
      // A refusal that asks for a nonce is answered by the request after it.
      const asksOn = (answerOf(entry.exchange)?.error ?? errorOf(entry.exchange)) === 'use_dpop_nonce';
      if (!walker.mayContinue(entry) && !asksOn) break;
    }
    return null;
  }

  /** Runs a step with what it needs of its sandbox. */
  const arrangedBy =
    (walker: Walker) =>
    async (step: Step, work: () => Promise<void>): Promise<void> => {
      if (step.prelude.length === 0 && Object.keys(step.knobs).length === 0) return work();
      const { arrangeStep } = await import('./prelude.ts');
      return arrangeStep({ api, sandbox: store.snapshot().state.sandbox!, walker }, step, work);
    };

  /** Walks what comes before a step without asking: a made-up user approves. */
  async function comeTo(walker: Walker, step: Step): Promise<void> {
    if (track.before.length === 0 && step === track.steps[0]) return;
    // Loaded when it is needed: most steps of the main walk need none of it.
    const { bringTo } = await import('./headless.ts');
    await bringTo(walker, step, arrangedBy(walker));
  }

  function stayed(): void {
    const { running } = store.snapshot();
    if (running && abort === null && running.experiment === null) set({ running: null });
  }

  /** A new attempt, but for values that were made for it and not used yet. */
  function nextRun(id: string, again: boolean): number {
    const { state } = store.snapshot();
    const last = lastRun(state, id);
    return again && lastRunSent(state, id) ? last + 1 : Math.max(1, last);
  }

  let asked: Promise<void> | null = null;
  function askOffers(): Promise<void> {
    asked ??= import('./offers.ts')
      .then(({ experimentsPossible }) => experimentsPossible(track, api))
      .then((offered) => set({ offered }));
    return asked;
  }

  /** Looking back happens once at a time: two would write down the same navigation twice. */
  let looking: Promise<unknown> = Promise.resolve();
  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = looking.then(work, work);
    looking = done.catch(() => undefined);
    return done;
  }

  async function wake(): Promise<void> {
    await rouse();
    await arrived();
    const { sandbox, lost } = store.snapshot().state;
    if (sandbox && !lost) {
      try {
        if (!(await api.exists(sandbox))) change(withLost(true));
        else
          await oneAtATime(async () => {
            const walker = await walking();
            await walker.lookBack(false);
            await walker.enrich();
          });
      } catch {
        /* out of reach: what was done can still be read */
      }
    }
  }

  /** The answer that `/guide/callback` has kept for this run. */
  async function arrived(): Promise<void> {
    const href = takeArrival(storage, track.id);
    if (href === null) return;
    await returned(href);
    set({ arrived: true });
  }

  async function returned(href: string): Promise<string> {
    await rouse();
    const entry = await oneAtATime(async () => {
      const walker = await walking();
      if (store.snapshot().state.navigation) await walker.lookBack(true).catch(() => undefined);
      return walker.arrive(href);
    });
    return entry?.step ?? track.steps[0]!.id;
  }

  return {
    snapshot: store.snapshot,
    subscribe: store.subscribe,
    wake,
    learn(page) {
      track = withPage(track, page);
      set({ track });
    },
    async bring(id) {
      if (store.snapshot().running) return;
      const step = stepOf(index, id);
      set({
        running: { step: id, request: null, experiment: null, since: now(), from: 'client', to: 'as' },
        trouble: null,
      });
      try {
        const walker = await walking();
        await ensureSandbox();
        await comeTo(walker, step);
        await walker.enrich();
      } catch (error) {
        tell(error);
      } finally {
        set({ running: null });
      }
    },
    async look() {
      await oneAtATime(async () => (await walking()).lookBack(false));
    },
    ...clockOf({ store, api, now, tell }),
    async prepare(id) {
      const step = track.steps.find((candidate) => candidate.id === id);
      // Asked only if it matters: the answer is a long document.
      const isSpecial = step?.experiments.some((one) => one.change.some((change) => !TO_REQUESTS.has(change.op)));
      if (isSpecial) void askOffers();
      const { state, running } = store.snapshot();
      if (!step?.values_made.some(({ by }) => by === 'client') || running || lastRunSent(state, id)) return;
      if (step.waits_for && ledgerOf(index, state, options.origin).bag[step.waits_for.value] === undefined) return;
      await (await walking()).makeFresh(step);
    },
    send,
    async open() {
      try {
        await ensureSandbox();
      } catch (error) {
        tell(error);
      }
    },
    abort() {
      abort?.abort();
    },
    edit: (step, request, key, edit) => act(withEdit(step, request, key, edit)),
    restore: (step, request, key) =>
      act(
        request !== undefined && key !== undefined ? withEdit(step, request, key, null) : withoutEdits(step, request),
      ),
    restart: (step) => {
      if (!store.snapshot().running) {
        change(restartedFrom(track, step));
        set({ trouble: null });
      }
    },
    reset: () => {
      if (store.snapshot().running) return;
      const { sandbox } = store.snapshot().state;
      if (sandbox) void api.remove(sandbox);
      change((state) => ({
        ...emptyState(track.id, state.revision),
        lab: state.lab ?? null,
        server: state.server ?? null,
      }));
      set({ trouble: null });
    },
    async standIn(url) {
      if (store.snapshot().running) return;
      const { sandbox } = store.snapshot().state;
      if (sandbox) void api.remove(sandbox);
      change((state) => ({ ...emptyState(track.id, state.revision), lab: state.lab ?? null, server: url }));
      try {
        await ensureSandbox();
      } catch (error) {
        tell(error);
      }
    },
    returned,
    ...experimentsOf({ track: () => track, store, origin: options.origin, fetch, api, now }),
  };
}
