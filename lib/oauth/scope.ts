/**
 * Scopes: their grammar, which there are, and which includes which.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.3
 */
import type { SandboxConfig } from '#lib/config/config.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from './errors.ts';

/** `scope-token` of RFC 6749: printable ASCII without space, `"` and `\`. */
const TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** What a broader scope includes. */
const IMPLIES: Readonly<Record<string, readonly string[]>> = { 'notes:write': ['notes:read'] };

/** Scopes that speak of a user, and so mean nothing where none takes part. */
export const USER_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Which of the two places refuses: the authorization endpoint by redirect, all others in JSON. */
export type ScopeReason = 'scope-unknown' | 'scope-not-registered';

/**
 * The scopes of a `scope` value, each once, in the order in which they came.
 * @returns null where the value is outside the grammar
 */
export function parseScope(value: string): string[] | null {
  const tokens = value.split(' ');
  for (const token of tokens) if (!TOKEN.test(token)) return null;
  return tokens.length === 1 ? tokens : [...new Set(tokens)];
}

/** The scopes, and all that they include. */
export function withImplied(scopes: readonly string[]): ReadonlySet<string> {
  const all = new Set(scopes);
  for (const scope of scopes) for (const implied of IMPLIES[scope] ?? []) all.add(implied);
  return all;
}

/** Those of `wanted` that `held` neither has nor includes. */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  const all = withImplied(held);
  return wanted.filter((scope) => !all.has(scope));
}

/** The scopes that a client may ask for: those it registered, else all that there are. */
export function allowedScopes(config: SandboxConfig, client: ClientRecord): readonly string[] {
  const registered = client.metadata.scope ? parseScope(client.metadata.scope) : null;
  return registered ?? config['scopes.known'];
}

/** What a request without `scope` asks for: the registered ones, else the least that is of use. */
export function defaultScopes(config: SandboxConfig, client: ClientRecord): readonly string[] {
  const known = config['scopes.known'];
  const registered = client.metadata.scope ? parseScope(client.metadata.scope) : null;
  // A scope that was known at the registration may be known no more.
  if (registered) return registered.filter((scope) => known.includes(scope));
  if (known.includes('notes:read')) return ['notes:read'];
  const challenged = (config['resource.challengeScope'] ?? []).filter((scope) => known.includes(scope));
  return challenged.length > 0 ? challenged : known.filter((scope) => !USER_SCOPES.has(scope)).slice(0, 1);
}

/**
 * The scopes that a request asks for.
 * @param requested the `scope` parameter, undefined where it is absent
 * @param reason the reason id to refuse with
 * @throws OAuthError `invalid_scope` outside the grammar, where a scope is unknown, or not among those registered
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.3
 */
export function requestedScopes(
  config: SandboxConfig,
  client: ClientRecord,
  requested: string | undefined,
  reason: ScopeReason,
): readonly string[] {
  if (requested === undefined) return defaultScopes(config, client);
  const scopes = parseScope(requested);
  if (scopes === null) {
    throw new OAuthError('invalid_scope', {
      reason,
      description: 'The scope must be scope tokens of printable ASCII, separated by single spaces.',
      evidence: { got: requested.slice(0, 200) },
    });
  }
  const known = config['scopes.known'];
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown !== undefined) {
    throw new OAuthError('invalid_scope', {
      reason,
      description: `There is no scope ${unknown.slice(0, 60)} here.`,
      evidence: { expected: known, got: scopes },
    });
  }
  const missing = missingScopes(allowedScopes(config, client), scopes);
  if (missing.length > 0) {
    throw new OAuthError('invalid_scope', {
      reason,
      description: `The client did not register the scope ${missing[0]!.slice(0, 60)}.`,
      evidence: { expected: client.metadata.scope, got: scopes },
    });
  }
  return scopes;
}

/** What is granted of the scopes that were asked for and consented to: the knob `scopes.grant`. */
export function grantedScopes(config: SandboxConfig, scopes: readonly string[]): readonly string[] {
  const rule = config['scopes.grant'];
  if (rule === 'requested') return scopes;
  if ('drop' in rule) return scopes.filter((scope) => !rule.drop.includes(scope));
  return scopes.filter((scope) => rule.only.includes(scope));
}
