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
