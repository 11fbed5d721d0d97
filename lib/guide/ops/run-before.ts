import type { Op } from './op.ts';

/** Runs another step before this one. */
export const runBefore: Op = {
  op: 'first',
  takes: { step: 'string' },
  async arrange(change, { walker, runStep }) {
    await runStep(walker.step(change.step!));
  },
};
