/**
 * Scopes: their grammar, which there are, and which includes which.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.3
 */
import { entryOf } from '#lib/spec/own.ts';
import type { SandboxConfig } from '#lib/config/config.ts';
import type { ClientRecord } from '#lib/store/store.ts';

/** `scope-token` of RFC 6749: printable ASCII without space, `"` and `\`. */
const TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** What a broader scope includes. */
const IMPLIES: Readonly<Record<string, readonly string[]>> = { 'notes:write': ['notes:read'] };

/** Scopes that are about a user: without one they mean nothing. */
export const USER_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

/**
 * The scopes of a `scope` value, each once, in the order in which they came.
 * @returns null if the value is outside the grammar
 */
export function parseScope(value: string): string[] | null {
  const tokens = value.split(' ');
  for (const token of tokens) if (!TOKEN.test(token)) return null;
  return tokens.length === 1 ? tokens : [...new Set(tokens)];
}

/** The scopes, and all that they include. */
export function withImplied(scopes: readonly string[]): ReadonlySet<string> {
  const all = new Set(scopes);
  for (const scope of scopes) for (const implied of entryOf(IMPLIES, scope) ?? []) all.add(implied);
  return all;
}

/** Those of `wanted` that `held` neither has nor includes. */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  const all = withImplied(held);
  return wanted.filter((scope) => !all.has(scope));
}

/** The scopes that a client registered; null if it registered none, and so any. */
export function registeredScopes(client: ClientRecord): readonly string[] | null {
  return client.metadata.scope ? parseScope(client.metadata.scope) : null;
}

/** What a request without `scope` asks for: the registered ones, else the least that is of use. */
export function defaultScopes(config: SandboxConfig, client: ClientRecord): readonly string[] {
  const known = config['scopes.known'];
  // A scope that was known at the registration may be known no more.
  const registered = registeredScopes(client)?.filter((scope) => known.includes(scope));
  if (registered) return registered;
  if (known.includes('notes:read')) return ['notes:read'];
  const challenged = (config['resource.challengeScope'] ?? []).filter((scope) => known.includes(scope));
  return challenged.length > 0 ? challenged : known.filter((scope) => !USER_SCOPES.has(scope)).slice(0, 1);
}

/** What is granted of the scopes that were asked for and consented to: the knob `scopes.grant`. */
export function grantedScopes(config: SandboxConfig, scopes: readonly string[]): readonly string[] {
  const rule = config['scopes.grant'];
  if (rule === 'requested') return scopes;
  if ('drop' in rule) return scopes.filter((scope) => !rule.drop.includes(scope));
  return scopes.filter((scope) => rule.only.includes(scope));
}
