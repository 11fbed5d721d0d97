import type { Op } from './op.ts';

/** Moves the clock of the sandbox. */
export const clock: Op = {
  op: 'clock',
  takes: { advance: 'number' },
  needs: () => ['clock'],
  async prelude(change, { api, sandbox, walker }) {
    await api.post(sandbox, 'clock', { advance: change.advance });
    // What the client signs from now on is of the new time: it reads the same clock.
    walker.clockMoved(change.advance ?? 0);
  },
};
