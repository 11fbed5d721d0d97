import { changeValue, PLACE } from './alter.ts';
import type { Op } from './op.ts';

/** Leaves a value out of a request. */
export const remove: Op = {
  op: 'remove',
  takes: PLACE,
  alter: (prepared, change) => changeValue(prepared, change, () => undefined),
};
