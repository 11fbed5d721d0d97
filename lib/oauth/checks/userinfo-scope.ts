import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The token carries `openid`.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
export const userinfoScope: Check<readonly string[]> = {
  name: 'userinfo-scope',
  says: 'The token carries `openid`',
  clause: 'oidc-core-5.3',
  test(scope) {
    if (scope.includes('openid')) return { scope };
    throw new OAuthError('insufficient_scope', {
      reason: 'userinfo-scope',
      description: 'The token does not carry the scope openid.',
      delivery: { kind: 'challenge' },
      evidence: { expected: ['openid'], got: scope },
    });
  },
};
