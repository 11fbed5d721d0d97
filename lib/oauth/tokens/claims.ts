/**
 * Claims of a user, by scope.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
 */
import type { SandboxConfig } from '#lib/config/config.ts';
import { PROTOCOL_CLAIMS } from '#lib/spec/protocol-claims.ts';
import type { UserRecord } from '#lib/store/store.ts';

const PROFILE = [
  'name',
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'updated_at',
];
const EMAIL = ['email', 'email_verified'];
const ADDRESS = ['address'];
const PHONE = ['phone_number', 'phone_number_verified'];
const STANDARD = new Set([...PROFILE, ...EMAIL, ...ADDRESS, ...PHONE]);

/**
 * Claims of one's own (groups, roles): what is neither set by the protocol nor bound to a scope. Tokens carry them
 * as the knob `tokens.claims` says.
 */
export function ownClaims(
  claims: Readonly<Record<string, unknown>>,
  rule: SandboxConfig['tokens.claims'],
): Record<string, unknown> {
  if (rule === 'none') return {};
  return Object.fromEntries(
    Object.entries(claims).filter(
      ([name]) => !PROTOCOL_CLAIMS.has(name) && !STANDARD.has(name) && (rule === 'own' || rule.includes(name)),
    ),
  );
}

/** What can come from the userinfo endpoint for users that nobody gave further claims. */
export const claimsSupported: readonly string[] = [
  'sub',
  'iss',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'at_hash',
  'sid',
  'name',
  'preferred_username',
  'email',
  'email_verified',
];

/**
 * The claims that these scopes allow, and with them those of the owner's own invention.
 * @param rule which of the own ones
 */
export function claimsFor(
  user: UserRecord,
  scope: readonly string[],
  rule: SandboxConfig['tokens.claims'] = 'own',
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...user.claims, ...(user.email === null ? {} : { email: user.email }) };
  const allowed = new Set([
    ...(scope.includes('profile') ? PROFILE : []),
    ...(scope.includes('email') ? EMAIL : []),
    ...(scope.includes('address') ? ADDRESS : []),
    ...(scope.includes('phone') ? PHONE : []),
  ]);
  const byScope = Object.entries(all).filter(([name]) => allowed.has(name) && !PROTOCOL_CLAIMS.has(name));
  return { sub: user.sub, ...Object.fromEntries(byScope), ...ownClaims(all, rule) };
}
