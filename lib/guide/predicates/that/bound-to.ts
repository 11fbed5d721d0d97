import { jktOf } from '../../tokens.ts';
import { fill } from '../../values.ts';
import { textOf, type That } from '../predicate.ts';

/** Whether the token is bound to this key (RFC 9449, section 6.1). */
export const boundTo: That = {
  that: 'bound_to',
  holds: (wanted, name, facts) => jktOf(textOf(name, facts)) === fill(String(wanted), facts.ledger.bag),
};
