import { reasons } from '#lib/spec/reasons.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';
import type { Trace } from '../context.ts';
import { isOAuthError } from '../errors.ts';

/** Computes something that may be refused, and notes in the trace how it went. */
export function traced<Value>(
  trace: Trace,
  step: { readonly name: string; readonly says: string; readonly clause: ClauseId },
  compute: () => Value,
): Value {
  try {
    const value = compute();
    trace.check({ check: step.name, says: step.says, ok: true, clause: step.clause });
    return value;
  } catch (error) {
    if (isOAuthError(error))
      trace.check({
        check: step.name,
        says: step.says,
        ok: false,
        clause: reasons[error.reason].clause,
        ...(error.evidence ? { evidence: error.evidence } : {}),
      });
    throw error;
  }
}
