import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The challenge method is S256. */
export const rule: Rule = {
  id: 'authorize.pkce-s256',
  title: 'The challenge method is S256',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('4.1.1', 'Authorization Request'),
    mcp('2026-07-28', 'security', 'Authorization Code Protection'),
    rfc(7636, '4.3', 'Client Sends the Code Challenge with the Authorization Request'),
  ],
  assessable: 'An authorization request with a code challenge arrived.',
  pass: 'code_challenge_method is S256.',
  fail: 'It is missing, which means plain, or plain.',
  evidence: 'code_challenge_method.',
  why: 'With plain the challenge is the verifier, and anyone who reads the request has it.',
  fix: 'Send code_challenge_method=S256, spelled like that.',
  scenarios: [],
  pitfalls: [],
  checks: ['pkce-s256-method-used'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, parameters }) => {
      if (!parameters.get('code_challenge')) return null;
      const method = parameters.get('code_challenge_method') || null;
      const shown = parameter(pushed ?? seen, 'code_challenge_method', 'code_challenge_method', 'S256');
      return method === 'S256'
        ? passSoFar('The method is S256.', shown)
        : fail(method === null ? 'The method is missing, which means plain.' : 'The method is not S256.', shown);
    }),
  );
}
