/** What a client computes, for tests: a verifier with its challenge, and credentials in a header. */
import { createHash, randomBytes } from 'node:crypto';

/** BASE64URL(SHA256(text)). @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.2 */
export function s256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A code verifier, and its challenge by S256. */
export function pkce(verifier: string = randomBytes(32).toString('base64url')): {
  verifier: string;
  challenge: string;
} {
  return { verifier, challenge: s256(verifier) };
}

/**
 * The value of an `Authorization: Basic` header; identifier and secret are form-encoded before they are joined.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1
 */
export function basic(clientId: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ v: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64')}`;
}
