/** How far a level is: its terms judged on the state of a player. */
import { ledgerOf } from '#lib/guide/ledger.ts';
import type { Level } from './types.ts';
import type { LevelFacts } from './facts.ts';
import { judgeTerm, type TermView } from './judge.ts';
import { entriesOf, type LevelState, moveNumber } from './state.ts';

/** What the terms are judged on. Only what the sandbox has recorded counts as seen. */
export function factsOf(level: Pick<Level, 'track'>, state: LevelState, origin: string): LevelFacts {
  const entries = entriesOf(state).filter((entry) => entry.source === 'recorder');
  return {
    ledger: ledgerOf(level.track, state.run, origin),
    entries,
    all: state.run.log.filter((entry) => entry.kind === 'exchange'),
    at: state.clock - state.run.clockOffset,
    grants: state.grants,
    clock: state.clock,
    moveOf: (entry) => moveNumber(state, entry),
  };
}

/** Each term of the goal, judged. Before the start has run, nothing is reached. */
export function goalOf(level: Level, state: LevelState, origin: string): TermView[] {
  const facts = factsOf(level, state, origin);
  return level.goal.all.map((term) => {
    const view = judgeTerm(term, facts);
    return state.started === null ? { ...view, reached: false } : view;
  });
}

/** Whether the whole goal is reached. */
export function isReached(terms: readonly TermView[]): boolean {
  return terms.every((term) => term.reached);
}

/** Requests to the sandbox since the start: what par counts. */
export function countOf(state: LevelState): number {
  return entriesOf(state).length;
}
