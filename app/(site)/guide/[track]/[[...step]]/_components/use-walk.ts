'use client';

import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { pushAddress, replaceAddress } from '#components/ui/address.ts';
import { useArriving } from '#components/ui/use-arriving.ts';
import { derive } from '#lib/guide/derive.ts';
import { browserStorage, writeProgress } from '#lib/guide/storage.ts';
import { opensBeside } from '#lib/guide/callback.ts';
import { createRun } from '#lib/guide/run.ts';
import { thaw } from '#lib/guide/frozen.ts';
import { hasTexts, withPage } from '#lib/guide/texts.ts';
import type { Run, RunSnapshot, StepPage, Track, WalkView } from '#lib/guide/types.ts';
import { type FollowHandle, useFollow } from './use-follow.ts';

export interface WalkHandle {
  /** The index of the track, with the texts of the steps that were shown. */
  readonly track: Track;
  readonly run: Run;
  /** Where an outside client is followed, its state stands in the place of the page's. */
  readonly snapshot: RunSnapshot;
  readonly following: FollowHandle;
  readonly view: WalkView;
  /** The step of the address, `done` for the page after the last. */
  readonly viewing: string;
  readonly hrefOf: (step: string) => string;
  /** Shows a step, without asking the server for anything: all of the track is here. */
  readonly open: (step: string) => void;
  /** Whether a step was opened that is not drawn yet. */
  readonly turned: React.RefObject<boolean>;
  /** Does what the primary action says. */
  readonly act: () => Promise<void>;
  /** Letter of the experiment that is open; null: none is. */
  readonly openExperiment: string | null;
  readonly setOpenExperiment: (letter: string | null) => void;
  /** Whether the reader has pressed the primary action since this page was opened. */
  readonly acted: React.RefObject<boolean>;
  /** False while the texts of the step are on their way. */
  readonly ready: boolean;
  /** A page of the server that waits to be opened in another window; null if none does. */
  readonly beside: string | null;
}

/** One run a track and tab, whatever mounts and unmounts. */
const runs = new Map<string, Run>();

/** The run of a track in this tab. */
export function runOf(track: Track, origin: string): Run {
  if (typeof window === 'undefined') return createRun(track, { origin });
  const there = runs.get(track.id) ?? createRun(track, { origin });
  runs.set(track.id, there);
  return there;
}

/** ms before each further try. */
const PATIENCE = [1000, 3000, 9000];

/** Fetches the texts of a step, once. */
const fetched = new Map<string, Promise<StepPage | null>>();
function textsOf(track: string, step: string): Promise<StepPage | null> {
  const key = `${track}/${step}`;
  const known = fetched.get(key);
  if (known) return known;
  const ask = (): Promise<StepPage | null> =>
    fetch(`/guide/data/${key}`, { credentials: 'omit' })
      .then(async (response) => (response.ok ? ((await response.json()) as StepPage) : null))
      .catch(() => null);
  // A step without its texts is half a page: a server that is just being restarted is asked again.
  const page = PATIENCE.reduce<Promise<StepPage | null>>(
    (before, ms) => before.then((found) => found ?? new Promise((resolve) => setTimeout(resolve, ms)).then(ask)),
    ask(),
  );
  fetched.set(key, page);
  // A failure is not kept: the next look tries again.
  void page.then((one) => one ?? fetched.delete(key));
  return page;
}

/**
 * The run of this tab and everything that a page shows of it.
 * @param index of the track
 * @param page the step that the address names
 * @param named the step of the address when the page was opened; null: it named none
 * @param origin `{origin}` of the page, as the server sees it
 */
