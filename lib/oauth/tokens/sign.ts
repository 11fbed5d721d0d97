/**
 * Signed JWTs, in the compact form.
 *
 * A signature on an elliptic curve takes some 25 µs in DER, from which `der.ts` takes the two numbers. Handing it to
 * another thread, as WebCrypto does, costs more than that: such keys sign where they are. RSA takes a millisecond and
 * more, which nobody should wait for: those go to jose, and with it to the thread pool.
 */
import { KeyObject, sign } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { SigningKey } from '../keys/ring.ts';
import { joseSignature } from './der.ts';

/** The digest of each algorithm that signs here (EdDSA has its own), and the bytes of each of its two numbers. */
const CURVES: Readonly<Record<string, { readonly digest: string | null; readonly size: number }>> = {
  ES256: { digest: 'sha256', size: 32 },
  ES384: { digest: 'sha384', size: 48 },
  ES512: { digest: 'sha512', size: 66 },
  EdDSA: { digest: null, size: 0 },
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

/** The protected header of a key and a type, encoded: it is the same in each of its tokens. */
const headers = new BoundedMap<string, string>(1000);

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Signs claims.
 * @param typ the explicit type of the JWT (RFC 8725 §3.11), so that no kind passes for another
 * @see https://www.rfc-editor.org/rfc/rfc7515.html#section-3.1
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.4 "R and S", each of full length, and not ASN.1
 */
export async function signJwt(key: SigningKey, typ: string, claims: JWTPayload): Promise<string> {
  const header = { alg: key.alg, typ, kid: key.kid };
  const curve = CURVES[key.alg];
  if (curve === undefined || key.key instanceof Uint8Array)
    return await new SignJWT(claims).setProtectedHeader(header).sign(key.key);
  const start = headers.getOrMake(`${key.alg} ${typ} ${key.kid}`, () => encoded(header));
  const input = `${start}.${encoded(claims)}`;
  const made = sign(curve.digest, Buffer.from(input), objectOf(key.key));
  const signature = curve.size === 0 ? made : joseSignature(made, curve.size);
  return `${input}.${signature.toString('base64url')}`;
}
