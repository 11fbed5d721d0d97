/** The latest minute at a glance: for a person, who does not want to ask Prometheus. */
import { elapsed } from '#lib/spec/timers.ts';

export interface Glance {
  readonly requests_a_minute: number;
  /** Upper bound of the span that the 99th percentile lies in, ms; null if nothing was asked. */
  readonly p99_ms: number | null;
}

/** What was counted and is not in the history yet. */
export interface Unsaved {
  readonly requests: number;
  /** Refused by limits. */
  readonly refused: number;
}

/** What one process has counted. */
export interface MinuteCounts {
  /** Requests of the latest minute by the span that their time fell in. */
  readonly counts: readonly number[];
  readonly unsaved: Unsaved;
}

const SECONDS = 60;

/** @param bounds upper bounds of the spans that times are counted in, seconds */
export function createMinute(bounds: readonly number[]) {
  const empty = (): number[] => Array.from({ length: bounds.length + 1 }, () => 0);
  const slots = Array.from({ length: SECONDS }, () => ({ second: -1, counts: empty() }));
  const unsaved = { requests: 0, refused: 0 };
  const second = (): number => Math.floor(elapsed() / 1000);
  return {
    /** Counts an answered request. @param seconds that it took @param refused by a limit */
    note(seconds: number, refused: boolean): void {
      const now = second();
      const slot = slots[now % SECONDS]!;
      if (slot.second !== now) {
        slot.second = now;
        slot.counts.fill(0);
      }
      const at = bounds.findIndex((bound) => seconds <= bound);
      slot.counts[at < 0 ? bounds.length : at]! += 1;
      unsaved.requests += 1;
      if (refused) unsaved.refused += 1;
    },
    counts(): MinuteCounts {
      const from = second() - SECONDS;
      const counts = empty();
      for (const { second: of, counts: each } of slots)
        if (of > from) for (const [at, count] of each.entries()) counts[at]! += count;
      return { counts, unsaved: { ...unsaved } };
    },
    /** Hands over what is not in the history yet. */
    take(): Unsaved {
      const taken = { ...unsaved };
      Object.assign(unsaved, { requests: 0, refused: 0 });
      return taken;
    },
    /** Takes back what could not be saved. */
    giveBack({ requests, refused }: Unsaved): void {
      unsaved.requests += requests;
      unsaved.refused += refused;
    },
    /** What several processes have counted, as one. */
    glance(of: readonly MinuteCounts[]): Glance {
      const counts = empty();
      for (const each of of) for (const [at, count] of each.counts.entries()) counts[at]! += count;
      const all = counts.reduce((sum, count) => sum + count, 0);
      let seen = 0;
      let at = 0;
      for (; at < counts.length - 1; at += 1) {
        seen += counts[at]!;
        if (seen >= all * 0.99) break;
      }
      return {
        requests_a_minute: all,
        p99_ms: all === 0 ? null : 1000 * (bounds[at] ?? bounds.at(-1)!),
      };
    },
  };
}
