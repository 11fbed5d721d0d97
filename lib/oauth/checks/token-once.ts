import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The token comes in one place: "Clients MUST NOT use more than one method to transmit the token in each request".
 * @see https://datatracker.ietf.org/doc/html/rfc6750#section-2
 */
export const tokenOnce: Check<{ readonly places: readonly string[] }> = {
  name: 'token-once',
  says: 'The access token comes in one place at most',
  clause: 'rfc6750-3.1',
  test({ places }) {
    if (places.length < 2) return { places };
    throw new OAuthError('invalid_request', {
      reason: 'token-twice',
      description: `The access token came in the ${places.join(' and the ')}; send it in the header only.`,
      delivery: { kind: 'challenge' },
      evidence: { expected: 1, got: places },
    });
  },
};
