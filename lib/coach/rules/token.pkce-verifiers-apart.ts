import { rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { anothersChallenge, challengeOf } from '../codes.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps the verifiers of two flows apart. */
export const rule: Rule = {
  id: 'token.pkce-verifiers-apart',
  title: 'Keeps the verifiers of two flows apart',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(7636, '4.1', 'Client Creates a Code Verifier'),
    rfc(7636, '4.5', 'Client Sends the Authorization Code and the Code Verifier to the Token Endpoint'),
  ],
  assessable:
    'Two authorization requests of one client were under way at once, and a code of one of them was ' +
    'presented with a verifier.',
  pass: 'The verifier belongs to the request of the code.',
  fail: 'It belongs to another request of the same client.',
  evidence: 'The verifier, the request that it belongs to, and the request that the code belongs to.',
  why:
    'The second flow overwrote what the first had stored. Of two windows that sign in at once, the first ' +
    'always fails.',
  fix: 'Store the verifier by state, and not in one place for the whole client.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, authorization }) => {
      const verifier = seen.param('code_verifier');
      const challenge = authorization?.parameters.get('code_challenge');
      if (!authorization || !verifier || !challenge) return null;
      const open = run.authorizations.filter(
        (one) =>
          one !== authorization &&
          byTime(one.seen, seen) < 0 &&
          !one.redemptions.some((other) => byTime(other.seen, authorization.seen) < 0),
      );
      if (open.length === 0) return null;
      const shown = parameter(seen, 'code_verifier', 'code_verifier');
      if (challengeOf(verifier, authorization.parameters.get('code_challenge_method')) === challenge)
        return passSoFar('Two requests were under way, and each has its own verifier.', shown);
      const other = anothersChallenge(run, authorization, verifier);
      return (
        other &&
        fail(
          'It sends the verifier of another request: two flows share one place.',
          shown,
          parameter(other.pushed ?? other.seen, 'code_challenge', 'the request that it belongs to'),
          parameter(
            authorization.pushed ?? authorization.seen,
            'code_challenge',
            'the request that the code belongs to',
          ),
        )
      );
    }),
  );
}
