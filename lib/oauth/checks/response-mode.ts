import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The answer is wanted in the query of the redirect URI, where a code belongs by default.
 * @see https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes
 */
export const responseMode: Check<string | undefined> = {
  name: 'response-mode',
  says: 'The answer is wanted in the query',
  clause: 'oidc-core-3.1.2.1',
  test(got) {
    if (got === undefined || got === 'query') return;
    throw new OAuthError('invalid_request', {
      reason: 'response-mode-unsupported',
      description: 'The response_mode must be query.',
      evidence: { expected: 'query', got: got.slice(0, 60) },
    });
  },
};
