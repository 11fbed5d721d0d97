import { errorOf } from '#lib/exchange/read.ts';
import type { Seen } from '../predicate.ts';

/** Error code of the answer; true: any. */
export const error: Seen = {
  seen: 'error',
  holds: (wanted, entry) => (wanted === true ? errorOf(entry.exchange) !== null : errorOf(entry.exchange) === wanted),
};
