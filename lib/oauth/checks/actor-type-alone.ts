import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The type of an actor token comes only with the token itself.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-2.1 "MUST NOT be included otherwise"
 */
export const actorTypeAlone: Check<{ actorToken: string | undefined; type: string | undefined }> = {
  name: 'actor-type-alone',
  says: 'actor_token_type comes only with actor_token',
  clause: 'rfc8693-2.1',
  test({ actorToken, type }) {
    if (actorToken !== undefined || type === undefined) return;
    throw new OAuthError('invalid_request', {
      reason: 'subject-token-invalid',
      description: 'The parameter actor_token_type must not be sent without actor_token.',
      evidence: { expected: 'actor_token beside actor_token_type', got: type.slice(0, 100) },
    });
  },
};
