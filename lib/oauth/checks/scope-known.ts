import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Which of the two places refuses: the authorization endpoint by redirect, all others in JSON. */
export type ScopeReason = 'scope-unknown' | 'scope-not-registered';

export interface ScopeKnown {
  /** The `scope` parameter; undefined if the request has none. */
  readonly asked: string | undefined;
  /** Its scope tokens; null if it is outside the grammar. */
  readonly tokens: readonly string[] | null;
  readonly known: readonly string[];
  /** Whether unknown scopes are left out instead of refused (knob `scopes.unknown`). */
  readonly ignoreUnknown: boolean;
  /** The scopes that the request comes down to. */
  readonly scope: readonly string[];
  readonly reason: ScopeReason;
}

/**
 * The scope is within the grammar, and made of scopes that exist here.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.3
 */
export const scopeKnown: Check<ScopeKnown> = {
  name: 'scope-known',
  says: ({ tokens, known, ignoreUnknown }) =>
    ignoreUnknown && tokens?.some((one) => !known.includes(one))
      ? 'Unknown scopes are left out'
      : 'The scopes are known',
  clause: 'rfc6749-3.3',
  test({ asked, tokens, known, ignoreUnknown, scope, reason }) {
    if (asked !== undefined && tokens === null) {
      throw new OAuthError('invalid_scope', {
        reason,
        description: 'The scope must be scope tokens of printable ASCII, separated by single spaces.',
        evidence: { got: asked.slice(0, 200) },
      });
    }
    const unknown = (tokens ?? []).filter((one) => !known.includes(one));
    if (unknown.length > 0 && !ignoreUnknown) {
      throw new OAuthError('invalid_scope', {
        reason,
        description: `There is no scope ${unknown[0]!.slice(0, 60)} here. The knob scopes.unknown can ignore it.`,
        evidence: { expected: known, got: tokens, knob: 'scopes.unknown' },
      });
    }
    return { got: asked?.slice(0, 500) ?? null, scope, ...(unknown.length > 0 ? { ignored: unknown } : {}) };
  },
};
