/** The state of a level in play: plain data, kept in the browser's storage. */
import { emptyState } from '#lib/guide/state.ts';
import type { ExchangeEntry, RunState } from '#lib/guide/types.ts';
import type { GrantFacts } from './facts.ts';
import type { Played } from './types.ts';

/** A move that was made. */
export interface MadeMove {
  readonly played: Played;
  /** How long the log is after it. */
  readonly end: number;
}

export interface LevelState {
  readonly version: 1;
  readonly level: string;
  readonly run: RunState;
  /** How long the log was when the start had run; null: it has not. */
  readonly started: number | null;
  readonly moves: readonly MadeMove[];
  /** The move that was taken back last, and its exchange. */
  readonly undone: { readonly played: Played; readonly entry: ExchangeEntry | null } | null;
  readonly grants: readonly GrantFacts[];
  /** The sandbox's clock after the latest move, ms. */
  readonly clock: number;
  readonly hint: boolean;
  /** Whether the solution was typed in: the level then counts as seen. */
  readonly typed: boolean;
}

/** Nothing has happened yet. */
export function emptyLevel(level: string): LevelState {
  return {
    version: 1,
    level,
    run: emptyState(`level.${level}`),
    started: null,
    moves: [],
    undone: null,
    grants: [],
    clock: 0,
    hint: false,
    typed: false,
  };
}

/** Reads what was kept; null if it is none of ours. */
export function readLevelState(value: unknown, level: string): LevelState | null {
  const state = value as LevelState | null;
  const isOurs = state?.version === 1 && state.level === level && Array.isArray(state.moves);
  return isOurs && Array.isArray(state.run?.log) ? state : null;
}

/** The exchanges since the start, with the sandbox: those that count. */
export function entriesOf(state: LevelState): ExchangeEntry[] {
  if (state.started === null) return [];
  return state.run.log
    .slice(state.started)
    .filter((entry) => entry.kind === 'exchange')
    .filter((entry) => entry.exchange.to !== 'client');
}

/** The move that sent an exchange, from 1. */
export function moveNumber(state: LevelState, entry: ExchangeEntry): number {
  const at = state.run.log.findIndex((other) => other.key === entry.key);
  return state.moves.findIndex((move) => at < move.end) + 1 || state.moves.length;
}
