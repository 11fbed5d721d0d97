/**
 * Claims of a user, by scope.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
 */
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

/** What can come from the userinfo endpoint of users that nobody gave further claims. */
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

/** The claims that these scopes allow. Claims of an owner's own invention come with `profile`. */
export function claimsFor(user: UserRecord, scope: readonly string[]): Record<string, unknown> {
  const all: Record<string, unknown> = { ...user.claims, ...(user.email === null ? {} : { email: user.email }) };
  const allowed = new Set([
    ...(scope.includes('profile') ? [...PROFILE, ...Object.keys(all).filter((name) => !STANDARD.has(name))] : []),
    ...(scope.includes('email') ? EMAIL : []),
    ...(scope.includes('address') ? ADDRESS : []),
    ...(scope.includes('phone') ? PHONE : []),
  ]);
  const said: Record<string, unknown> = { sub: user.sub };
  for (const [name, value] of Object.entries(all)) if (name !== 'sub' && allowed.has(name)) said[name] = value;
  return said;
}
