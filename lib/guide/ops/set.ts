import { fillJson } from '../values.ts';
import { changeValue, PLACE } from './alter.ts';
import type { Op } from './op.ts';

/** Puts another value in a place of a request. */
export const set: Op = {
  op: 'set',
  takes: { ...PLACE, value: 'any' },
  alter: (prepared, change, bag) => changeValue(prepared, change, () => fillJson(change.value, bag)),
};
