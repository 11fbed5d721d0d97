import { oauth21 } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** A public client names itself. */
export const rule: Rule = {
  id: 'token.public-client-id',
  title: 'A public client names itself',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.1.3', 'Token Endpoint Extension'), oauth21('3.2.2', 'Token Request')],
  assessable: 'A token request for a code arrived without client authentication.',
  pass: 'client_id is in the body.',
  fail: 'It is not.',
  evidence: 'The parameters.',
  why: 'The code is bound to its client. Without a name the server cannot check that.',
  fix: 'Send client_id in the body.',
  scenarios: [],
  pitfalls: ['A refresh request of a public client may do without, by the letter. It is not judged.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, methods }) => {
      if (methods.length > 0) return null;
      const shown = parameter(seen, 'client_id', 'client_id');
      return seen.param('client_id')
        ? passSoFar('The client names itself.', shown)
        : fail('The client does not name itself.', shown);
    }),
  );
}
