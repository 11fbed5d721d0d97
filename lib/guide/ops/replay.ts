import { headerIn, withHeader } from './alter.ts';
import type { Op } from './op.ts';

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Sends a request once more, byte for byte. With `keep`, only these headers stay as they were, and the rest of the
 * request is made anew.
 */
export const replay: Op = {
  op: 'replay',
  takes: { request: 'string?', after: 'string?', after_ms: 'number?', keep: 'names?' },
  async follow(change, { walker, step }) {
    if (change.after_ms !== undefined) await pause(change.after_ms);
    const request = change.request ?? step.requests[0]!.id;
    const keep = change.keep as readonly string[] | undefined;
    if (!keep) await walker.replay(step, request);
    else
      await walker.replay(step, request, (before, fresh) =>
        keep.reduce((made, name) => withHeader(made, name, headerIn(before, name) || null), fresh),
      );
  },
};
