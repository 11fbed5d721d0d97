import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { freshIn } from '../fresh.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Each request has a state of its own. */
export const rule: Rule = {
  id: 'authorize.state-fresh',
  title: 'Each request has a state of its own',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [oauth21('2.3.3', 'Preventing CSRF Attacks'), rfc(6749, '10.12', 'Cross-Site Request Forgery')],
  assessable: 'Two different authorization requests of one client have a state.',
  pass: 'The states differ.',
  fail: 'They are the same although the challenges differ.',
  evidence: 'Both requests.',
  why: 'A state that does not change can be guessed or replayed, and two flows at once get mixed up.',
  fix: 'Generate it for each request.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return freshIn(run, 'state', 'state', ['code_challenge']);
}
