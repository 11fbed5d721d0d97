/** Tokens that the attacker writes by herself, for the lab about what a resource server has to check. */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';
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

/** The first public key of a key set, as its `x` coordinate or modulus: bytes that anybody can read. */
export function publicBytes(keys: string | null): Uint8Array | null {
  const list = parseObject(keys)?.keys;
  const first = Array.isArray(list) ? (list[0] as { x?: unknown; n?: unknown } | undefined) : undefined;
  const text = first?.x ?? first?.n;
  return typeof text === 'string' ? fromBase64url(text) : null;
}

/**
 * Writes a token.
 * @param how `none`: without a signature. `hmac-with-public-key`: with the public key as a shared secret. `own-key`:
 *   with an empty shared secret, for a server that finds the key by a name that the token brings
 */
export async function forge(
  how: 'none' | 'hmac-with-public-key' | 'own-key',
  { like, claims, header, keys }: Forgery,
): Promise<string> {
  const decoded = decodeToken(like);
  const alg = how === 'none' ? 'none' : 'HS256';
  const input = `${part({ typ: 'at+jwt', alg, ...header })}.${part({ ...decoded?.claims, ...claims })}`;
  if (how === 'none') return `${input}.`;
  const secret = how === 'own-key' ? encoder.encode('\0') : (publicBytes(keys) ?? encoder.encode('\0'));
  const key = await crypto.subtle.importKey('raw', secret as BufferSource, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return `${input}.${toBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(input))))}`;
}
