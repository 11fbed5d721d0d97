/** What a participant of a class sends of their walk: step, state, reason, guesses. Nothing else leaves the page. */
import type { RunState } from '#lib/guide/types.ts';

export interface Place {
  readonly step: string;
  /** stuck: the same refusal twice at the step where the walk is. */
  readonly state: 'moving' | 'stuck';
  readonly reason: string | null;
  readonly guesses: Readonly<Record<string, number>>;
}

/** Guesses that are sent at most. */
const MOST = 40;

/**
 * Where a walk is.
 * @param current the step that the walk has come to; null when all are done
 */
export function placeOf(state: Pick<RunState, 'log' | 'experiments'>, current: string | null): Place {
  const step = current ?? 'done';
  const here = state.log.filter((entry) => entry.kind === 'exchange').filter((entry) => entry.step === step);
  const reasons = here
    .map((entry) => entry.checks.find((check) => !check.ok)?.reason ?? entry.exchange.reason)
    .filter((reason) => reason !== null);
  const last = here.at(-1);
  const reason = last && (last.checks.find((check) => !check.ok)?.reason ?? last.exchange.reason);
  const isStuck = reason != null && reasons.filter((one) => one === reason).length > 1;
  const guesses = Object.entries(state.experiments).flatMap(([id, { guess }]) =>
    guess === null || guess > 2 ? [] : [[id, guess] as const],
  );
  return {
    step,
    state: isStuck ? 'stuck' : 'moving',
    reason: reason ?? null,
    guesses: Object.fromEntries(guesses.slice(-MOST)),
  };
}
