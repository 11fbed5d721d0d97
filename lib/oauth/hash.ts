/**
 * Hashes and comparisons of secrets.
 *
 * Codes, refresh tokens, opaque tokens and client secrets are 256 random bits: SHA-256 is right for
 * them. A password is none of these; it goes through `Tenant.passwords`.
 */
import { createHash, createHmac, hash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-256 of a text (UTF-8), base64url without padding.
 * @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.6
 */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** HMAC-SHA256 of a text under a secret of the sandbox, base64url: for values that are derived and not stored. */
export function hmac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** Whether two texts are the same; takes the same time wherever they differ. Their lengths are no secret. */
export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * The left half of the hash of an access token, for `at_hash` in an ID token.
 * @param alg JWS algorithm of the ID token; its hash function is used
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
 */
export function leftHalfHash(text: string, alg: string): string {
  // Ed25519 hashes with SHA-512 inside, and so does what speaks of its hash.
  const bits = alg === 'EdDSA' ? '512' : alg.slice(2);
  const digest = createHash(`sha${bits}`).update(text).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
