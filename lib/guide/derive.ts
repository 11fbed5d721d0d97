/**
 * From facts to everything shown: one pure function. What the page draws is decided here and
 * nowhere else, from exchanges, holdings, the clock and what is under way; never from a click count.
 */
import { actionOf } from './derive/action.ts';
import { codeLifeOf } from './derive/code-life.ts';
import { experimentsOf } from './derive/experiments.ts';
import { failureOf } from './derive/failure.ts';
import { holdingsOf } from './derive/holdings.ts';
import { stepView } from './derive/lines.ts';
import { exchangeBefore, exchangeView, requestsOf } from './derive/requests.ts';
import { stepFacts } from './derive/steps.ts';
import { wireOf } from './derive/wire.ts';
import { ledgerOf } from './ledger.ts';
import { emptyState, standing } from './state.ts';
import type { Facts, RunState, StepStatus, Track, WalkView } from './types.ts';

/**
 * Works out what is shown.
 * @param offered ids of experiments that can be run here; null: not known yet, all are shown
 */
export function derive(track: Track, told: Facts, offered: readonly string[] | null = null): WalkView {
  const facts = { ...told, now: standing(told.state, told.now) };
  const now = ledgerOf(track, facts.state, facts.origin);
  const steps = stepFacts(track, facts);
  const current = steps.find((step) => step.status !== 'done')?.step.id ?? null;
  const viewed =
    steps.find((step) => step.step.id === facts.viewing) ??
    steps.find((step) => step.step.id === current) ??
    steps.at(-1)!;
  const done = steps.filter((step) => step.status === 'done').length;
  return {
    steps: steps.map((step) => stepView(step, facts, now, current)),
    current,
    done,
    total: steps.length,
    finished: current === null,
    step: viewed.step,
    status: viewed.status,
    requests: requestsOf(track, viewed, facts, now),
    exchanges: viewed.away ? [] : viewed.entries.map((entry) => exchangeView(track, viewed, entry, facts)),
    before: exchangeBefore(track, steps, viewed, facts),
    action: actionOf(track, steps, viewed, facts, now),
    failure: failureOf(track, viewed, facts, now),
    experiments: experimentsOf(track, viewed.step, facts, offered),
    holdings: holdingsOf(track, facts, now),
    codeLife: codeLifeOf(track, facts, now),
    wire: wireOf(track, steps, current, facts, now),
    bag: now.bag,
  };
}

/** The facts before anything has happened, for the first render on the server. */
export function emptyFacts(track: Track, origin: string, viewing: string | null): Facts {
  return { state: emptyState(track.id), running: null, now: 0, viewing, origin };
}

/** How far a run is, for `/guide` and the landing page. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly finished: boolean;
  readonly begun: boolean;
  /** Where to go on; the first step if nothing has happened. */
  readonly next: { readonly id: string; readonly number: number; readonly title: string };
  readonly statuses: readonly StepStatus[];
}

/**
 * How far a run is.
 * @param now wall time, ms
 */
export function progress(track: Track, state: RunState, now: number, origin: string): Progress {
  const steps = stepFacts(track, { state, running: null, now, viewing: null, origin });
  const next = steps.find((step) => step.status !== 'done') ?? steps.at(-1)!;
  return {
    done: steps.filter((step) => step.status === 'done').length,
    total: steps.length,
    finished: steps.every((step) => step.status === 'done'),
    begun: state.log.some((entry) => entry.kind === 'exchange'),
    next: { id: next.step.id, number: next.step.number, title: next.step.title },
    statuses: steps.map((step) => step.status),
  };
}
