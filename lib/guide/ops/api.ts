import type { Op } from './op.ts';

/** Posts to the control API of the sandbox. */
export const api: Op = {
  op: 'api',
  takes: { path: 'string' },
  needs: (change) => [String(change.path)],
  async prelude(change, { api: control, sandbox }) {
    await control.post(sandbox, String(change.path), {});
  },
};
