/** A run as moments that can be gone through again. */
import type { RunState, Track } from './types.ts';

/** One exchange of a run. */
export interface Moment {
  /** Of its entry. */
  readonly key: string;
  readonly step: string;
  readonly title: string;
  /** Wall time, ms. */
  readonly at: number;
  /** How many entries of the log there are up to and with it. */
  readonly upTo: number;
}

/** The exchanges of the track's own steps, in the order in which they happened. */
export function momentsOf(track: Track, state: RunState): readonly Moment[] {
  return state.log.flatMap((entry, index): Moment[] => {
    const step = track.steps.find((one) => one.id === entry.step);
    if (entry.kind !== 'exchange' || !step) return [];
    const title = step.requests.find((request) => request.id === entry.request)?.title ?? step.title;
    const at = entry.at + Math.max(0, entry.exchange.duration);
    return [{ key: entry.key, step: step.id, title, at, upTo: index + 1 }];
  });
}

/** The state as it was just after a moment; without one, as it was before the first. */
export function stateAt(state: RunState, moment: Moment | undefined): RunState {
  return { ...state, log: state.log.slice(0, moment?.upTo ?? 0), navigation: null, edits: {}, lost: false };
}
