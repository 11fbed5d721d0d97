import type { Op } from './op.ts';

/** Moves the clock of the sandbox. */
export const clock: Op = {
  op: 'clock',
  takes: { advance: 'number' },
  needs: () => ['clock'],
  async prelude(change, { api, sandbox }) {
    await api.post(sandbox, 'clock', { advance: change.advance });
  },
};
