import { fill } from '../values.ts';
import type { Op } from './op.ts';

/** How the client signs about itself from now on: for another audience, or with a symmetric algorithm. */
export const assertion: Op = {
  op: 'assertion',
  takes: { audience: 'string?', alg: 'string?' },
  async arrange(change, { walker }) {
    walker.assertionStyle = {
      alg: change.alg === 'HS256' ? 'HS256' : 'ES256',
      audience: typeof change.audience === 'string' ? fill(change.audience, walker.bag()) : null,
    };
  },
};
