import type { Op } from './op.ts';

/** Registers a second client as the first one was, held as `other_client_id`; `with` changes members of the body. */
export const registerAnother: Op = {
  op: 'register_another',
  takes: { with: 'record?' },
  async arrange(change, { walker }) {
    await walker.registerAnother((change.with ?? {}) as Readonly<Record<string, unknown>>);
  },
};
