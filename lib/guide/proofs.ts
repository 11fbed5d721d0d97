/**
 * DPoP: proofs of possession, signed by a key of Web Crypto whose private part cannot be read, by this page either.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4
 */
import { toBase64url } from '#lib/exchange/encoding.ts';

/** Where key pairs are kept, by the thumbprint of the public part. */
export interface KeyStore {
  get(jkt: string): Promise<CryptoKeyPair | null>;
  set(jkt: string, pair: CryptoKeyPair): Promise<void>;
}

/** Keys that are gone with the page: for copies, and for tests. */
export function memoryKeys(): KeyStore {
  const pairs = new Map<string, CryptoKeyPair>();
  return {
    get: async (jkt) => pairs.get(jkt) ?? null,
    set: async (jkt, pair) => {
      pairs.set(jkt, pair);
    },
  };
}

/** How proofs are made; anything but the default is a mistake made on purpose. */
export interface ProofStyle {
  readonly alg: 'ES256' | 'HS256';
  /** The private part stands in the header of the proof. */
  readonly includePrivate: boolean;
}
export const PROPER: ProofStyle = { alg: 'ES256', includePrivate: false };

export interface ProofClaims {
  readonly method: string;
  readonly url: string;
  /** The access token that goes with the request; null if none does. */
  readonly token: string | null;
  /** The server's nonce; null if it has given none. */
  readonly nonce: string | null;
  /** Protocol time, ms. */
  readonly now: number;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const encoder = new TextEncoder();
const json = (value: unknown): string => toBase64url(encoder.encode(JSON.stringify(value)));

async function hash(text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text))));
}

/** The public part, with its members in the order of a thumbprint. */
async function publicJwk(key: CryptoKey): Promise<{ crv?: string; kty?: string; x?: string; y?: string }> {
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', key);
  return { ...(crv ? { crv } : {}), ...(kty ? { kty } : {}), ...(x ? { x } : {}), ...(y ? { y } : {}) };
}

/** @see https://datatracker.ietf.org/doc/html/rfc7638#section-3 */
async function thumbprint(key: CryptoKey): Promise<string> {
  return hash(JSON.stringify(await publicJwk(key)));
}

/**
 * Makes a key pair and keeps it.
 * @param extractable only for a proof that is wrong on purpose
 */
export async function makeKey(keys: KeyStore, extractable = false): Promise<{ jwk: string; jkt: string }> {
  const pair = await crypto.subtle.generateKey(EC, extractable, ['sign', 'verify']);
  const jkt = await thumbprint(pair.publicKey);
  await keys.set(jkt, pair);
  return { jwk: JSON.stringify(await publicJwk(pair.publicKey)), jkt };
}

async function signer(keys: KeyStore, jkt: string, style: ProofStyle) {
  if (style.alg === 'HS256') {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    return { jwk: { kty: 'oct', k: toBase64url(secret) }, key, by: 'HMAC' as const };
  }
  const pair =
    (style.includePrivate ? await crypto.subtle.generateKey(EC, true, ['sign', 'verify']) : null) ??
    (await keys.get(jkt));
  if (!pair) throw new Error('The key of this run is gone from the browser. Make a new one at the step that makes it.');
  const jwk = style.includePrivate
    ? await crypto.subtle.exportKey('jwk', pair.privateKey)
    : await publicJwk(pair.publicKey);
  return { jwk, key: pair.privateKey, by: { name: 'ECDSA', hash: 'SHA-256' } as const };
}

/**
 * Signs a proof for one request.
 * @param jkt thumbprint of the key
 * @throws Error if the browser no longer has the key
 */
export async function signProof(
  keys: KeyStore,
  jkt: string,
  { method, url, token, nonce, now }: ProofClaims,
  style: ProofStyle = PROPER,
): Promise<string> {
  const [htu = ''] = url.split(/[?#]/, 1);
  const ath = token === null ? {} : { ath: await hash(token) };
  return signJwt(keys, jkt, style, (jwk) => ({
    header: { typ: 'dpop+jwt', alg: style.alg, jwk },
    claims: {
      jti: crypto.randomUUID(),
      htm: method,
      htu,
      iat: Math.floor(now / 1000),
      ...ath,
      ...(nonce === null ? {} : { nonce }),
    },
  }));
}

/**
 * Signs a JWT with a key of the browser.
 * @param jkt thumbprint of the key
 * @param say header and claims, from the public part of the key that signs
 * @throws Error if the browser no longer has the key
 */
export async function signJwt(
  keys: KeyStore,
  jkt: string,
  style: ProofStyle,
  say: (jwk: object) => { readonly header: object; readonly claims: object },
): Promise<string> {
  const { jwk, key, by } = await signer(keys, jkt, style);
  const { header, claims } = say(jwk);
  const input = `${json(header)}.${json(claims)}`;
  const signature = new Uint8Array(await crypto.subtle.sign(by, key, encoder.encode(input)));
  return `${input}.${toBase64url(signature)}`;
}
