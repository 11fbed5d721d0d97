/**
 * Signed JWTs, in the compact form.
 *
 * A signature on an elliptic curve takes some 30 µs, and handing it to another thread, as WebCrypto
 * does, costs more than that: such keys sign where they are. RSA takes a millisecond and more, which
 * nobody should wait for: those go to jose, and with it to the thread pool.
 */
import { KeyObject, sign } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import type { SigningKey } from '../keys/ring.ts';

/** The digest of each algorithm that signs here; EdDSA has its own. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  ES512: 'sha512',
  EdDSA: null,
};

const objects = new WeakMap<CryptoKey, KeyObject>();

/** The same key, as `node:crypto` takes it. */
function objectOf(key: CryptoKey): KeyObject {
  const held = objects.get(key);
  if (held) return held;
  const made = KeyObject.from(key);
  objects.set(key, made);
  return made;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Signs claims.
 * @param typ the explicit type of the JWT (RFC 8725 §3.11), so that no kind passes for another
 * @see https://www.rfc-editor.org/rfc/rfc7515.html#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.4 "R and S", each of full length, and not ASN.1
 */
export async function signJwt(key: SigningKey, typ: string, claims: JWTPayload): Promise<string> {
  const header = { alg: key.alg, typ, kid: key.kid };
  const digest = DIGESTS[key.alg];
  if (digest === undefined || key.key instanceof Uint8Array)
    return await new SignJWT(claims).setProtectedHeader(header).sign(key.key);
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${sign(digest, Buffer.from(input), { key: objectOf(key.key), dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
