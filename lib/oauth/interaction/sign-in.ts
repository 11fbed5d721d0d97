/** A sign-in on a page that did not succeed: the form is shown again. */
import { check } from '../checks/check.ts';
import { type SignInOutcome, signInChecked } from '../checks/sign-in.ts';
import type { Trace } from '../context.ts';
import { isOAuthError } from '../errors.ts';

/** Adds the failed check to the record. The page tells the user; nothing is told to the client. */
export function noteFailedSignIn(trace: Trace, outcome: SignInOutcome): void {
  try {
    check(trace, signInChecked, outcome);
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    trace.set({ reason: 'password-wrong' });
  }
}
