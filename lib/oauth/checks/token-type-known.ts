import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The request says what a token is, and it is of a kind that is taken here.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-2.1
 */
export const tokenTypeKnown: Check<{ member: string; type: string | undefined; known: readonly string[] }> = {
  name: 'token-type-known',
  says: 'The request says what the token is, and such are taken here',
  clause: 'rfc8693-3',
  test({ member, type, known }) {
    if (type !== undefined && known.includes(type)) return { [member]: type };
    throw new OAuthError('invalid_request', {
      reason: 'subject-token-invalid',
      description:
        type === undefined ? `The parameter ${member} is required.` : `${member} must be one of ${known.join(', ')}.`,
      evidence: { expected: known, got: type ?? null },
    });
  },
};
