/**
 * What a participant of a class sends of their walk: step, state, reason, guesses; and one refusal, masked, if they
 * choose to show it. Nothing else leaves the page.
 */
import { maskedExchange } from '#lib/exchange/masked.ts';
import type { ExchangeEntry, RunState } from '#lib/guide/types.ts';

export interface Place {
  readonly step: string;
  /** stuck: the same refusal twice at the step where the walk is. */
  readonly state: 'moving' | 'stuck';
  readonly reason: string | null;
  readonly guesses: Readonly<Record<string, number>>;
}

/** Guesses that are sent at most. */
const MOST = 40;

const reasonOf = (entry: ExchangeEntry): string | null =>
  entry.checks.find((check) => !check.ok)?.reason ?? entry.exchange.reason;

/**
 * The latest exchange of a walk that was refused so, masked; null if there is none. Values that the walk made or used
 * stand as their names.
 */
export function refusalOf(
  state: Pick<RunState, 'log'>,
  asked: { readonly step: string; readonly reason: string },
): { readonly request: string; readonly response: string } | null {
  const entries = state.log.filter((entry) => entry.kind === 'exchange');
  const found = entries.findLast((entry) => entry.step === asked.step && reasonOf(entry) === asked.reason);
  if (!found) return null;
  const values = Object.assign({}, ...entries.map(({ used, made }) => ({ ...used, ...made })), found.used, found.made);
  return maskedExchange(found.exchange, values as Record<string, string>);
}

/**
 * Where a walk is.
 * @param current the step that the walk has come to; null when all are done
 */
export function placeOf(state: Pick<RunState, 'log' | 'experiments'>, current: string | null): Place {
  const step = current ?? 'done';
  const here = state.log.filter((entry) => entry.kind === 'exchange').filter((entry) => entry.step === step);
  const reasons = here.map(reasonOf).filter((reason) => reason !== null);
  const last = here.at(-1);
  const reason = last && reasonOf(last);
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
