import { fill } from '../../values.ts';
import type { Records } from '../predicate.ts';

/** Clients that were registered. */
export const clients: Records = {
  server: 'clients',
  count: (where, facts) => {
    const wanted = where.client_id === undefined ? null : fill(where.client_id, facts.ledger.bag);
    return facts.all.filter(
      (entry) => entry.made.client_id !== undefined && (wanted === null || entry.made.client_id === wanted),
    ).length;
  },
};
