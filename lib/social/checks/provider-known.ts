import type { Check } from '#lib/oauth/checks/check.ts';
import { OAuthError } from '#lib/oauth/errors.ts';

/** The address names a provider that there is. */
export const providerKnown: Check<{ named: string; known: readonly string[] }> = {
  name: 'provider-known',
  says: 'There is a way to sign in of this name',
  clause: 'oauth21-4.1.1',
  test({ named, known }) {
    if (known.includes(named)) return;
    throw new OAuthError('not_found', {
      reason: 'upstream-unknown',
      delivery: { kind: 'page' },
      description: `There is no provider of this name. There are ${known.join(', ')}.`,
      evidence: { expected: known, got: named.slice(0, 60) },
    });
  },
};
