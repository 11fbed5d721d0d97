import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** A client that speaks for itself asks for more than scopes that are about a user. */
export const scopeWithoutUser: Check<{ asked: readonly string[]; granted: readonly string[]; explicit: boolean }> = {
  name: 'scope-without-user',
  says: 'The scope makes sense without a user',
  clause: 'oauth21-4.2.1',
  test({ asked, granted, explicit }) {
    if (granted.length > 0 || asked.length === 0 || !explicit) return { scope: granted };
    throw new OAuthError('invalid_scope', {
      reason: 'scope-not-registered',
      description: 'These scopes speak of a user, and no user takes part in this grant.',
      evidence: { got: asked },
    });
  },
};
