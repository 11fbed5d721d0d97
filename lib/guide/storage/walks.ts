/** The walk: its run, how far it is, whose it is, and the answer that it waits for. */
import { queryOfUrl } from '#lib/exchange/read.ts';
import type { SandboxRef } from '#lib/client/sandboxes.ts';
import { keys, write, read, type KeyValueStore, remove } from './store.ts';

/** The text of a track's run; null if there is none. */
export function readRun(storage: Pick<Storage, 'getItem'> | null, track: string): string | null {
  try {
    return storage?.getItem(keys.run(track)) ?? null;
  } catch {
    return null;
  }
}

/** @returns whether the run was kept: a full storage costs the run its memory, not its life */
export function writeRun(storage: Pick<Storage, 'setItem'> | null, track: string, state: object): boolean {
  return write(storage, keys.run(track), state);
}

/** Whether a storage event is about the run of this track. */
export function isRunKey(key: string | null, track: string): boolean {
  return key === keys.run(track);
}

/** How far a run is, small enough for pages that load neither the track nor the run. */
export interface ProgressNote {
  readonly done: number;
  readonly total: number;
  /** Step to go on with; `done` if there is none. */
  readonly next: string;
}

/** Keeps how far a run is; the walk calls this after each change. */
export function writeProgress(storage: Pick<Storage, 'setItem'> | null, track: string, note: ProgressNote): void {
  write(storage, keys.progress(track), note);
}

/** The text of a progress note, to notice a change by; null if there is none. */
export function progressText(storage: Pick<Storage, 'getItem'> | null, track: string): string | null {
  try {
    return storage?.getItem(keys.progress(track)) ?? null;
  } catch {
    return null;
  }
}

/** What a progress note says; null if the track was not begun. */
export function parseProgress(text: string | null): ProgressNote | null {
  const note = read({ getItem: () => text }, '') as ProgressNote | null;
  return note && typeof note.done === 'number' && note.done > 0 ? note : null;
}

/** Whose walk the page shows: an outside client's in the visitor's own sandbox, or in another one. */
export type FollowChoice = 'own' | SandboxRef;

/** The choice kept for a track; null: the visitor walks. */
export function readFollow(storage: Pick<Storage, 'getItem'> | null, track: string): FollowChoice | null {
  const kept = read(storage, keys.follow(track)) as FollowChoice | null;
  if (kept === 'own') return 'own';
  return typeof kept?.control_token === 'string' && typeof kept.base === 'string' ? kept : null;
}

/** Keeps whose walk the page shows; null forgets it. */
export function writeFollow(storage: KeyValueStore | null, track: string, choice: FollowChoice | null): void {
  if (choice === null) remove(storage, keys.follow(track));
  else write(storage, keys.follow(track), choice);
}

const PRESENTING = 'authwalk.presenting';

/** How many lines of each step are shown while the walk is presented in this tab; null: it is not. */
export function readPresenting(): Readonly<Record<string, number>> | null {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(PRESENTING) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    return Object.fromEntries(Object.entries(kept).filter(([, count]) => Number.isInteger(count)));
  } catch {
    return null;
  }
}

/** Keeps it for this tab, as far as the consent page and back; null ends it. */
export function writePresenting(shown: Readonly<Record<string, number>> | null): void {
  try {
    if (shown === null) window.sessionStorage.removeItem(PRESENTING);
    else window.sessionStorage.setItem(PRESENTING, JSON.stringify(shown));
  } catch {
    /* a browser that keeps nothing forgets it at the consent page */
  }
}

const PRESENTED_CLASS = 'authwalk.presenting.class';

/** The class that the walk of this tab is presented to; null if to none. */
export function readPresentedClass(): string | null {
  try {
    return window.sessionStorage.getItem(PRESENTED_CLASS);
  } catch {
    return null;
  }
}

/** Keeps the class that the walk of this tab is presented to; null forgets it. */
export function writePresentedClass(id: string | null): void {
  try {
    if (id === null) window.sessionStorage.removeItem(PRESENTED_CLASS);
    else window.sessionStorage.setItem(PRESENTED_CLASS, id);
  } catch {
    /* a browser that keeps nothing presents to nobody */
  }
}

const ARRIVAL = 'authwalk.arrival';

/** What a run is waiting for, as far as the page that it comes back to needs to know. */
interface Waiting {
  readonly track: string;
  readonly navigation: { readonly step: string; readonly url: string; readonly at: number };
}

/**
 * Track and step that wait for an answer: those that sent the `state` which came back, else the one that was left
 * last; null if none waits.
 * @param href what the browser was sent to
 */
export function waitingRun(
  storage: Pick<Storage, 'getItem' | 'key' | 'length'> | null,
  href: string,
): { readonly track: string; readonly step: string } | null {
  if (!storage) return null;
  const waiting: Waiting[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (!key?.startsWith(keys.run(''))) continue;
    const state = read(storage, key) as Waiting | null;
    if (typeof state?.navigation?.url === 'string' && typeof state.track === 'string') waiting.push(state);
  }
  const stateOf = (url: string): string | null => queryOfUrl(url).get('state');
  const returned = stateOf(href);
  const latest = [...waiting].sort((a, b) => b.navigation.at - a.navigation.at)[0] ?? null;
  const asker = waiting.find((one) => returned !== null && stateOf(one.navigation.url) === returned);
  const found = asker ?? latest;
  return found && { track: found.track, step: found.navigation.step };
}

/** Keeps the address that an answer came to, until the run of its track takes it. */
export function keepArrival(storage: Pick<Storage, 'setItem'> | null, track: string, href: string): void {
  write(storage, ARRIVAL, { track, href });
}

/** The answer for a track, once; null if none has come. */
export function takeArrival(storage: KeyValueStore | null, track: string): string | null {
  const kept = read(storage, ARRIVAL) as { track?: unknown; href?: unknown } | null;
  if (kept?.track !== track || typeof kept.href !== 'string') return null;
  remove(storage, ARRIVAL);
  return kept.href;
}
