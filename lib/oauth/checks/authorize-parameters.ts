import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Characters at most. `id_token_hint` is a JWT. */
const LONGEST: Readonly<Record<string, number>> = {
  state: 8192,
  nonce: 1024,
  id_token_hint: 8192,
  acr_values: 1024,
};
/** Seconds, least and most. */
const SECONDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  max_age: [0, Number.MAX_SAFE_INTEGER],
  expires_in: [1, 31_536_000],
};

/** The parameters that this check looks at, as they came. */
export type AuthorizeParameters = Readonly<Record<string, string | undefined>>;

/**
 * Lengths and numbers of the authorization request are within bounds.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2.1
 */
export const authorizeParameters: Check<AuthorizeParameters> = {
  name: 'authorize-parameters',
  says: 'Every parameter is within its bounds',
  clause: 'oauth21-4.1.2.1',
  test(parameters) {
    for (const [name, value] of Object.entries(parameters)) {
      if (value === undefined) continue;
      const expected = expectation(name, value);
      if (expected === null) continue;
      throw new OAuthError('invalid_request', {
        reason: 'authorize-parameter-invalid',
        description: `The ${name} must be ${expected}.`,
        evidence: { parameter: name, expected, got: value.slice(0, 100) },
      });
    }
    return;
  },
};

/** What the parameter must be, if it is something else; null if it is right. */
function expectation(name: string, value: string): string | null {
  const longest = LONGEST[name];
  if (longest !== undefined) return value.length > longest ? `at most ${longest} characters` : null;
  const range = SECONDS[name];
  if (range !== undefined) {
    const [least, most] = range;
    const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return null;
    return most === Number.MAX_SAFE_INTEGER
      ? `a whole number of seconds, ${least} or more`
      : `a whole number of seconds from ${least} to ${most}`;
  }
  // A SHA-256 thumbprint (RFC 9449 §10).
  if (name === 'dpop_jkt' && !/^[A-Za-z0-9_-]{43}$/.test(value)) return 'a base64url SHA-256 thumbprint';
  return null;
}
