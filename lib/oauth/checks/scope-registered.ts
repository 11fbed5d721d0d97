import { OAuthError } from '../errors.ts';
import { missingScopes } from '../scope.ts';
import type { ScopeReason } from './scope-known.ts';
import type { Check } from './types.ts';

export interface ScopeRegistered {
  readonly scope: readonly string[];
  /** The scopes that the client registered; null: all are allowed. */
  readonly registered: readonly string[] | null;
  /** Whether the registration is the limit here, and not only what a request without `scope` gets. */
  readonly ceiling: boolean;
  /** Whether the knob `registration.scope` made it the limit, so that the knob can lift it. */
  readonly byKnob?: boolean;
  readonly reason: ScopeReason;
}

/**
 * The scope stays within the registration, where that is the limit (knob `registration.scope`).
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-2
 */
export const scopeRegistered: Check<ScopeRegistered> = {
  name: 'scope-registered',
  says: ({ ceiling, registered }) => {
    if (registered === null) return 'The client registered no scope, so there is no limit';
    return ceiling ? 'The scope is within the registration' : 'The registered scope is a default here, not a limit';
  },
  clause: 'rfc7591-2',
  test({ scope, registered, ceiling, byKnob = false, reason }) {
    const missing = registered === null ? [] : missingScopes(registered, scope);
    if (missing.length > 0 && ceiling) {
      throw new OAuthError('invalid_scope', {
        reason,
        description:
          `The client did not register the scope ${missing[0]!.slice(0, 60)}.` +
          (byKnob ? ' The knob registration.scope can lift this.' : ''),
        evidence: { expected: registered, got: scope, knob: 'registration.scope' },
      });
    }
    return { expected: registered ?? 'any', got: scope, ...(missing.length > 0 ? { beyond: missing } : {}) };
  },
};
