import type { JWTPayload } from 'jose';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Seconds that clocks may differ. */
const LEEWAY = 30;
/**
 * Seconds from now that an assertion may be good for at most: as long it is remembered. "The authorization server MAY
 * reject JWTs with an "exp" claim value that is unreasonably far in the future" (RFC 7523 §3).
 */
const MAX_LIFETIME = 86_400;

export interface GrantAssertionInput {
  readonly claims: JWTPayload & { client_id?: unknown };
  /** The explicit type, in lower case. */
  readonly typ: string | undefined;
  readonly idJag: boolean;
  /** The client signed it about itself. */
  readonly own: boolean;
  /** It is taken once, and known again by its `jti`. */
  readonly once: boolean;
  readonly clientId: string;
  readonly publicClient: boolean;
  /** Any of which it may be for. */
  readonly audiences: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
}

/**
 * An assertion that is brought as a grant is for this server and of this moment. If it was made for
 * one client, that one brings it.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
export const grantAssertion: Check<GrantAssertionInput> = {
  name: 'grant-assertion',
  says: ({ idJag, own }) =>
    idJag || own
      ? 'The assertion is for this server, this client and this moment'
      : 'The assertion is for this server and this moment, whichever client brings it',
  clause: 'rfc7523-3',
  test({ claims, typ, idJag, own, once, clientId, publicClient, audiences, now }) {
    const refuse = (description: string, expected: unknown, got: unknown) =>
      new OAuthError('invalid_grant', { reason: 'assertion-invalid', description, evidence: { expected, got } });
    // An access token of the same provider for the same audience is no assertion (RFC 8725 §3.11).
    if (!idJag && typ !== undefined && typ !== 'jwt')
      throw refuse('The assertion is a JWT of another kind.', 'JWT', typ);
    const got = [claims.aud ?? []].flat();
    if (!got.some((audience) => audiences.includes(audience)))
      throw refuse(`aud of the assertion must be ${audiences[0]}.`, audiences, claims.aud ?? null);
    if (idJag && got.length !== 1) throw refuse('aud of the assertion must be one issuer.', audiences[0], claims.aud);
    if (typeof claims.sub !== 'string' || claims.sub === '')
      throw refuse('The assertion must have a sub.', 'sub', claims.sub ?? null);
    if (typeof claims.exp !== 'number') throw refuse('The assertion must have exp.', 'exp', claims.exp ?? null);
    if (claims.exp <= now - LEEWAY) throw refuse('The assertion has expired.', `after ${now}`, claims.exp);
    if (claims.exp > now + MAX_LIFETIME + LEEWAY)
      throw refuse('exp of the assertion may be a day ahead at most.', `${now + MAX_LIFETIME} at most`, claims.exp);
    if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && claims.nbf <= now + LEEWAY))
      throw refuse('The assertion is not valid yet.', `nbf by ${now}`, claims.nbf);
    if (claims.iat !== undefined && !(typeof claims.iat === 'number' && claims.iat <= now + LEEWAY))
      throw refuse('The assertion was issued in the future.', `iat by ${now}`, claims.iat);
    const named = typeof claims.jti === 'string' && claims.jti !== '' && claims.jti.length <= 300;
    if (!named && (idJag || once || claims.jti !== undefined))
      throw refuse('The assertion must have a jti.', 'jti', claims.jti ?? null);
    if (own && claims.sub !== clientId)
      throw refuse('A client may sign an assertion about itself only.', clientId, claims.sub);
    if (idJag && claims.client_id !== clientId)
      throw refuse('The assertion was made for another client.', clientId, claims.client_id ?? null);
    if (idJag && publicClient)
      throw refuse('An ID-JAG is taken from confidential clients only.', 'a confidential client', 'a public one');
    return { iss: claims.iss, aud: claims.aud, exp: claims.exp };
  },
};
