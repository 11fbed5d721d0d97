import { badProof } from './bad-proof.ts';
import type { Check, DpopServer } from './types.ts';

export interface DpopSignature {
  readonly server: DpopServer;
  readonly alg: string;
  /** Whether the signature verified, over a JSON object. */
  readonly verified: boolean;
}

/**
 * The proof is signed by the key in its own header.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4.3
 */
export const dpopSignature: Check<DpopSignature> = {
  name: 'dpop-signature',
  says: 'The proof is signed by the key inside it',
  clause: 'rfc9449-4.3',
  test({ server, alg, verified }) {
    if (verified) return { alg };
    throw badProof(server, 'The proof is not signed by the key in its header.', { alg });
  },
};
