import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** The visit to the consent page is not over: nobody answered it yet, and it was not left open too long. */
export const interactionOpen: Check<{ open: boolean }> = {
  name: 'interaction-open',
  says: 'The visit to the consent page is still open',
  clause: 'oauth21-7.9',
  test({ open }) {
    if (open) return;
    throw new OAuthError('invalid_request', {
      reason: 'interaction-gone',
      delivery: { kind: 'page' },
      description: 'This visit to the consent page is over: it was answered, or left open for too long.',
    });
  },
};
