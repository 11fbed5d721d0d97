import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends the code verifier. */
export const rule: Rule = {
  id: 'token.pkce-verifier',
  title: 'Sends the code verifier',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('4.1.3', 'Token Endpoint Extension'),
    mcp('2026-07-28', 'security', 'Authorization Code Protection'),
    rfc(7636, '4.5', 'Client Sends the Authorization Code and the Code Verifier to the Token Endpoint'),
  ],
  assessable: 'A token request for a code arrived whose authorization request had a challenge.',
  pass: 'code_verifier is present.',
  fail: 'It is not.',
  evidence: 'The parameters of the token request, and the challenge waiting for it.',
  why: 'It proves that the client that redeems the code is the one that asked for it.',
  fix: 'Store the verifier with the state, and send it with the code.',
  scenarios: [],
  pitfalls: [],
  checks: ['pkce-code-verifier-sent'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, authorization }) => {
      const challenge = authorization?.parameters.get('code_challenge');
      if (!authorization || !challenge) return null;
      const shown = parameter(seen, 'code_verifier', 'code_verifier');
      return seen.param('code_verifier')
        ? passSoFar('It sends the verifier.', shown)
        : fail(
            'It does not send the verifier.',
            shown,
            parameter(authorization.pushed ?? authorization.seen, 'code_challenge', 'the challenge that waits for it'),
          );
    }),
  );
}
