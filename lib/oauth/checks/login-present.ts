import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface LoginPresent {
  /** Whether somebody is signed in with this browser. */
  readonly session: boolean;
  /** Whether that login is recent enough, and not set aside by the request. */
  readonly suffices: boolean;
  /** Seconds, as the request has it; null if it has none. */
  readonly maxAge: number | null;
}

/**
 * Without a page, only somebody who is signed in already can answer.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthError
 */
export const loginPresent: Check<LoginPresent> = {
  name: 'login-present',
  says: 'Somebody is signed in, recently enough',
  clause: 'oidc-core-3.1.2.6',
  test({ session, suffices, maxAge }) {
    if (session && suffices) return { session, max_age: maxAge };
    throw new OAuthError('login_required', {
      reason: 'login-required',
      description: session
        ? 'The user has to sign in again, which needs a page.'
        : 'No user is signed in, so the request cannot be answered without a page.',
      evidence: { session, max_age: maxAge },
    });
  },
};
