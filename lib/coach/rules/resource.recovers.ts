import { mcp, oauth21 } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, requestHeader } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { untilClosed } from '../look.ts';
import { wasGood } from '../tokens.ts';
import { everyRefusedToken, sentAgain } from '../refusals.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Recovers from a refused token. */
export const rule: Rule = {
  id: 'resource.recovers',
  title: 'Recovers from a refused token',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [oauth21('5.3.2', 'Error Codes'), mcp('2026-07-28', 'authorization', 'Token Handling')],
  assessable:
    'A token that had been good got 401 invalid_token, the answer was delivered, and new tokens are to be had.',
  pass: 'A request with another token is accepted later.',
  fail: 'The run is closed without one.',
  absence: 'Certain only when the developer closes the run.',
  evidence: 'The 401, and what followed.',
  why: "Tokens end before their time. A client that cannot go on loses the user's work.",
  fix: 'Treat a 401 in the middle of a session like the first one.',
  scenarios: [
    'token-expires-midway',
    'key-rollover-no-overlap',
    'revoked-mid-session',
    'token-expires-in-too-long',
    'authorization-server-migration',
    'token-alg-switch',
  ],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return everyRefusedToken(run, (seen, token) => {
    if (seen.faulted || wasGood(run, token, seen) === null) return null;
    // A client that was given a token, and never asked for one, cannot get another.
    if (run.ledger.byAccess.size === 0 && run.tokenRequests.length === 0) return none('other-kind');
    const shown = answerHeader(seen, 'www-authenticate', 'the refusal of a token that had been good');
    const later = run.calls.find(
      (call) =>
        call.token !== null &&
        call.token !== token &&
        byTime(call.seen, seen) > 0 &&
        call.seen.status >= 200 &&
        call.seen.status < 300,
    );
    if (later)
      return pass(
        'It went on with another token.',
        requestHeader(later.seen, 'authorization', 'the call that was accepted'),
        shown,
      );
    // It tried, and was not let in as a client: what is wrong there is judged by other rules.
    const tried = run.tokenRequests.findLast((one) => byTime(one.seen, seen) > 0);
    if (tried?.seen.error === 'invalid_client') return none('no-occasion');
    // It goes on with the dead token: resource.refused-token-dropped says so.
    if (sentAgain(run, seen, token).length > 2) return none('no-occasion');
    // Another issuer speaks for the resource now: rules of their own judge what a client has to do.
    if (seen.exchange.reason === 'token-issuer') return none('no-occasion');
    return run.closed
      ? fail('It never came back with another token.', shown)
      : untilClosed('It has not come back with another token yet.');
  });
}
