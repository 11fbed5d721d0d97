import { oauth21 } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Asks for a code. */
export const rule: Rule = {
  id: 'authorize.response-type-code',
  title: 'Asks for a code',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.1.1', 'Authorization Request'), oauth21('10.1', 'Removal of the OAuth 2.0 Implicit grant')],
  assessable: 'An authorization request arrived.',
  pass: 'response_type is code.',
  fail: 'It is missing or anything else.',
  evidence: 'response_type.',
  why: 'Tokens in a redirect end up in histories and logs. OAuth 2.1 has no such response any more.',
  fix: 'Send response_type=code.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters }) => {
      const type = parameters.get('response_type') || null;
      const shown = parameter(pushed ?? seen, 'response_type', 'response_type', 'code');
      return type === 'code'
        ? passSoFar('It asks for a code.', shown)
        : fail(type === null ? 'response_type is missing.' : 'It asks for something other than a code.', shown);
    }),
  );
}
