import { rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not ask for passwords. */
export const rule: Rule = {
  id: 'security.no-password-grant',
  title: 'Does not ask for passwords',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(9700, '2.4', 'Resource Owner Password Credentials Grant')],
  assessable: 'A token request arrived in a sandbox without legacyGrants.',
  pass: 'grant_type is not password.',
  fail: 'It is.',
  evidence: 'grant_type.',
  why: 'The client sees a password that opens everything, and the server cannot ask for a second factor.',
  fix: 'Use the authorization code or the device grant.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, grantType }) => {
      if (run.knob(seen, 'legacyGrants') !== false || grantType === null) return null;
      const shown = parameter(seen, 'grant_type', 'grant_type');
      return grantType === 'password'
        ? fail('It asks with a password.', shown)
        : passSoFar('It does not ask with a password.', shown);
    }),
  );
}
