/**
 * A note of how far a run is, small enough for pages that load neither the track nor the run.
 */
import type { TrackSummary, WalkView } from './types.ts';

const digestKey = (track: string): string => `authwalk.progress.${track}`;

/** A note of how far the run is, small enough for pages that do not load the track. */
export interface ProgressNote {
  readonly done: number;
  readonly total: number;
  readonly next: string;
}

/** Keeps the note; the walk calls this with each change. */
export function noteProgress(
  storage: Pick<Storage, 'setItem'>,
  track: string,
  view: Pick<WalkView, 'done' | 'total' | 'current'>,
): void {
  try {
    storage.setItem(
      digestKey(track),
      JSON.stringify({ done: view.done, total: view.total, next: view.current ?? 'done' } satisfies ProgressNote),
    );
  } catch {
    /* a full storage costs the index its note */
  }
}

/** Reads the note; null where the track was not begun. */
export function readProgress(storage: Pick<Storage, 'getItem'>, track: Pick<TrackSummary, 'id'>): ProgressNote | null {
  try {
    const value = JSON.parse(storage.getItem(digestKey(track.id)) ?? 'null') as ProgressNote | null;
    return value && typeof value.done === 'number' && value.done > 0 ? value : null;
  } catch {
    return null;
  }
}
