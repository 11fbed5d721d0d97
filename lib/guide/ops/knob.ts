import type { Op } from './op.ts';

/** Sets a knob of the copy: from the start, or (`late`) only when the step is reached. */
export const knob: Op = {
  op: 'knob',
  takes: { knob: 'string', value: 'any', late: 'boolean?' },
  configure: (change) => (change.late === true ? {} : { [change.knob!]: change.value }),
  async arrange(change, { api, sandbox }) {
    if (change.late === true) await api.configure(sandbox, { [change.knob!]: change.value });
  },
};
