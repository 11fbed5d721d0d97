import type { Check } from '#lib/oauth/checks/types.ts';
import { OAuthError } from '#lib/oauth/errors.ts';

/** The token of `/bearer` is one of the list, or any if the list is empty (knob `bearer.tokens`). */
export const bearerToken: Check<{ accepted: boolean; listed: number }> = {
  name: 'bearer-token',
  says: ({ listed }) => (listed === 0 ? 'Any token that is not empty will do' : 'The token is one of the list'),
  clause: 'oauth21-5.2',
  test({ accepted, listed }) {
    if (accepted) return { listed };
    throw new OAuthError('invalid_token', {
      reason: 'token-malformed',
      description: 'The token is not one that this resource accepts.',
      delivery: { kind: 'challenge' },
      evidence: { listed },
    });
  },
};
