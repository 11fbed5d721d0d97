/**
 * What a client compares before it believes an ID token.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
import { decodeToken, type JsonObject } from '#lib/exchange/read.ts';
import { verifySignature } from './verify-token.ts';

interface Expected {
  readonly issuer: string | null;
  readonly clientId: string | null;
  readonly nonce: string | null;
  /** Protocol time, ms. */
  readonly now: number;
}

interface Comparison {
  readonly says: string;
  readonly ok: boolean;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/**
 * The comparisons, in order.
 * @param keys the issuer's key set, as it was just read; null if it is none
 */
export async function idTokenChecks(token: string, keys: JsonObject | null, expected: Expected): Promise<Comparison[]> {
  const decoded = decodeToken(token);
  if (!decoded) return [{ says: 'the ID token is a signed JWT', ok: false, evidence: { got: token.slice(0, 20) } }];
  const { claims, header } = decoded;
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const compare = (says: string, wanted: unknown, got: unknown, ok = got === wanted): Comparison => ({
    says,
    ok,
    evidence: { expected: wanted, got },
  });
  return [
    compare('the signature is by a key of the issuer', 'valid', header.kid ?? null, await verifySignature(token, keys)),
    compare('iss is the issuer that was asked', expected.issuer, claims.iss),
    compare('aud is this client', expected.clientId, claims.aud, audience.includes(expected.clientId)),
    compare('exp is still to come', 'later than now', claims.exp, Number(claims.exp) * 1000 > expected.now),
    compare('nonce is the one of this request', expected.nonce, claims.nonce ?? null),
  ];
}
