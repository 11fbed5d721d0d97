import { queryOfUrl } from '#lib/exchange/read.ts';
import { isCallback } from '../../callback.ts';
import { type That, textOf } from '../predicate.ts';

/** Whether the answer brought back what the request had sent: `equal` or `different`. */
export const returned: That = {
  that: 'returned',
  holds: (wanted, name, facts) => {
    const back = facts.entries.findLast((entry) => isCallback(entry.exchange));
    const sent = facts.entries.find((entry) => entry.exchange.endpoint === 'authorize');
    const there = queryOfUrl(sent?.exchange.request.url ?? '').get(name);
    const here = queryOfUrl(back?.exchange.request.url ?? '').get(name);
    return back !== undefined && (wanted === 'equal') === ((sent ? there : textOf(name, facts)) === here);
  },
};
