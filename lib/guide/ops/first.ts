import { withArguments } from '../borrow.ts';
import type { Op } from './op.ts';

/** Runs another step before this one. */
export const first: Op = {
  op: 'first',
  takes: { step: 'string', with: 'record?' },
  async arrange(change, { walker, runStep }) {
    await runStep(withArguments(walker.step(change.step!), (change.with ?? {}) as Readonly<Record<string, unknown>>));
  },
};
