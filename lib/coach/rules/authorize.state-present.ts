import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends a state. */
export const rule: Rule = {
  id: 'authorize.state-present',
  title: 'Sends a state',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    mcp('2026-07-28', 'security', 'Open Redirection'),
    oauth21('2.3.3', 'Preventing CSRF Attacks'),
    rfc(9700, '4.7', 'Cross-Site Request Forgery'),
  ],
  assessable: 'An authorization request arrived.',
  pass: 'state is present and not empty.',
  fail: 'It is not.',
  evidence: 'The parameters of the request.',
  why:
    'It ties the answer to the request and to the browser that made it. PKCE protects against the same ' +
    'attack, but state also finds the right one of several flows.',
  fix: 'Send a random state for each request, and compare it on return.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters }) => {
      const shown = parameter(pushed ?? seen, 'state', 'state');
      return parameters.get('state') ? passSoFar('It sends a state.', shown) : fail('It sends no state.', shown);
    }),
  );
}
