import type { Op } from './op.ts';

/** Adds a user of the sandbox. */
export const user: Op = {
  op: 'user',
  takes: { user: 'record' },
  needs: () => ['users'],
  async prelude(change, { api, sandbox }) {
    await api.post(sandbox, 'users', change.user);
  },
};