export function useWalk(index: Track, page: StepPage, named: string | null, origin: string): WalkHandle {
  const [asked, setAsked] = useState(named);
  // Back and forward in the history.
  useEffect(() => {
    const follow = () => startTransition(() => setAsked(stepIn(window.location.pathname)));
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  const run = useMemo(() => runOf(index, origin), [index, origin]);
  const own = useArriving(run);
  const track = useMemo(() => withPage(own.track, page), [own.track, page]);
  useEffect(() => run.learn(page), [run, page]);
  const following = useFollow(track, run, own, origin);
  const { followed } = following;
  const snapshot = useMemo(() => (followed ? { ...own, state: followed.state } : own), [own, followed]);
  const now = useNow(snapshot);
  const view = useMemo(() => {
    const facts = {
      state: snapshot.state,
      running: snapshot.running,
      now,
      viewing: asked === 'done' ? (track.steps.at(-1)?.id ?? null) : asked,
      origin,
    };
    return followed && following.derive
      ? following.derive(followed, facts, snapshot.offered)
      : derive(track, facts, snapshot.offered);
  }, [track, snapshot, followed, following.derive, now, asked, origin]);
  const viewing = asked ?? view.step.id;
  const ready = hasTexts(view.step);
  const shownStep = view.step.id;
  useEffect(() => {
    if (ready) return;
    let alive = true;
    void textsOf(track.id, shownStep).then((texts) => {
      if (alive && texts) run.learn(texts);
    });
    return () => {
      alive = false;
    };
  }, [ready, track.id, shownStep, run]);
  const hrefOf = useCallback((step: string) => `/guide/${track.id}/${step}`, [track.id]);
  const turned = useRef(false);
  const open = useCallback(
    (step: string) => {
      if (step === viewing) window.scrollTo(0, 0);
      else turned.current = true;
      startTransition(() => setAsked(step));
      pushAddress(hrefOf(step));
    },
    [hrefOf, viewing],
  );

  useEffect(() => {
    void run.wake();
    const again = () => {
      void run.wake();
    };
    window.addEventListener('pageshow', again);
    return () => window.removeEventListener('pageshow', again);
  }, [run]);
  useEffect(() => {
    if (snapshot.awake && !following.on && viewing !== 'done') void run.prepare(viewing);
  }, [run, snapshot.awake, following.on, viewing]);
  useEffect(() => {
    if (snapshot.awake && !following.on)
      writeProgress(browserStorage(), track.id, { done: view.done, total: view.total, next: view.current ?? 'done' });
  }, [snapshot.awake, following.on, track.id, view]);
  // The bare address of a track shows the step that the walk has come to, and says so.
  useEffect(() => {
    if (asked !== null || !snapshot.awake) return;
    const come = view.finished ? 'done' : view.step.id;
    replaceAddress(hrefOf(come));
    startTransition(() => setAsked(come));
  }, [asked, snapshot.awake, hrefOf, view.finished, view.step.id]);
  useEffect(() => {
    if (asked !== null)
      document.title =
        `${asked === 'done' ? 'The whole run' : `${view.step.number}. ${view.step.title}`}, ${track.title} ` +
        '· Authwalk';
  }, [asked, view.step, track.title]);

  // From the first page: what it has shown as sent is sent in the visitor's own sandbox, too.
  useEffect(() => {
    if (!snapshot.awake || window.location.hash !== '#bring') return;
    replaceAddress(window.location.pathname);
    if (snapshot.state.log.length === 0) void run.bring(viewing);
  }, [run, snapshot.awake, snapshot.state.log.length, viewing]);

  const [openExperiment, showExperiment] = useState<string | null>(null);
  const viewedStep = view.step.id;
  const { experiments } = view.step;
  // An experiment that is open stands in the address, by its name: its letter is only its place.
  const setOpenExperiment = useCallback(
    (letter: string | null) => {
      showExperiment(letter);
      const opened = experiments.find((one) => one.letter === letter);
      replaceAddress(opened ? `#${nameOf(opened.id)}` : window.location.pathname);
    },
    [experiments],
  );
  // What the address says of the step: an experiment that is open, or a whole state.
  useEffect(() => {
    if (!snapshot.awake) return;
    const look = () => {
      const frozen = thaw(window.location.hash);
      for (const [request, edits] of Object.entries(frozen?.edits ?? {}))
        for (const [key, edit] of Object.entries(edits)) run.edit(viewedStep, request, key, edit);
      const named = experiments.find((one) => `#${nameOf(one.id)}` === window.location.hash)?.letter;
      const letter = frozen?.experiment ?? named ?? /^#experiment-([a-z])$/.exec(window.location.hash)?.[1] ?? null;
      showExperiment(letter);
      if (letter === null) return;
      // After it is drawn open.
      requestAnimationFrame(() => document.getElementById(`experiment-${letter}`)?.scrollIntoView({ block: 'start' }));
    };
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [run, snapshot.awake, viewedStep, experiments]);
  const acted = useRef(false);
  const actedOn = useRef<WalkView | null>(null);
  const act = useCallback(async () => {
    const { action } = view;
    // What is drawn is acted on once: a second press before the answer is drawn means the same request.
    if (!action.enabled || action.running || actedOn.current === view) return;
    actedOn.current = view;
    if (action.kind === 'resume' && action.href) {
      window.location.assign(action.href);
      return;
    }
    if (action.kind === 'finish') {
      open('done');
      return;
    }
    if (action.kind === 'none') return;
    if (action.step !== viewing) open(action.step);
    if (action.kind === 'open') return;
    acted.current = true;
    const away = await run.send(action.step);
    if (away && !opensBeside(track.steps.find((step) => step.id === action.step)!)) window.location.assign(away);
  }, [view, viewing, run, open, track]);
  const beside = besideOf(track, snapshot);
  useEffect(() => {
    if (beside === null) return;
    // The other window may be on another device: only the server knows what became of it.
    const timer = setInterval(() => void run.look(), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [beside, run]);

  return {
    track,
    run,
    snapshot,
    following,
    view,
    viewing,
    hrefOf,
    open,
    turned,
    act,
    acted,
    ready,
    beside,
    openExperiment,
    setOpenExperiment,
  };
}

/** What the address calls an experiment: the last part of its id. */
export const nameOf = (id: string): string => id.split('.').at(-1)!;

/** ms between two looks at what became of a page in another window. */
const LOOK_EVERY = 1500;

function besideOf(track: Track, { state }: RunSnapshot): string | null {
  const { navigation } = state;
  const step = track.steps.find((one) => one.id === navigation?.step);
  return navigation && step && opensBeside(step) ? navigation.url : null;
}

/** The step that a path names: the part behind the track. */
const stepIn = (path: string): string | null => path.split('/')[3] || null;

/** Wall time; it goes on by the second only while something lives that runs out. */
function useNow(snapshot: RunSnapshot): number {
  const [now, setNow] = useState(() => Date.now());
  const ticking = snapshot.state.log.length > 0 || snapshot.running !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock is read anew when something has happened
  useEffect(() => {
    startTransition(() => setNow(Date.now()));
    if (!ticking) return;
    const timer = setInterval(() => startTransition(() => setNow(Date.now())), 1000);
    return () => clearInterval(timer);
  }, [ticking, snapshot]);
  return now;
}
