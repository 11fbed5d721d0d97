import type { Check } from '#lib/oauth/checks/types.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { missingScopes } from '#lib/oauth/scope.ts';

export interface ScopeNeeded {
  /** The scopes that the operation needs. */
  readonly needed: readonly string[];
  readonly held: readonly string[];
  /** What is asked for, in words; absent at the REST resource. */
  readonly operation?: string;
  /** Whether the sandbox refuses whatever the token carries (knob `resource.insufficient`). */
  readonly always?: boolean;
}

/**
 * The scope of the token is enough for all that the request asks for.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-challenge-handling
 */
export const scopeNeeded: Check<ScopeNeeded> = {
  name: 'scope',
  says: ({ needed }) =>
    needed.length === 0 ? 'The operation needs no scope' : `The scope of the token covers ${needed.join(' ')}`,
  clause: 'oauth21-5.2',
  test({ needed, held, operation, always = false }) {
    const evidence = { ...(operation === undefined ? {} : { operation }), expected: needed, got: held };
    if (missingScopes(held, needed).length === 0 && !always) return evidence;
    throw new OAuthError('insufficient_scope', {
      reason: 'scope-insufficient',
      description: `This operation needs the scope ${needed.join(' ')}.`,
      evidence,
      delivery: { kind: 'challenge' },
    });
  },
};
