import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface HintHolds {
  /** Subject of the `id_token_hint`; null if it is no ID token of this issuer for this client; undefined: none came. */
  readonly idTokenSubject: string | null | undefined;
  /** `login_hint`; undefined: none came, or it does not bind here. */
  readonly loginHint: string | undefined;
  /** Who answers; null while that is not known. */
  readonly user: { readonly sub: string; readonly names: readonly string[] } | null;
}

/**
 * Who answers is who the request says. A hint signs nobody in.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest "If the End-User identified by the ID Token is
 *   logged in [...] the Authorization Server returns a positive response; otherwise, it MUST return an error, such as
 *   login_required"
 */
export const hintHolds: Check<HintHolds> = {
  name: 'hint-holds',
  says: ({ user }) =>
    user === null
      ? 'The id_token_hint is an ID token of this issuer for this client'
      : 'Who answers is who the request names',
  clause: 'oidc-core-3.1.2.1',
  test({ idTokenSubject, loginHint, user }) {
    if (idTokenSubject === null) {
      throw new OAuthError('login_required', {
        reason: 'login-required',
        description: 'The id_token_hint is not an ID token of this issuer for this client.',
        evidence: { expected: 'an ID token of this issuer', got: 'another' },
      });
    }
    if (user === null) return { id_token_hint: idTokenSubject ?? null };
    if (idTokenSubject !== undefined && idTokenSubject !== user.sub) {
      throw new OAuthError('login_required', {
        reason: 'login-required',
        description: 'The id_token_hint names another user than the one who would answer.',
        evidence: { expected: idTokenSubject, got: user.sub },
      });
    }
    if (loginHint !== undefined && ![user.sub, ...user.names].some((name) => sameName(name, loginHint))) {
      throw new OAuthError('login_required', {
        reason: 'login-required',
        description: 'The login_hint names another user than the one who would answer.',
        evidence: { expected: loginHint, got: user.names[0] ?? user.sub },
      });
    }
    return { sub: user.sub };
  },
};

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
