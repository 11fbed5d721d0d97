/**
 * Claims of a user, by scope.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
 */
import type { SandboxConfig } from '#lib/config/config.ts';
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
 * Claims that the protocol sets, and nobody else: RFC 7519, RFC 9068, OpenID Connect Core and logout, RFC 7800, RFC
 * 8693.
 * They are refused when a user, a client or a token is given claims of its own.
 */
export const PROTOCOL_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'client_id',
  'scope',
  'auth_time',
  'acr',
  'amr',
  'azp',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'sid',
  'cnf',
  'act',
  'may_act',
  'events',
]);

/** The first name among claims of one's own that the protocol sets; null if there is none. */
export function protocolClaimIn(claims: Readonly<Record<string, unknown>>): string | null {
  return Object.keys(claims).find((name) => PROTOCOL_CLAIMS.has(name)) ?? null;
}

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
