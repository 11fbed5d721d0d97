import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** What came of a sign-in by e-mail address and password. */
export type SignInOutcome =
  | { readonly ok: true; readonly created: boolean }
  | { readonly ok: false; readonly problem: 'credentials' | 'password' };

/** The password is the user's. An address that nobody has yet is a new user. */
export const signInChecked: Check<SignInOutcome> = {
  name: 'sign-in',
  says: 'E-mail address and password belong together',
  clause: 'oauth21-4.1.1',
  test(outcome) {
    if (outcome.ok) return { created: outcome.created };
    throw new OAuthError('access_denied', {
      reason: 'sign-in-failed',
      description:
        outcome.problem === 'password'
          ? 'The password of auto_approve_email is another.'
          : 'The parameter auto_approve_email must be an e-mail address, with a password of 1 to 1024 characters.',
      evidence: { problem: outcome.problem },
    });
  },
};
