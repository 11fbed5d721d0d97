import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * What was sent is a token of this authorization server: a JWT, or an opaque one that it issued.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.2
 */
export const tokenKnown: Check<{ known: boolean; jwt: boolean }> = {
  name: 'token-known',
  says: ({ jwt }) =>
    jwt ? 'It is a JWT; who signed it is looked at next' : 'It is a token of this authorization server',
  clause: 'oauth21-5.2',
  test({ known }) {
    if (known) return;
    throw new OAuthError('invalid_token', {
      reason: 'token-malformed',
      description: 'This is not an access token of this server.',
      delivery: { kind: 'challenge' },
    });
  },
};
