/**
 * Running checks. An endpoint reads as the ordered list of its checks: each one that ran stands in the
 * record, and `npm run mutate` takes out each one in turn.
 */
import type { ClauseId } from '#lib/spec/clauses.ts';
import { reasons } from '#lib/spec/reasons.ts';
import { isOAuthError } from '../errors.ts';
import type { AsyncCheck, Check, Evidence, Trace } from './types.ts';

export type { AsyncCheck, Check } from './types.ts';

/**
 * Runs a check, and adds to the trace that it ran and how it went.
 * @throws OAuthError what the check throws
 */
export function check<Input>(trace: Trace, one: Check<Input>, input: Input): void {
  let evidence: Evidence | undefined;
  try {
    evidence = one.test(input);
  } catch (error) {
    failed(trace, one, input, error);
    throw error;
  }
  passed(trace, one, input, evidence);
}

/**
 * Runs a check that has to wait for something.
 * @throws OAuthError what the check throws
 */
export async function checkAsync<Input>(trace: Trace, one: AsyncCheck<Input>, input: Input): Promise<void> {
  let evidence: Evidence | undefined;
  try {
    evidence = await one.test(input);
  } catch (error) {
    failed(trace, one, input, error);
    throw error;
  }
  passed(trace, one, input, evidence);
}

type AnyCheck<Input> = Check<Input> | AsyncCheck<Input>;

function wordsOf<Input>({ says }: AnyCheck<Input>, input: Input): string {
  return typeof says === 'string' ? says : says(input);
}

function passed<Input>(trace: Trace, one: AnyCheck<Input>, input: Input, evidence: Evidence | undefined): void {
  const entry = { check: one.name, says: wordsOf(one, input), ok: true, clause: one.clause };
  trace.check(evidence ? { ...entry, evidence } : entry);
}

/** A failed check names the clause of the reason that it refuses for. */
function failed<Input>(trace: Trace, one: AnyCheck<Input>, input: Input, error: unknown): void {
  if (!isOAuthError(error)) return;
  const entry = { check: one.name, says: wordsOf(one, input), ok: false, clause: reasons[error.reason].clause };
  trace.check(error.evidence ? { ...entry, evidence: error.evidence } : entry);
}

/** Adds a step that cannot fail, or that has been carried out. */
export function note(trace: Trace, name: string, says: string, clause: ClauseId, evidence?: Evidence): void {
  trace.check({ check: name, says, ok: true, clause, ...(evidence ? { evidence } : {}) });
}
