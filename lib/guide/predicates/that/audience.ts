import { audienceOf } from '#lib/exchange/read.ts';
import { fill } from '../../values.ts';
import { textOf, type That } from '../predicate.ts';

/** Whether the token is for this resource. */
export const audience: That = {
  that: 'audience',
  holds: (wanted, name, facts) => audienceOf(textOf(name, facts)).includes(fill(String(wanted), facts.ledger.bag)),
};
