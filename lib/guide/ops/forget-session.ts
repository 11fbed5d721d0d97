import type { Op } from './op.ts';

/** The browser is one that nobody has signed in with: it sends no cookie. */
export const forgetSession: Op = {
  op: 'forget_session',
  takes: {},
  async arrange(_change, { walker }) {
    walker.sendsCookies = false;
  },
};
