import type { JWTPayload } from 'jose';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Seconds that clocks may differ. */
const LEEWAY = 30;
/** Seconds from now that an assertion may be good for at most: what is good for long can be stolen for long. */
const MAX_LIFETIME = 3600;

export interface AssertionInput {
  readonly claims: JWTPayload;
  readonly clientId: string;
  /** Issuer and endpoint addresses, any of which it may be for. */
  readonly audiences: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
}

/**
 * A client's assertion is from and about the client, for this server, and of this moment.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
export const assertionClaims: Check<AssertionInput> = {
  name: 'assertion-claims',
  says: 'The assertion is by this client, for this server, and of this moment',
  clause: 'rfc7523-3',
  test({ claims, clientId, audiences, now }) {
    const refuse = (description: string, expected: unknown, got: unknown) =>
      new OAuthError('invalid_client', {
        reason: 'client-assertion-invalid',
        description,
        evidence: { expected, got },
      });
    if (claims.iss !== clientId || claims.sub !== clientId)
      throw refuse('iss and sub of the assertion must be the client_id.', clientId, {
        iss: claims.iss ?? null,
        sub: claims.sub ?? null,
      });
    const got = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    if (!got.some((audience) => audience !== undefined && audiences.includes(audience)))
      throw refuse(`aud of the assertion must be ${audiences[0]}.`, audiences, claims.aud ?? null);
    if (typeof claims.exp !== 'number') throw refuse('The assertion must have exp.', 'exp', null);
    if (claims.exp <= now - LEEWAY) throw refuse('The assertion has expired.', `after ${now}`, claims.exp);
    if (claims.exp > now + MAX_LIFETIME + LEEWAY)
      throw refuse(
        `exp of the assertion may be ${MAX_LIFETIME} seconds ahead at most.`,
        `${now + MAX_LIFETIME} at most`,
        claims.exp,
      );
    if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && claims.nbf <= now + LEEWAY))
      throw refuse('The assertion is not valid yet.', `nbf by ${now}`, claims.nbf);
    if (claims.iat !== undefined && !(typeof claims.iat === 'number' && claims.iat <= now + LEEWAY))
      throw refuse('The assertion was issued in the future.', `iat by ${now}`, claims.iat);
    if (typeof claims.jti !== 'string' || claims.jti === '' || claims.jti.length > 300)
      throw refuse('The assertion must have a jti.', 'jti', claims.jti ?? null);
    return { iss: claims.iss, aud: claims.aud, exp: claims.exp };
  },
};
