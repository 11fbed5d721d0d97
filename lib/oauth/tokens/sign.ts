/** Signed JWTs, in the compact form. */
import { type JWTPayload, SignJWT } from 'jose';
import type { SigningKey } from '../keys/ring.ts';

/**
 * Signs claims.
 * @param typ the explicit type of the JWT (RFC 8725 §3.11), so that no kind passes for another
 */
export function signJwt(key: SigningKey, typ: string, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, typ, kid: key.kid }).sign(key.key);
}
