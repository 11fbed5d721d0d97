/** What went wrong, why, and the way back. */
import { isCallback } from '../callback.ts';
import { errorDescriptionOf, errorOf } from '#lib/exchange/read.ts';
import { later } from '../later.ts';
import type { Facts, Failure, LikelyEdit, Step, Track } from '../types.ts';
import type { Ledger } from '../ledger.ts';
import { isGood, type StepFacts, whoGets } from './steps.ts';
import { PARTY_WORDS } from './words.ts';

const BROKEN: Readonly<Record<string, string>> = {
  network:
    'No answer came. The server may be out of reach, or it closed the connection; whether it did its ' +
    'part cannot be told from here.',
  timeout: 'No answer came in twenty seconds. Whether the server did its part cannot be told from here.',
  aborted: 'You gave up before the answer came.',
};

/** The step's own words for a cause; without one of its own, those for an edit that brings no error by itself. */
function likely(step: Step, reason: string | null, isEdited: boolean): LikelyEdit | null {
  return (
    step.if_it_fails.find((edit) => reason !== null && edit.reason === reason) ??
    (isEdited ? step.if_it_fails.find((edit) => edit.reason === null) : undefined) ??
    null
  );
}

function editedNames(step: Step, facts: Facts): string[] {
  return step.requests.flatMap((request) =>
    Object.keys(facts.state.edits[step.id]?.[request.id] ?? {}).map((key) => key.slice(key.indexOf(':') + 1)),
  );
}

function wayBack(
  track: Track,
  of: StepFacts,
  edited: readonly string[],
  facts: Facts,
  now: Ledger,
): Failure['wayBack'] {
  const { step } = of;
  if (facts.state.lost) return { kind: 'new-sandbox', step: track.steps[0]!.id, label: 'Begin again in a new sandbox' };
  const wanted = step.waits_for?.value;
  if (wanted !== undefined && !isGood(now, wanted, facts.now)) {
    const getter = whoGets(track, now, wanted, facts.now);
    if (getter && getter.id !== step.id)
      return { kind: 'restart', step: getter.id, label: `Begin again at step ${getter.number}` };
  }
  if (edited.length > 0)
    return {
      kind: 'restore',
      step: step.id,
      label:
        edited.length === 1
          ? `Restore ${edited[0]!.replace(/^\//, '').replace(/\/\d+$/, '')}`
          : 'Restore what you changed',
    };
  return { kind: 'again', step: step.id, label: 'Try again' };
}

/** The explanation of a step that failed; null if it did not. */
export function failureOf(track: Track, of: StepFacts, facts: Facts, now: Ledger): Failure | null {
  const entry = of.failing;
  if (of.status !== 'failed' || !entry) return null;
  const { exchange } = entry;
  const edited = editedNames(of.step, facts);
  const way = wayBack(track, of, edited, facts, now);
  const check = entry.checks.find((candidate) => !candidate.ok);
  const status = isCallback(exchange) ? null : (exchange.response?.status ?? null);
  const common = { step: of.step.id, request: entry.request, edited, wayBack: way };
  if (entry.failed)
    return {
      ...common,
      status: null,
      error: null,
      reason: null,
      says: BROKEN[entry.failed]!,
      clause: null,
      explain: null,
      evidence: null,
    };
  const reason = check ? check.reason : exchange.reason;
  const known = reason === null ? undefined : later()?.reason(reason);
  const says =
    known?.says ??
    errorDescriptionOf(exchange) ??
    ((status ?? 0) < 400
      ? `${of.lacking?.says ?? 'The step is not done.'} That is not so yet.`
      : `${PARTY_WORDS[exchange.to].replace(/^t/, 'T')} answered ${status}.`);
  return {
    ...common,
    status,
    error: check ? null : errorOf(exchange),
    reason,
    says,
    clause: (known && track.clauses[known.clause]) ?? null,
    explain: likely(of.step, reason, edited.length > 0)?.explain ?? null,
    evidence: (check ? check.evidence : exchange.evidence) ?? null,
  };
}
