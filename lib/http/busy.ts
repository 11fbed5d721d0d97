/** Which sandboxes the requests of the latest minute went to, so that one that takes too much is found. */
import { elapsed } from '#lib/spec/timers.ts';

/** Requests of one sandbox in the latest minute. */
export interface BusySandbox {
  readonly id: string;
  readonly requests: number;
  /** Where all of them came from; null: from several addresses. */
  readonly address: string | null;
}

/** The minute is kept in parts of so many ms. */
const PART = 10_000;
const PARTS = 6;
/** Sandboxes that are counted in a part, and that are told: the busiest of a start are among those of its processes. */
const COUNTED = 5_000;
const TOLD = 10;

interface Count {
  requests: number;
  address: string | null;
}

export function createBusy() {
  const parts = Array.from({ length: PARTS }, () => ({ part: -1, counts: new Map<string, Count>() }));
  const present = (): number => Math.floor(elapsed() / PART);
  return {
    /** Counts a request. @param address of who sent it */
    note(id: string, address: string): void {
      const now = present();
      const slot = parts[now % PARTS]!;
      if (slot.part !== now) {
        slot.part = now;
        slot.counts.clear();
      }
      const count = slot.counts.get(id);
      if (count !== undefined) {
        count.requests += 1;
        if (count.address !== address) count.address = null;
      } else if (slot.counts.size < COUNTED) slot.counts.set(id, { requests: 1, address });
    },
    /** The busiest of this process, the busiest first. */
    own(): readonly BusySandbox[] {
      const from = present() - PARTS;
      return busiest(
        parts
          .filter(({ part }) => part > from)
          .flatMap(({ counts }) => [...counts].map(([id, { requests, address }]) => ({ id, requests, address }))),
      );
    },
  };
}

/** Counts of several parts or processes as one: the busiest of them, the busiest first. */
export function busiest(all: readonly BusySandbox[]): readonly BusySandbox[] {
  const sums = new Map<string, Count>();
  for (const { id, requests, address } of all) {
    const sum = sums.get(id);
    if (sum === undefined) sums.set(id, { requests, address });
    else {
      sum.requests += requests;
      if (sum.address !== address) sum.address = null;
    }
  }
  return [...sums]
    .map(([id, sum]) => ({ id, ...sum }))
    .sort((a, b) => b.requests - a.requests)
    .slice(0, TOLD);
}
