import { isAlive, lifeOf } from '../../ledger.ts';
import type { That } from '../predicate.ts';

/** Whether the value is still good. */
export const active: That = {
  that: 'active',
  holds: (wanted, name, facts) => isAlive(lifeOf(facts.ledger, name), facts.at) === wanted,
};
