import type { ProtectedHeaderParameters } from 'jose';
import { badProof } from './bad-proof.ts';
import type { DpopServer } from './types.ts';
import { isSigningAlgorithm } from '../algorithms.ts';
import { SECRET_MEMBERS } from '#lib/spec/secret-members.ts';
import type { Check } from './types.ts';

/**
 * There is one proof, of the right type, by an asymmetric algorithm, with the public key inside.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4.2
 */
export const dpopHeader: Check<{ server: DpopServer; header: ProtectedHeaderParameters | null }> = {
  name: 'dpop-header',
  says: 'There is one proof, of type dpop+jwt, with a public key inside',
  clause: 'rfc9449-4.3',
  test({ server, header }) {
    if (header === null)
      throw badProof(server, 'There must be one DPoP header, with one JWT.', { expected: 'one header with one JWT' });
    const { typ, alg, jwk } = header;
    if (typ !== 'dpop+jwt')
      throw badProof(server, 'typ of the proof must be dpop+jwt.', { expected: 'dpop+jwt', got: typ ?? null });
    if (alg === undefined || !isSigningAlgorithm(alg))
      throw badProof(server, 'The proof must be signed with an asymmetric algorithm.', {
        expected: 'an asymmetric algorithm',
        got: alg ?? null,
      });
    if (typeof jwk !== 'object' || jwk === null)
      throw badProof(server, 'The header of the proof must hold the public key in jwk.', {
        expected: 'jwk',
        got: null,
      });
    const secret = SECRET_MEMBERS.find((member) => Object.hasOwn(jwk, member));
    if (secret !== undefined)
      throw badProof(server, 'The header of the proof holds a private key.', {
        expected: 'a public key',
        got: `jwk with ${secret}`,
      });
    return { alg, kty: jwk.kty ?? null };
  },
};
