/** Tokens that the attacker writes by herself, for the lab about what a resource server has to check. */
import { toBase64url } from '#lib/exchange/encoding.ts';
import { decodeToken, parseObject } from '#lib/exchange/read.ts';

export interface Forgery {
  /** A genuine token, whose claims she copies. */
  readonly like: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
  /** The key set of the issuer, as it is published. */
  readonly keys: string | null;
}

const encoder = new TextEncoder();
const part = (value: unknown): string => toBase64url(encoder.encode(JSON.stringify(value)));

/** The public key that a token names, or else the first of the set, as PEM: text that anybody can write down. */
async function publicPem(keys: string | null, kid: unknown): Promise<string | null> {
  const list = parseObject(keys)?.keys;
  const set = Array.isArray(list) ? (list as (JsonWebKey & { kid?: unknown })[]) : [];
  const jwk = set.find((one) => one.kid === kid) ?? set[0];
  if (jwk === undefined) return null;
  const algorithm =
    jwk.kty === 'RSA' ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : { name: 'ECDSA', namedCurve: jwk.crv ?? '' };
  const { use: _use, ...plain } = jwk;
  const key = await crypto.subtle.importKey('jwk', plain, algorithm, true, ['verify']);
  const der = new Uint8Array(await crypto.subtle.exportKey('spki', key));
  const lines = btoa(String.fromCharCode(...der)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----`;
}

/**
 * Writes a token.
 * @param how `none`: without a signature. `hmac-with-public-key`: with the public key as a shared secret. `own-key`:
 *   with an empty shared secret, for a server that finds the key by a name that the token brings
 * @throws TypeError if the key set has no key that could stand for the secret
 */
export async function forge(
  how: 'none' | 'hmac-with-public-key' | 'own-key',
  { like, claims, header, keys }: Forgery,
): Promise<string> {
  const decoded = decodeToken(like);
  const kid = decoded?.header.kid;
  const alg = how === 'none' ? 'none' : 'HS256';
  const named = { typ: 'at+jwt', alg, ...(how === 'none' ? {} : { kid }), ...header };
  const input = `${part(named)}.${part({ ...decoded?.claims, ...claims })}`;
  if (how === 'none') return `${input}.`;
  // HMAC fills a key up with zeros, so one zero is the empty secret. Web Crypto refuses one of length zero.
  const secret = how === 'own-key' ? '\0' : await publicPem(keys, kid);
  if (secret === null) throw new TypeError('The key set of the issuer has no key.');
  const use = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), use, false, ['sign']);
  return `${input}.${toBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(input))))}`;
}
