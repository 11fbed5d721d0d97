import { formOf } from '#lib/exchange/read.ts';
import { fill } from '../../values.ts';
import type { PredicateFacts, Records } from '../predicate.ts';

/** What became of a device code, from the form that its user sent. */
function stateOf(userCode: string, facts: PredicateFacts): 'waiting' | 'approved' | 'denied' {
  const decided = facts.all.findLast(
    (entry) =>
      entry.exchange.endpoint === 'activate' &&
      entry.exchange.request.method === 'POST' &&
      entry.exchange.response?.status === 200 &&
      normal(formOf(entry.exchange).get('user_code') ?? '') === normal(userCode),
  );
  if (!decided) return 'waiting';
  const form = formOf(decided.exchange);
  return form.get('action') === 'deny' || form.has('deny') ? 'denied' : 'approved';
}

const normal = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Device codes: `waiting`, `approved` or `denied`. */
export const deviceCodes: Records = {
  server: 'device_codes',
  count: (where, facts) => {
    const wanted = fill(where.user_code ?? '{user_code}', facts.ledger.bag);
    const known = facts.all.some((entry) => entry.made.user_code === wanted);
    return known && (where.state === undefined || stateOf(wanted, facts) === where.state) ? 1 : 0;
  },
};
