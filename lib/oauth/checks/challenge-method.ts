import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';
import type { CodeChallenge } from './code-challenge.ts';

/**
 * The challenge is a hash. Left out, the method means `plain` by definition, and is not read as
 * `S256` out of kindness.
 * @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.3
 */
export const challengeMethod: Check<CodeChallenge> = {
  name: 'challenge-method',
  says: ({ challenge, method = 'plain', rule }) => {
    if (challenge === undefined) return 'There is no challenge whose method could be looked at';
    return method === 'plain' && rule !== 's256'
      ? 'The challenge is the verifier itself (plain), which is accepted here'
      : 'The challenge was made by S256';
  },
  clause: 'rfc7636-4.3',
  test({ challenge, method, rule }) {
    if (challenge === undefined) return;
    const meant = method ?? 'plain';
    if (meant === 'S256' || (meant === 'plain' && rule !== 's256')) return { expected: 'S256', got: meant };
    throw new OAuthError('invalid_request', {
      reason: 'challenge-method',
      description:
        method === undefined
          ? 'The code_challenge_method is missing, which means plain; it must be S256. The knob ' +
            'authorize.pkce can allow it.'
          : 'The code_challenge_method must be S256. The knob authorize.pkce can allow plain.',
      evidence: { expected: 'S256', got: method?.slice(0, 60) ?? null, knob: 'authorize.pkce' },
    });
  },
};
