import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { Authorization } from '../ledger.ts';
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
  const first = new Map<string, Authorization>();
  const findings: Finding[] = [];
  for (const one of run.authorizations) {
    const state = one.parameters.get('state');
    if (!state) continue;
    const before = first.get(state);
    if (before === undefined) {
      first.set(state, one);
      if (first.size > 1)
        findings.push(
          passSoFar(
            'Each request has a state of its own.',
            parameter(one.pushed ?? one.seen, 'state', 'the state of the later request'),
          ),
        );
    } else if (one.parameters.get('code_challenge') !== before.parameters.get('code_challenge'))
      findings.push(
        fail(
          'Two requests have the same state.',
          parameter(one.pushed ?? one.seen, 'state', 'the later request'),
          parameter(before.pushed ?? before.seen, 'state', 'the earlier request'),
        ),
      );
  }
  return worst(findings);
}
