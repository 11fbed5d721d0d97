import type { Seen } from '../predicate.ts';

/** HTTP status of the answer. */
export const status: Seen = {
  seen: 'status',
  holds: (wanted, entry) => entry.exchange.response?.status === wanted,
};
