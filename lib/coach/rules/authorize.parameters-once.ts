import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, repeatedName } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Authorization requests repeat no parameter. */
export const rule: Rule = {
  id: 'authorize.parameters-once',
  title: 'Authorization requests repeat no parameter',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('3.1', 'Authorization Endpoint'), rfc(6749, '3.1', 'Authorization Endpoint')],
  assessable: 'An authorization request arrived.',
  pass: 'No parameter but resource occurs more than once.',
  fail: 'Another one does.',
  evidence: 'The repeated parameter.',
  why: 'Two readers of such a request may see two different ones.',
  fix: 'Set parameters instead of appending them, also where authorization_endpoint already has a query.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters }) => {
      const name = repeatedName(parameters, ['resource']);
      return name === null
        ? passSoFar('No parameter is repeated.', request(pushed ?? seen, 'the authorization request'))
        : fail(`${name} is repeated.`, parameter(pushed ?? seen, name, 'the repeated parameter'));
    }),
  );
}
