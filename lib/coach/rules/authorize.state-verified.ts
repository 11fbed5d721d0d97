import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { redirected } from '../exhibits.ts';
import { worst } from '../findings.ts';
import { codesOf, notRedeemed } from '../codes.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Discards an answer with another state. */
export const rule: Rule = {
  id: 'authorize.state-verified',
  title: 'Discards an answer with another state',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    mcp('2026-07-28', 'security', 'Open Redirection'),
    oauth21('2.3.3', 'Preventing CSRF Attacks'),
    rfc(6749, '10.12', 'Cross-Site Request Forgery'),
  ],
  assessable: 'The client sent a state, and a redirect without it or with another one was issued.',
  pass: 'The code of that redirect is not redeemed for 60 seconds of real time, or until the run is closed.',
  fail: 'It is redeemed.',
  evidence: 'The state sent, the one returned, and the token request.',
  why: "Such an answer belongs to somebody else's request. Accepting it signs the user in to an attacker's account.",
  fix: 'Compare before anything else, and drop the whole answer when the state differs or is missing.',
  scenarios: ['state-wrong', 'state-missing'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(codesOf(run), ({ authorization, answer }) => {
      const sent = authorization.parameters.get('state');
      if (!sent || answer.state === sent) return null;
      return notRedeemed(
        run,
        answer,
        redirected(answer.seen, 'state', 'the state that came back', sent),
        answer.state === null ? 'no state' : 'another state',
      );
    }),
  );
}
