/** What one process knows that an operator asks all processes of a start for, and all instances. */
import type { BusySandbox } from './busy.ts';
import type { MinuteCounts } from './minute.ts';

/** Requests of one endpoint, method and status. */
export interface Series {
  readonly endpoint: string;
  readonly method: string;
  readonly status: string;
  count: number;
  /** Seconds of all of them. */
  sum: number;
  /** How many fell into each span. */
  readonly buckets: number[];
}

/** One of the latest things that an operator may want to know of. */
export interface TailEvent {
  /** Rises with each. */
  readonly seq: number;
  /** Wall time, ISO 8601. */
  readonly at: string;
  readonly says: string;
  readonly sandbox: string | null;
}

/** What a process tells in short: to the processes of other instances, too. */
export interface ShortFigures {
  readonly minute: MinuteCounts;
  readonly tail: readonly TailEvent[];
  readonly streams: number;
  /** Resident bytes. */
  readonly memory: number;
  /** The sandboxes that most requests of the latest minute went to. */
  readonly busy: readonly BusySandbox[];
}

export interface Figures extends ShortFigures {
  readonly series: readonly Series[];
  /** The metrics of Node, as prom-client gives them. */
  readonly node: object;
}

/** The first process of this start does not answer, so nobody knows what all of its processes have counted. */
export class StartSilentError extends Error {
  constructor() {
    super('The first process of this start does not answer.');
    this.name = 'StartSilentError';
  }
}

/** The other processes of a start. */
export interface Colleagues {
  /**
   * Their figures; of one that does not answer they are missing.
   * @throws StartSilentError
   */
  gather(): Promise<readonly Figures[]>;
}

/** The series of several processes as one. */
export function mergeSeries(all: readonly (readonly Series[])[]): Series[] {
  const merged = new Map<string, Series>();
  for (const each of all)
    for (const one of each) {
      const key = `${one.endpoint} ${one.method} ${one.status}`;
      const present = merged.get(key);
      if (present === undefined) {
        merged.set(key, { ...one, buckets: [...one.buckets] });
        continue;
      }
      present.count += one.count;
      present.sum += one.sum;
      for (const [at, count] of one.buckets.entries()) present.buckets[at]! += count;
    }
  return [...merged.values()];
}
