import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** The form of a page says what the user decided. */
export const actionKnown: Check<{ action: string | null; known: readonly string[] }> = {
  name: 'action-known',
  says: 'The form says what the user decided',
  clause: 'oauth21-4.1.1',
  test({ action, known }) {
    if (action !== null && known.includes(action)) return { action };
    throw new OAuthError('invalid_request', {
      reason: 'parameter-missing',
      description: `The action must be one of ${known.join(', ')}.`,
      evidence: { expected: known, got: action?.slice(0, 60) ?? null },
    });
  },
};
