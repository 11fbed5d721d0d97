import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** `code-verifier = 43*128unreserved`. */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * The verifier is one that can resist guessing: 43 to 128 unreserved characters.
 * @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.1
 */
export const verifierForm: Check<string | undefined> = {
  name: 'verifier-form',
  says: 'The verifier has 43 to 128 unreserved characters',
  clause: 'rfc7636-4.1',
  test(verifier) {
    if (verifier === undefined) return;
    if (VERIFIER.test(verifier)) return { length: verifier.length };
    throw new OAuthError('invalid_grant', {
      reason: 'verifier-malformed',
      description: 'The code_verifier must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~.',
      evidence: { expected: '43 to 128 unreserved characters', length: verifier.length },
    });
  },
};
