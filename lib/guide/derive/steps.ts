/** Where each step stands. */
import { isCallback } from '../callback.ts';
import { errorOf } from '#lib/exchange/read.ts';
import { isAlive, type Ledger, ledgerOf, lifeOf, succeeded } from '../ledger.ts';
import type { PredicateFacts } from '../predicates/predicate.ts';
import { unfulfilled } from '../predicates/index.ts';
import { lastRun } from '../state.ts';
import type { ExchangeEntry, Facts, Predicate, Step, StepStatus, StepView, Track } from '../types.ts';

export interface StepFacts {
  readonly step: Step;
  readonly status: StepStatus;
  /** Exchanges of its latest run. */
  readonly entries: readonly ExchangeEntry[];
  /** As of the end of its latest run; as of now if it has none. */
  readonly ledger: Ledger;
  /** What is not fulfilled; null if it is done. */
  readonly lacking: Predicate | null;
  /** The exchange that went wrong, where status is failed. */
  readonly failing: ExchangeEntry | null;
  readonly staleBecause: StepView['staleBecause'];
  /** Edits that differ from what was last sent. */
  readonly edited: boolean;
  /** The page was left for it, and nobody has come back. */
  readonly away: boolean;
}

/** The exchanges of a run; without those of the steps that its track begins with. */
export function exchangesOf(facts: Pick<Facts, 'state'>): ExchangeEntry[] {
  return allExchangesOf(facts).filter((entry) => !entry.step.includes('/'));
}

/** All exchanges of a run. */
export function allExchangesOf(facts: Pick<Facts, 'state'>): ExchangeEntry[] {
  return facts.state.log.filter((entry) => entry.kind === 'exchange');
}

/** Whether an exchange ended in anything but what was hoped for. */
export function wentWrong(entry: ExchangeEntry): boolean {
  return entry.failed !== null || !succeeded(entry) || (isCallback(entry.exchange) && errorOf(entry.exchange) !== null);
}

function editedSince(facts: Facts, step: Step, entries: readonly ExchangeEntry[]): boolean {
  return step.requests.some((request) => {
    const now = facts.state.edits[step.id]?.[request.id] ?? {};
    const sent = entries.find((entry) => entry.request === request.id)?.edits;
    return sent === undefined
      ? Object.keys(now).length > 0 && entries.length > 0 && request.sends_when === null
      : JSON.stringify(now) !== JSON.stringify(sent);
  });
}

/** Values that a step's latest run made, and those that were in hand before. */
function madeBy(log: Facts['state']['log'], step: string): Map<string, string> {
  const made = new Map<string, string>();
  for (const entry of log)
    if (entry.step === step) for (const [name, value] of Object.entries(entry.made)) made.set(name, value);
  return made;
}

/** The step whose value an exchange used, as of then. */
function makerOf(log: Facts['state']['log'], before: ExchangeEntry, name: string, value: string): string | null {
  const at = log.indexOf(before);
  return log.slice(0, at).findLast((entry) => entry.made[name] === value)?.step ?? null;
}

function staleness(
  track: Track,
  facts: Facts,
  step: Step,
  entries: readonly ExchangeEntry[],
  known: ReadonlyMap<string, StepFacts>,
): StepView['staleBecause'] {
  for (const entry of entries) {
    for (const [name, value] of Object.entries(entry.used)) {
      const maker = makerOf(facts.state.log, entry, name, value);
      if (maker === null || maker === step.id) continue;
      const number = track.steps.find((candidate) => candidate.id === maker)?.number;
      // What a step of another track made is not this track's to change.
      if (number === undefined) continue;
      if (madeBy(facts.state.log, maker).get(name) !== value) return { step: maker, number, value: name };
      const root = known.get(maker)?.staleBecause;
      if (root) return root;
    }
  }
  return null;
}

/**
 * Whether what a step waits for is held, or comes from the steps that the track begins with, which run by
 * themselves.
 */
function isAtHand(track: Track, step: Step, now: Ledger): boolean {
  const { value } = step.waits_for!;
  if (now.bag[value] !== undefined) return true;
  const earlier = track.steps.slice(0, track.steps.indexOf(step));
  return track.before.length > 0 && !earlier.some((one) => one.values_made.some((made) => made.value === value));
}

/** All steps, in order. */
export function stepFacts(track: Track, facts: Facts): StepFacts[] {
  const now = ledgerOf(track, facts.state, facts.origin);
  const known = new Map<string, StepFacts>();
  for (const step of track.steps) {
    const run = lastRun(facts.state, step.id);
    const entries = exchangesOf(facts).filter((entry) => entry.step === step.id && entry.run === run);
    const last = entries.at(-1);
    const upTo = last ? facts.state.log.indexOf(last) + 1 : facts.state.log.length;
    const ledger = last ? ledgerOf(track, facts.state, facts.origin, upTo) : now;
    const judged: PredicateFacts = {
      ledger,
      entries,
      all: facts.state.log.slice(0, upTo).filter((entry) => entry.kind === 'exchange'),
      at: last ? last.at + last.exchange.duration : facts.now,
    };
    const lacking = last ? unfulfilled(step.done_when, judged) : step.done_when[0]!;
    const isRunning = facts.running?.step === step.id && facts.running.experiment === null;
    const away = facts.state.navigation?.step === step.id;
    const staleBecause = last && lacking === null ? staleness(track, facts, step, entries, known) : null;
    const isOpen = step.waits_for === null || isAtHand(track, step, now);
    const status: StepStatus =
      isRunning || away
        ? 'running'
        : last
          ? lacking !== null
            ? 'failed'
            : staleBecause
              ? 'stale'
              : 'done'
          : isOpen
            ? 'ready'
            : 'locked';
    known.set(step.id, {
      step,
      status,
      entries,
      ledger,
      lacking,
      away,
      staleBecause,
      failing: status === 'failed' ? (entries.find(wentWrong) ?? last ?? null) : null,
      edited: last !== undefined && editedSince(facts, step, entries),
    });
  }
  return [...known.values()];
}

/** Whether what a step waits for is in hand and still good; values that do not live are always good. */
export function isGood(ledger: Ledger, name: string, now: number): boolean {
  if (ledger.bag[name] === undefined) return false;
  const life = lifeOf(ledger, name);
  return life === undefined || isAlive(life, now);
}

/** The step that has to run so that `name` is in hand and good: its maker, or the maker of what that one waits for. */
export function whoGets(
  track: Track,
  ledger: Ledger,
  name: string,
  now: number,
  asked: ReadonlySet<string> = new Set(),
): Step | null {
  // A later step may make anew what the first one starts from: that is no way to get it.
  if (asked.has(name)) return null;
  const makers = track.steps.filter((step) => step.values_made.some((made) => made.value === name));
  const able = makers.find((step) => step.waits_for === null || isGood(ledger, step.waits_for.value, now));
  if (able) return able;
  const maker = makers[0];
  if (!maker?.waits_for) return maker ?? null;
  return whoGets(track, ledger, maker.waits_for.value, now, new Set([...asked, name])) ?? maker;
}
