import { fill } from '../../values.ts';
import { textOf, type That } from '../predicate.ts';

/** Whether it is the same text as another value. */
export const equals: That = {
  that: 'equals',
  holds: (wanted, name, facts) => textOf(name, facts) === fill(String(wanted), facts.ledger.bag),
};
