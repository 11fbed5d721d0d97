import { fillJson } from '../values.ts';
import { changeValue, PLACE } from './alter.ts';
import type { Op } from './op.ts';

/** Adds to the end of a value in a request. */
export const append: Op = {
  op: 'append',
  takes: { ...PLACE, value: 'string' },
  alter: (prepared, change, bag) =>
    changeValue(prepared, change, (before) => before + String(fillJson(change.value, bag))),
};
