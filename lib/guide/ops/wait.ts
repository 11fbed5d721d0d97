import type { Op } from './op.ts';

/** Seconds over what a value asks for, so that two clocks may differ. */
const MARGIN = 1;

/** Waits as many seconds as a value in hand says. In a copy the clock of the sandbox moves instead. */
export const wait: Op = {
  op: 'wait',
  takes: { value: 'string' },
  needs: () => ['clock'],
  async prelude(change, { walker, api, sandbox }) {
    const seconds = Number(walker.bag()[String(change.value)]?.value ?? 0);
    if (seconds > 0) await api.post(sandbox, 'clock', { advance: seconds + MARGIN });
  },
};
