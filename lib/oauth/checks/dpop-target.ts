import type { JWTPayload } from 'jose';
import { badProof } from './bad-proof.ts';
import type { DpopServer } from './types.ts';
import type { Check } from './types.ts';

interface Input {
  readonly server: DpopServer;
  readonly claims: JWTPayload;
  readonly method: string;
  /** Address of the request, without query and fragment. */
  readonly url: string;
  /** Hash of the access token that the proof has to be for; null: none. */
  readonly ath: string | null;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Seconds that `iat` may be off; null: it does not matter. */
  readonly window: number | null;
}

/**
 * The proof is for this method, this address, this token and this moment.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4.3
 */
export const dpopTarget: Check<Input> = {
  name: 'dpop-target',
  says: ({ window }) =>
    window === null
      ? 'The proof is for this method, address and token; its nonce says when it was made'
      : 'The proof is for this method, address, token and moment',
  clause: 'rfc9449-4.3',
  test({ server, claims, method, url, ath, now, window }) {
    if (typeof claims.jti !== 'string' || claims.jti === '')
      throw badProof(server, 'The proof must have a jti.', { expected: 'jti', got: claims.jti ?? null });
    if (claims.htm !== method)
      throw badProof(server, `htm of the proof must be ${method}.`, { expected: method, got: claims.htm ?? null });
    const htu = typeof claims.htu === 'string' ? normalised(claims.htu) : null;
    if (htu === null || htu !== normalised(url))
      throw badProof(server, `htu of the proof must be ${url}.`, { expected: url, got: claims.htu ?? null });
    if (typeof claims.iat !== 'number')
      throw badProof(server, 'The proof must have iat.', { expected: 'iat', got: claims.iat ?? null });
    if (window !== null && Math.abs(now - claims.iat) > window)
      throw badProof(server, 'iat of the proof is too far from now.', {
        expected: `within ${window} seconds of ${now}`,
        got: claims.iat,
      });
    const { exp, nbf } = claims;
    if (
      window !== null &&
      ((exp !== undefined && !(Number(exp) > now)) || (nbf !== undefined && !(Number(nbf) <= now + window)))
    )
      throw badProof(server, 'The proof is good at another time only, by its exp or nbf.', {
        expected: `exp after ${now}, nbf within ${window} seconds of it`,
        got: { exp: exp ?? null, nbf: nbf ?? null },
      });
    if (ath !== null && claims.ath !== ath)
      throw badProof(server, 'ath of the proof must be the hash of the access token.', {
        expected: ath,
        got: claims.ath ?? null,
      });
    return { htm: claims.htm, htu: claims.htu, iat: claims.iat };
  },
};

/**
 * Scheme and host in lower case, no default port, no dot segments, nothing percent-encoded that need not be, no query,
 * no fragment (RFC 3986 §6.2.2 and §6.2.3).
 */
function normalised(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { origin, pathname, username, password } = new URL(address);
  // A user part is no part of the address that is asked, and none is left out here.
  if (username !== '' || password !== '') return null;
  return origin + pathname.replace(/%[0-9A-Fa-f]{2}/g, plainest);
}

/** The character itself if it is unreserved, else its encoding in upper case. */
function plainest(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[A-Za-z0-9\-._~]/.test(character) ? character : encoded.toUpperCase();
}
