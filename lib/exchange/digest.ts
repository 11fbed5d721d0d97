/** SHA-256 at once, in browsers and on the server alike: what is shown is worked out without waiting. */
import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64url } from './encoding.ts';

/**
 * BASE64URL(SHA256(text)): a code challenge, the `ath` of a proof, and what the server keeps of codes and tokens.
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 */
export function s256(text: string): string {
  return toBase64url(sha256(new TextEncoder().encode(text)));
}
