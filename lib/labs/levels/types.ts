/** What a level is, after the loader has read and checked it. Plain JSON: a page gets it whole. */
import type { ClauseRef, Party, Term, Track } from '#lib/guide/types.ts';

/** One term of the goal: what the server must have seen, and its words for Fig. 1. */
export interface GoalTerm extends Term {
  readonly says: string;
}

/** What a player can do. Most moves are one request. */
export interface LevelMove {
  readonly id: string;
  readonly title: string;
  readonly from: Party;
  readonly to: Party;
  /** The step of the level's track that has the request; null for the clock. */
  readonly step: string | null;
  readonly request: string | null;
  /** The value that it needs, and the words for that. */
  readonly waits: { readonly value: string; readonly says: string } | null;
  /** Parameters that are shown at once, by name; empty: all of them. */
  readonly shows: readonly string[];
}

/** One move as it was made, or as the solution has it: enough to make it again in another sandbox. */
export interface Played {
  readonly move: string;
  /** Texts that were typed, by the name of the parameter. */
  readonly set: Readonly<Record<string, string>>;
  /** Parameters that were left out. */
  readonly without: readonly string[];
  /** How far the clock goes, s. Only for the move `advance`. */
  readonly seconds: number | null;
}

export interface SolutionMove extends Played {
  readonly says: string;
}

export interface Level {
  readonly id: string;
  /** Its place among the levels; 0 for a level of one's own. */
  readonly number: number;
  readonly title: string;
  readonly goal: { readonly says: string; readonly all: readonly GoalTerm[] };
  /** What has run when the level starts, in a sentence. */
  readonly begins: string;
  /** The same, as long as the start has not run. */
  readonly willBegin: string;
  /** Knobs of its sandbox. */
  readonly knobs: Readonly<Record<string, unknown>>;
  readonly moves: readonly LevelMove[];
  /** What else is refused, by name. */
  readonly forbidden: readonly string[];
  readonly par: number;
  readonly hint: string;
  readonly solution: readonly SolutionMove[];
  readonly teaches: string;
  readonly clauses: readonly ClauseRef[];
  /** Its start (`before`) and its moves (`steps`), for the walker. */
  readonly track: Track;
}

/** A line of the list of levels. */
export interface LevelSummary {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly says: string;
  readonly teaches: string;
  readonly par: number;
}
