/**
 * `private_key_jwt`: what a client signs about itself, in the place of a secret.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
import { type KeyStore, signJwt } from './proofs.ts';

/** How assertions are made; anything but the default is a mistake made on purpose. */
export interface AssertionStyle {
  readonly alg: 'ES256' | 'HS256';
  /** The server that it is for; null: the one that it is sent to. */
  readonly audience: string | null;
}
export const FOR_THE_SERVER: AssertionStyle = { alg: 'ES256', audience: null };

/** Seconds that an assertion is good for. */
const LIFETIME = 60;

export interface AssertionClaims {
  readonly clientId: string;
  /** Issuer of the server that it is sent to. */
  readonly audience: string;
  /** Protocol time, ms. */
  readonly now: number;
}

/**
 * Signs an assertion of the client.
 * @param kid thumbprint of the key
 * @throws Error if the browser no longer has the key
 */
export function signAssertion(
  keys: KeyStore,
  kid: string,
  { clientId, audience, now }: AssertionClaims,
  style: AssertionStyle = FOR_THE_SERVER,
): Promise<string> {
  const iat = Math.floor(now / 1000);
  return signJwt(keys, kid, { alg: style.alg, includePrivate: false }, () => ({
    header: { typ: 'JWT', alg: style.alg, kid },
    claims: {
      iss: clientId,
      sub: clientId,
      aud: style.audience ?? audience,
      jti: crypto.randomUUID(),
      iat,
      exp: iat + LIFETIME,
    },
  }));
}
