import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { anothersChallenge, challengeOf, VERIFIER } from '../codes.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The verifier matches the challenge. */
export const rule: Rule = {
  id: 'token.pkce-verifier-matches',
  title: 'The verifier matches the challenge',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(7636, '4.6', 'Server Verifies code_verifier before Returning the Tokens'),
    oauth21('4.1.3', 'Token Endpoint Extension'),
  ],
  assessable: 'A token request with a verifier arrived for a code that this sandbox issued.',
  pass: 'Its SHA-256 in base64url is the challenge of the authorization request that the code belongs to.',
  fail: 'It is not.',
  evidence: 'Verifier, its hash, and the challenge.',
  why: 'A wrong verifier is what an attacker has to offer.',
  fix: 'Key the stored verifier by state. Parallel flows that share one slot overwrite each other.',
  scenarios: [],
  pitfalls: [
    'A verifier that belongs to another request of the same client is judged by token.pkce-verifiers-apart.',
    'A verifier of the wrong form is judged by token.pkce-verifier-form.',
  ],
  checks: ['pkce-verifier-matches-challenge'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, authorization }) => {
      const verifier = seen.param('code_verifier');
      const challenge = authorization?.parameters.get('code_challenge');
      if (!authorization || !verifier || !challenge || !VERIFIER.test(verifier)) return null;
      // A challenge of the wrong form can match nothing; a rule of its own says so.
      if (authorization.parameters.get('code_challenge_method') === 'S256' && !/^[A-Za-z0-9_-]{43}$/.test(challenge))
        return null;
      const expected = challengeOf(verifier, authorization.parameters.get('code_challenge_method'));
      const shown = parameter(seen, 'code_verifier', 'code_verifier');
      if (expected === challenge) return passSoFar('The verifier matches the challenge.', shown);
      if (anothersChallenge(run, authorization, verifier) !== null)
        return none('no-occasion', 'It is the verifier of another request.');
      return fail('The hash of the verifier is not the challenge.', shown, {
        ...parameter(authorization.pushed ?? authorization.seen, 'code_challenge', 'the challenge', expected),
        got: challenge,
      });
    }),
  );
}
