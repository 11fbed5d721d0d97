/**
 * Everything that the browser keeps (localStorage), in one place: keys, shapes and limits. What is read may come
 * from another version or from a person's own hand, and a full or forbidden storage costs memory only: nothing here
 * throws.
 */
import type { SandboxRef } from '#lib/client/sandboxes.ts';
import { type KeyStore, memoryKeys } from './proofs.ts';

/** localStorage, or what stands for it in a test. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const keys = {
  sandboxes: 'authwalk.sandboxes',
  run: (track: string) => `authwalk.run.${track}`,
  progress: (track: string) => `authwalk.progress.${track}`,
  follow: (track: string) => `authwalk.follow.${track}`,
  plan: (id: string) => `authwalk.plan.${id}`,
  planReports: 'authwalk.plan-reports',
  scenarioRuns: 'authwalk.scenario-runs',
  lab: (lab: string) => `authwalk.lab.${lab}`,
  level: (id: string) => `authwalk.level.${id}`,
  levels: 'authwalk.levels',
} as const;

/** The browser's own storage; null on the server, or if the browser forbids it. */
export function browserStorage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.localStorage;
  } catch {
    return null;
  }
}

/** Storage of this tab alone; null on the server, or if the browser forbids it. */
export function tabStorage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.sessionStorage;
  } catch {
    return null;
  }
}

