import type { Seen } from '../predicate.ts';

/** Why the server refused. */
export const reason: Seen = {
  seen: 'reason',
  holds: (wanted, entry) => entry.exchange.reason === wanted,
};
