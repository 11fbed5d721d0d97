import type { Op } from './op.ts';

/** Sends a request several times at the same instant. */
export const parallel: Op = {
  op: 'parallel',
  takes: { request: 'string?', count: 'number' },
  times: (change) => change.count ?? 1,
};
