import type { Check } from '#lib/oauth/checks/check.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import type { UpstreamAnswer } from '../answer.ts';

/**
 * The provider said who the user is, and its answer holds: `state`, `iss`, the code with its verifier, and the ID token
 * with its signature, audience and nonce.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
export const upstreamAnswer: Check<{ answer: UpstreamAnswer; name: string }> = {
  name: 'upstream-answer',
  says: 'The provider said who the user is: state, iss, code and ID token hold',
  clause: 'oidc-core-3.1.3.7',
  test({ answer, name }) {
    if (answer.ok) return { issuer: answer.issuer };
    throw new OAuthError('access_denied', {
      reason: 'upstream-refused',
      status: answer.by === 'user' ? 400 : 502,
      delivery: { kind: 'page' },
      description: `${name}: ${answer.problem}`,
      evidence: { got: answer.code },
    });
  },
};
