/** SHA-256 at once: holdings show what the server really keeps, and what is shown is worked out without waiting. */
import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64url } from '#lib/exchange/encoding.ts';

/** As the server stores codes and refresh tokens: SHA-256, base64url. */
export function storedHash(value: string): string {
  return toBase64url(sha256(new TextEncoder().encode(value)));
}
