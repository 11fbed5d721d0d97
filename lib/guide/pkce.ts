/**
 * PKCE, step by step, so that each intermediate value can be shown.
 * @see https://datatracker.ietf.org/doc/html/rfc7636#section-4
 */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';
import type { PkceView } from './types.ts';

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** `length` random bytes from the browser. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A fresh `state`: 128 random bits, base64url. */
export function makeState(): string {
  return toBase64url(randomBytes(16));
}

/**
 * A verifier and its challenge, with what lies between.
 * @param bytes 32 random bytes; given only in tests
 */
export async function makePkce(bytes: Uint8Array = randomBytes(32)): Promise<PkceView> {
  return explainPkce(toBase64url(bytes));
}

/** The intermediate values for a verifier that is already there. */
export async function explainPkce(verifier: string): Promise<PkceView> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  let bytes = '';
  try {
    bytes = hex(fromBase64url(verifier));
  } catch {
    /* an edited verifier need not be base64url */
  }
  return { bytes, verifier, digest: hex(digest), challenge: toBase64url(digest) };
}
