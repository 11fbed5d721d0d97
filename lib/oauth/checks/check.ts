/**
 * What a check is: a named pure function that throws one typed error, with the sentence that the
 * recorder shows to the learner. An endpoint reads as the ordered list of its checks.
 */
import { reasons } from '#lib/spec/reasons.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';
import type { Trace } from '../context.ts';
import { type Evidence, isOAuthError } from '../errors.ts';

export interface Check<Input> {
  /** Its name, and that of its file. */
  readonly name: string;
  /** What holds where it passes, in words. */
  readonly says: string;
  readonly clause: ClauseId;
  /**
   * @returns what it compared, without secrets, or nothing
   * @throws OAuthError where it does not hold
   */
  readonly test: (input: Input) => Evidence | undefined;
}

/**
 * Runs a check, and notes in the trace that it ran and how it went.
 * @throws OAuthError what the check throws
 */
export function apply<Input>(trace: Trace, check: Check<Input>, input: Input): void {
  let evidence: Evidence | undefined;
  try {
    evidence = check.test(input);
  } catch (error) {
    if (isOAuthError(error)) {
      trace.check({
        check: check.name,
        says: check.says,
        ok: false,
        clause: reasons[error.reason].clause,
        ...(error.evidence ? { evidence: error.evidence } : {}),
      });
    }
    throw error;
  }
  trace.check(
    evidence
      ? { check: check.name, says: check.says, ok: true, clause: check.clause, evidence }
      : { check: check.name, says: check.says, ok: true, clause: check.clause },
  );
}

/** Notes a step that cannot fail, or that has been carried out. */
export function note(trace: Trace, name: string, says: string, clause: ClauseId, evidence?: Evidence): void {
  trace.check({ check: name, says, ok: true, clause, ...(evidence ? { evidence } : {}) });
}
