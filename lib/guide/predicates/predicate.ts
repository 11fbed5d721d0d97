/** What a term of `done_when` is judged on. Each predicate is one file of this folder; `index.ts` lists them. */
import type { Ledger } from '../ledger.ts';
import type { ExchangeEntry } from '../types.ts';

export interface PredicateFacts {
  /** As of the end of the step's latest run. */
  readonly ledger: Ledger;
  /** Exchanges of the step's latest run, in order. */
  readonly entries: readonly ExchangeEntry[];
  /** Everything up to then; for what the server records. */
  readonly all: readonly ExchangeEntry[];
  /** Wall ms at which it is judged. */
  readonly at: number;
}

/** What `that` can ask of a value in hand. */
export interface That {
  readonly that: string;
  readonly holds: (wanted: unknown, name: string, facts: PredicateFacts) => boolean;
}

/** What `seen` can ask of an exchange. */
export interface Seen {
  readonly seen: string;
  readonly holds: (wanted: unknown, entry: ExchangeEntry, facts: PredicateFacts) => boolean;
}

/** A kind of record that the server is known to keep, from what it answered. */
export interface Records {
  readonly server: string;
  readonly count: (where: Readonly<Record<string, string>>, facts: PredicateFacts) => number;
}

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Whether a count is within bounds; without bounds it has to be 1 or more. */
export function within(count: number, bounds: Bounds = { min: 1 }): boolean {
  return count >= (bounds.min ?? 0) && count <= (bounds.max ?? Number.POSITIVE_INFINITY);
}

/** The text of a value in hand; empty if it is not held. */
export function textOf(name: string, facts: PredicateFacts): string {
  return facts.ledger.bag[name]?.value ?? '';
}

/** One thing or a list of things, as a list of texts. */
export function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
