/** Levels and labs, and the class that they are played in. */
import { read, keys, write, type KeyValueStore, remove } from './store.ts';

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
