import type { Op } from './op.ts';

/** Sets a fault: an answer that the server is told to get wrong. */
export const fault: Op = {
  op: 'fault',
  takes: { fault: 'record' },
  needs: () => ['faults'],
  async arrange(change, { api, sandbox }) {
    await api.post(sandbox, 'faults', change.fault);
  },
};
