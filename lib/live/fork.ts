/** Where the requests of two runs part. Pure. */
import type { PathRow } from '#lib/coach/path.ts';

export type { PathRow };

export interface Fork {
  /** Exchanges that are the same in both runs. */
  readonly same: number;
  /** The last of them; null if the first exchange differs. */
  readonly last: PathRow | null;
  /** The first that differs, in each run; null if that run ends here. */
  readonly before: PathRow | null;
  readonly now: PathRow | null;
  /** Names of parameters that only one of the two requests has. */
  readonly onlyBefore: readonly string[];
  readonly onlyNow: readonly string[];
}

/** @returns null if both runs did the same */
export function forkOf(before: readonly PathRow[], now: readonly PathRow[]): Fork | null {
  let same = 0;
  while (same < before.length && same < now.length && isSame(before[same] as PathRow, now[same] as PathRow)) same += 1;
  const [one, other] = [before[same] ?? null, now[same] ?? null];
  if (one === null && other === null) return null;
  // Parameters tell something only of the same request.
  const comparable = one !== null && other !== null && one[2] === other[2];
  const [mine, others] = comparable ? [namesOf(other), namesOf(one)] : [[], []];
  return {
    same,
    last: now[same - 1] ?? null,
    before: one,
    now: other,
    onlyBefore: others.filter((name) => !mine.includes(name)),
    onlyNow: mine.filter((name) => !others.includes(name)),
  };
}

const isSame = (one: PathRow, other: PathRow): boolean => one.every((part, index) => part === other[index]);
const namesOf = (row: PathRow): readonly string[] => row[4].split(' ').filter(Boolean);

/**
 * The scenario that shows best where two runs part, with the place.
 * @param preferred scenarios that an opened rule was seen in; the others are looked at if none of these forks
 * @returns null if the runs have no scenario in common in which they differ
 */
export function firstFork(
  before: Readonly<Record<string, readonly PathRow[]>>,
  now: Readonly<Record<string, readonly PathRow[]>>,
  preferred: Iterable<string>,
): { readonly scenario: string; readonly fork: Fork } | null {
  for (const scenario of new Set([...preferred, ...Object.keys(now)])) {
    const [one, other] = [before[scenario], now[scenario]];
    const fork = one && other ? forkOf(one, other) : null;
    if (fork) return { scenario, fork };
  }
  return null;
}
