import { fill } from '../values.ts';
import type { Op } from './op.ts';

/** The client holds another value than the one that it made. */
export const hold: Op = {
  op: 'hold',
  takes: { value: 'string', to: 'string' },
  async arrange(change, { walker }) {
    walker.hold({ [String(change.value)]: fill(String(change.to), walker.bag()) });
  },
};
