import type { Presented } from './types.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The client proves itself in one way, or in none, and names one client.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.4 "MUST NOT use more
 * than one authentication method in each request"
 */
export const credentialsOnce: Check<Presented> = {
  name: 'credentials-once',
  says: 'The client proves itself in one way at most',
  clause: 'oauth21-2.4',
  test(came) {
    const ways = [
      ...(came.basic ? ['client_secret_basic'] : []),
      ...(came.bodySecret !== undefined ? ['client_secret_post'] : []),
      ...(came.assertion !== undefined ? ['private_key_jwt'] : []),
    ];
    if (ways.length > 1) {
      throw new OAuthError('invalid_request', {
        reason: 'credentials-twice',
        description: `Credentials came in two ways, ${ways.join(' and ')}; send them in one.`,
        evidence: { expected: 1, got: ways },
      });
    }
    if (
      came.basic?.clientId !== undefined &&
      came.bodyClientId !== undefined &&
      came.basic.clientId !== came.bodyClientId
    ) {
      throw new OAuthError('invalid_request', {
        reason: 'credentials-twice',
        description: 'The Authorization header and client_id name two different clients.',
        evidence: { expected: came.basic.clientId, got: came.bodyClientId },
      });
    }
    return { ways };
  },
};