function read(storage: Pick<Storage, 'getItem'> | null, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @returns whether it was kept */
function write(storage: Pick<Storage, 'setItem'> | null, key: string, value: unknown): boolean {
  try {
    storage?.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function remove(storage: Pick<Storage, 'removeItem'> | null, key: string): void {
  try {
    storage?.removeItem(key);
  } catch {
    /* nothing was kept */
  }
}

/** A sandbox whose control token this browser has. */
export interface KeptSandbox {
  readonly id: string;
  readonly token: string;
  /** Wall time of keeping, ms. */
  readonly at: number;
}

const MOST_SANDBOXES = 30;

function isKeptSandbox(value: unknown): value is KeptSandbox {
  const one = value as KeptSandbox | null;
  return typeof one?.id === 'string' && typeof one.token === 'string' && typeof one.at === 'number';
}

/** The sandboxes that this browser made, or was shown the control token of; newest first. */
export function readKept(storage: Pick<Storage, 'getItem'> | null): KeptSandbox[] {
  const list = read(storage, keys.sandboxes);
  return Array.isArray(list) ? list.filter(isKeptSandbox) : [];
}

/** Keeps a sandbox as the newest. */
export function keep(storage: KeyValueStore | null, sandbox: KeptSandbox): void {
  const others = readKept(storage).filter((one) => one.id !== sandbox.id);
  write(storage, keys.sandboxes, [sandbox, ...others].slice(0, MOST_SANDBOXES));
}

/** Forgets a sandbox; the sandbox itself stays. */
export function forget(storage: KeyValueStore | null, id: string): void {
  write(
    storage,
    keys.sandboxes,
    readKept(storage).filter((one) => one.id !== id),
  );
}

/** The sandboxes of this browser's guided walks. */
export function readWalked(storage: Pick<Storage, 'getItem' | 'key' | 'length'>): KeptSandbox[] {
  const found: KeptSandbox[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (!key?.startsWith(keys.run(''))) continue;
    const state = read(storage, key) as { sandbox?: { id?: unknown; control_token?: unknown } | null } | null;
    if (typeof state?.sandbox?.id === 'string' && typeof state.sandbox.control_token === 'string')
      found.push({ id: state.sandbox.id, token: state.sandbox.control_token, at: 0 });
  }
  return found;
}

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
  const stateOf = (url: string): string | null => /[?&]state=([^&#]*)/.exec(url)?.[1] ?? null;
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

/** Keys that stay over reloads, in IndexedDB; it takes key pairs as they are, so none has to be readable. */
export function browserKeys(): KeyStore {
  if (typeof indexedDB === 'undefined') return memoryKeys();
  const memory = memoryKeys();
  const open = (): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open('authwalk', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('keys');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open();
    try {
      const request = work(database.transaction('keys', mode).objectStore('keys'));
      return await new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } finally {
      database.close();
    }
  };
  return {
    async get(jkt) {
      const held = await memory.get(jkt);
      if (held) return held;
      return run<CryptoKeyPair | undefined>('readonly', (store) => store.get(jkt)).then(
        (pair) => pair ?? null,
        () => null,
      );
    },
    async set(jkt, pair) {
      await memory.set(jkt, pair);
      await run('readwrite', (store) => store.put(pair, jkt)).catch(() => undefined);
    },
  };
}

/** The control token of a plan; null if this browser does not have it. */
export function readPlanToken(storage: Pick<Storage, 'getItem'> | null, id: string): string | null {
  const token = read(storage, keys.plan(id));
  return typeof token === 'string' ? token : null;
}

/** Keeps the control token of a plan. */
export function keepPlanToken(storage: Pick<Storage, 'setItem'> | null, id: string, token: string): void {
  write(storage, keys.plan(id), token);
}

/** Reports of plans that were looked at, newest first: what the next run is compared with. */
export function readPlanReports(storage: Pick<Storage, 'getItem'> | null): readonly unknown[] {
  const list = read(storage, keys.planReports);
  return Array.isArray(list) ? list : [];
}

/** As many as are kept: a summary of all scenarios is about 250 kB. Fewer are if the storage is full. */
const MOST_PLAN_REPORTS = [8, 4, 2, 1];

/** Keeps the report of a plan, in place of an earlier one of the same plan. */
export function keepPlanReport(storage: KeyValueStore | null, report: { readonly plan: string }): void {
  const others = readPlanReports(storage).filter((one) => (one as { plan?: unknown } | null)?.plan !== report.plan);
  MOST_PLAN_REPORTS.some((most) => write(storage, keys.planReports, [report, ...others].slice(0, most)));
}

/** The reader's last run of a scenario, as much as its page shows. `public/pages.js` reads it. */
export interface ScenarioRun {
  readonly scenario: string;
  /** Path of the page that it was run from: `/sandbox/…` or `/plans/…`. */
  readonly page: string;
  readonly client: string;
  /** ISO time. */
  readonly at: string;
  /** Rules that the scenario is about, and others that were found broken. */
  readonly verdicts: readonly (readonly [title: string, mark: 'pass' | 'fail' | 'warn' | 'unseen'])[];
}

/** As many scenarios as are remembered: a run is about 500 bytes, and there are 123. */
const MOST_SCENARIO_RUNS = 150;

/** Keeps a run as the last one of its scenario. */
export function keepScenarioRun(storage: KeyValueStore | null, run: ScenarioRun): void {
  const list = read(storage, keys.scenarioRuns);
  const others = Array.isArray(list) ? list.filter((one: ScenarioRun | null) => one?.scenario !== run.scenario) : [];
  write(storage, keys.scenarioRuns, [run, ...others].slice(0, MOST_SCENARIO_RUNS));
}

/** The level in play, as it was kept; null if there is none. The room of the levels reads it. */
export function readLevel(storage: Pick<Storage, 'getItem'> | null, id: string): unknown {
  return read(storage, keys.level(id));
}

/** Keeps a level in play. */
export function writeLevel(storage: Pick<Storage, 'setItem'> | null, id: string, state: object): void {
  write(storage, keys.level(id), state);
}

/** How a level ended: solved in so many requests, or seen, if its solution was typed in. */
export interface LevelResult {
  /** Requests of the shortest way so far; null: the level was only seen. */
  readonly requests: number | null;
}

/** The text of how the levels ended, to notice a change by; null if none has. */
export function levelsText(storage: Pick<Storage, 'getItem'> | null): string | null {
  try {
    return storage?.getItem(keys.levels) ?? null;
  } catch {
    return null;
  }
}

/** How the levels ended, by id. */
export function parseLevels(text: string | null): Readonly<Record<string, LevelResult>> {
  const all = read({ getItem: () => text }, '') as Record<string, LevelResult> | null;
  if (typeof all !== 'object' || all === null) return {};
  return Object.fromEntries(
    Object.entries(all).flatMap(([id, one]) => {
      const requests = one?.requests ?? null;
      return requests === null || typeof requests === 'number' ? [[id, { requests }]] : [];
    }),
  );
}

/** Notes how a level ended. The shortest way is kept, and what was solved is never only seen again. */
export function noteLevel(storage: KeyValueStore | null, id: string, result: LevelResult): void {
  const all = parseLevels(levelsText(storage));
  const before = all[id]?.requests ?? null;
  const requests =
    before === null || result.requests === null ? (before ?? result.requests) : Math.min(before, result.requests);
  write(storage, keys.levels, { ...all, [id]: { requests } });
}

/** How the attack of a lab ended, by position of its defence. */
export interface LabSeen {
  readonly off?: 'damage' | 'met';
  readonly on?: 'damage' | 'met';
}

/** The text of what was seen of a lab, to notice a change by; null if it was not run. */
export function labText(storage: Pick<Storage, 'getItem'> | null, lab: string): string | null {
  try {
    return storage?.getItem(keys.lab(lab)) ?? null;
  } catch {
    return null;
  }
}

/** What such a text says. */
export function parseLabSeen(text: string | null): LabSeen {
  const seen = read({ getItem: () => text }, '') as LabSeen | null;
  return typeof seen === 'object' && seen !== null ? seen : {};
}

/** Keeps what was seen of a lab. */
export function keepLabSeen(storage: Pick<Storage, 'setItem'> | null, lab: string, seen: LabSeen): void {
  write(storage, keys.lab(lab), seen);
}

/** The runs of a lab in this tab, and its sandbox; null if there are none. */
export function readLabRuns(storage: Pick<Storage, 'getItem'> | null, lab: string): unknown {
  return read(storage, keys.lab(lab));
}

/** Keeps the runs of a lab in this tab. */
export function keepLabRuns(storage: Pick<Storage, 'setItem'> | null, lab: string, runs: object): void {
  write(storage, keys.lab(lab), runs);
}

/** A class that this browser takes part in. */
export interface Membership {
  readonly id: string;
  /** The participant's token. */
  readonly token: string;
  readonly track: string;
}

const CLASS = 'authwalk.class';

/** The class that this browser takes part in; null if it is in none. */
export function readMembership(storage: Pick<Storage, 'getItem'> | null): Membership | null {
  const kept = read(storage, CLASS) as Membership | null;
  const isOurs = [kept?.id, kept?.token, kept?.track].every((text) => typeof text === 'string');
  return isOurs ? kept : null;
}

/** Keeps the class that this browser takes part in; null forgets it. */
export function writeMembership(storage: KeyValueStore | null, membership: Membership | null): void {
  if (membership === null) remove(storage, CLASS);
  else write(storage, CLASS, membership);
}

/** The token of a wall; null if this browser does not have it. */
export function readWallToken(storage: Pick<Storage, 'getItem'> | null, id: string): string | null {
  const token = read(storage, `authwalk.wall.${id}`);
  return typeof token === 'string' ? token : null;
}

/** Keeps the token of a wall. */
export function keepWallToken(storage: Pick<Storage, 'setItem'> | null, id: string, token: string): void {
  write(storage, `authwalk.wall.${id}`, token);
}
