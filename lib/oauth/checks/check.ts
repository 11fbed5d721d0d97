/**
 * Running checks. An endpoint reads as the ordered list of its checks: each one that ran stands in the
 * record, and `npm run mutate` takes out each one in turn.
 */
import type { ClauseId } from '#lib/spec/clauses.ts';
import { reasons } from '#lib/spec/reasons.ts';
import { isOAuthError, type OAuthError } from '../errors.ts';
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

/** Adds a refusal that no check made, such as one that a script asked for. */
export function noteFailure(
  trace: Trace,
  { evidence, ...failure }: { check: string; says: string; clause: ClauseId; evidence?: Evidence | undefined },
): void {
  trace.check({ ...failure, ok: false, ...(evidence ? { evidence } : {}) });
}

/** Writes into the trace why the request was refused, for the recorder and the learner. */
export function noteRefusal(trace: Trace, error: OAuthError): void {
  const { says, clause } = reasons[error.reason];
  // What was refused before any check could be made ends with its reason, as all others end with their check.
  if (trace.checks.at(-1)?.ok !== false)
    noteFailure(trace, { check: error.reason, says, clause, evidence: error.evidence });
  trace.set({
    reason: error.reason,
    // Without credentials there is no error code on the wire, and so none in the record.
    ...(error.reason === 'token-absent' ? {} : { error: error.code }),
    clause,
    ...(error.evidence ? { evidence: error.evidence } : {}),
  });
}
