import { fillJson } from '../values.ts';
import type { Op } from './op.ts';

/** Posts to the control API of the sandbox. */
export const api: Op = {
  op: 'api',
  takes: { path: 'string', body: 'record?' },
  needs: (change) => [String(change.path)],
  async arrange(change, { api: control, sandbox, walker }) {
    await control.post(sandbox, String(change.path), fillJson(change.body ?? {}, walker.bag()));
  },
};
