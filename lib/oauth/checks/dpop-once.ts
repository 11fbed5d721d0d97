import { badProof } from './bad-proof.ts';
import type { AsyncCheck, DpopServer } from './types.ts';

export interface DpopOnce {
  readonly server: DpopServer;
  readonly jti: string;
  /** Remembers the proof. Resolves to false if it was remembered already. */
  readonly remember: () => Promise<boolean>;
}

/**
 * Each proof is used once.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-11.1
 */
export const dpopOnce: AsyncCheck<DpopOnce> = {
  name: 'dpop-once',
  says: 'This proof has not been seen before',
  clause: 'rfc9449-11.1',
  async test({ server, jti, remember }) {
    if (await remember()) return { jti };
    throw badProof(server, 'This proof was used before; each request needs a new one, with a jti of its own.', { jti });
  },
};
