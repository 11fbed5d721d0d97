import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, repeatedName } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Token requests repeat no parameter. */
export const rule: Rule = {
  id: 'token.parameters-once',
  title: 'Token requests repeat no parameter',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('3.2', 'Token Endpoint'), rfc(6749, '3.2', 'Token Endpoint')],
  assessable: 'A token request arrived.',
  pass: 'No parameter but resource and audience occurs more than once.',
  fail: 'Another one does.',
  evidence: 'The repeated parameter.',
  why: 'Two readers of such a request may see two different ones.',
  fix: 'Set parameters instead of appending them.',
  scenarios: [],
  pitfalls: ['Token exchange permits several audience parameters.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen }) => {
      if (seen.form.size === 0) return null;
      const name = repeatedName(seen.form, ['resource', 'audience']);
      return name === null
        ? passSoFar('No parameter is repeated.', request(seen, 'the token request'))
        : fail(`${name} is repeated.`, parameter(seen, name, 'the repeated parameter'));
    }),
  );
}
