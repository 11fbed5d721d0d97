import type { Check } from '#lib/oauth/checks/check.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import type { PendingSignIn } from '../pending.ts';

/**
 * The answer of a provider belongs to a sign-in that was begun here, at that provider, and not answered yet.
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1
 */
export const upstreamPending: Check<{ pending: PendingSignIn | null; provider: string }> = {
  name: 'upstream-pending',
  says: 'The state belongs to a sign-in at this provider that is under way',
  clause: 'rfc9700-4.7.1',
  test({ pending, provider }) {
    if (pending?.provider === provider) return { provider };
    throw new OAuthError('invalid_request', {
      reason: 'upstream-state',
      delivery: { kind: 'page' },
      description:
        pending === null
          ? 'No sign-in with this state is under way: it was answered, took too long, or never began.'
          : `This sign-in was begun at ${pending.provider}, and the answer came to the address of ${provider}.`,
      evidence: { expected: pending?.provider ?? 'a state of a sign-in that is under way', got: provider },
    });
  },
};
