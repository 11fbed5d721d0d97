import type { Op } from './op.ts';

/** How the client makes its key and its proofs from now on: with a symmetric algorithm, or with the private part. */
export const key: Op = {
  op: 'key',
  takes: { alg: 'string?', include: 'string?' },
  async arrange(change, { walker }) {
    walker.proofStyle = {
      alg: change.alg === 'HS256' ? 'HS256' : 'ES256',
      includePrivate: change.include === 'private',
    };
  },
};
