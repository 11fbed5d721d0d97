import { fill } from '../values.ts';
import { withHeader } from './alter.ts';
import type { Op } from './op.ts';

/**
 * Makes another DPoP proof for a request: signed with another key, or with another nonce (null: without one).
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-4.2
 */
export const resign: Op = {
  op: 'resign',
  takes: { request: 'string?', key: 'string?', nonce: 'any?' },
  async alter(prepared, change, bag, { walker }) {
    const proof = await walker.proofFor(prepared, {
      jkt: typeof change.key === 'string' ? fill(change.key, bag) : (bag.dpop_jkt?.value ?? ''),
      nonce: typeof change.nonce === 'string' ? fill(change.nonce, bag) : null,
    });
    return withHeader(prepared, 'DPoP', proof);
  },
};
