import type { SandboxConfig } from '#lib/config/config.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface CodeChallenge {
  readonly challenge: string | undefined;
  readonly method: string | undefined;
  readonly rule: SandboxConfig['authorize.pkce'];
}

/** `code-challenge = 43*128unreserved`. */
const CHALLENGE = /^[A-Za-z0-9\-._~]{43,128}$/;

/**
 * There is a challenge, and it can be one.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-7.5.2
 * @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.4.1 "the authorization endpoint MUST return
 *   the authorization error response with the 'error' value set to 'invalid_request'"
 */
export const codeChallenge: Check<CodeChallenge> = {
  name: 'code-challenge',
  says: ({ challenge, method, rule }) =>
    challenge === undefined && method === undefined && rule === 'optional'
      ? 'No code challenge came, and none is demanded here'
      : 'There is a code challenge',
  clause: 'oauth21-4.1.2.1',
  test({ challenge, method, rule }) {
    if (challenge === undefined) {
      if (rule === 'optional' && method === undefined) return { expected: 'optional', got: null };
      throw new OAuthError('invalid_request', {
        reason: 'challenge-missing',
        description:
          'The parameter code_challenge is required: this server wants PKCE. The knob authorize.pkce can ' +
          'make it optional.',
        evidence: { expected: 'code_challenge', got: null, knob: 'authorize.pkce' },
      });
    }
    if (!CHALLENGE.test(challenge)) {
      throw new OAuthError('invalid_request', {
        reason: 'challenge-malformed',
        description: 'The code_challenge must be 43 to 128 characters of A-Z a-z 0-9 - . _ ~.',
        evidence: {
          expected: '43 to 128 unreserved characters',
          got: challenge.slice(0, 128),
          length: challenge.length,
        },
      });
    }
    return { got: challenge };
  },
};
