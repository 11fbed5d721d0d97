import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, parameter, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import type { Tokens } from '../entries.ts';
import { everyOne, untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import { nextGrant } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refreshes instead of asking the user. */
export const rule: Rule = {
  id: 'refresh.used',
  title: 'Refreshes instead of asking the user',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.3', 'Refresh Token Grant'), rfc(6749, '6', 'Refreshing an Access Token')],
  assessable: 'The client holds a refresh token that is good, and its access token was refused as expired.',
  pass: 'A refresh request comes before the next authorization request.',
  fail: 'An authorization request comes first.',
  absence: 'Certain with the authorization request.',
  evidence: 'The 401, and the authorization request.',
  why: 'The user has to sign in again although nothing has changed.',
  fix: 'On 401, and shortly before expiry, try the refresh token first.',
  scenarios: ['token-refresh-basic', 'token-refresh-rotation', 'token-expires-midway', 'token-expires-in-too-long'],
  pitfalls: [
    "No clause obliges a client to use a refresh token. The suite's proposal words it as an obligation.",
    'A client that did not ask for refresh tokens may ignore one; it is warned all the same.',
  ],
  checks: ['refresh-token-grant-used'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen, tokens }) => {
      if (seen.status !== 401 || !seen.delivered || tokens === null || seen.exchange.reason !== 'token-expired')
        return null;
      const held = heldRefresh(run, tokens, seen);
      if (held === null) return null;
      const shown = answerHeader(seen, 'www-authenticate', 'the refusal of an expired token');
      const next = nextGrant(run, seen, tokens);
      const early = run.refreshes.find(
        (one) => one.refresh === held && one.seen.start <= seen.end && one.seen.end >= seen.start,
      );
      if (early) return pass('It refreshed.', parameter(early.seen, 'grant_type', 'the refresh request'), shown);
      if (next === undefined) return untilClosed('It has neither refreshed nor authorized yet.');
      return next.endpoint === 'token'
        ? pass('It refreshed before it asked the user.', parameter(next, 'grant_type', 'the refresh request'), shown)
        : fail(
            'It asked the user, although it held a refresh token.',
            request(next, 'the authorization request'),
            shown,
          );
    }),
  );
}

/** The refresh token that a client holds when it is refused; null if it holds none that may be good. */
function heldRefresh(run: Run, { refresh, request: { seen } }: Tokens, at: Seen): string | null {
  // Whether it kept the one before, if an answer brought none, is judged by another rule.
  if (refresh === null || !seen.delivered) return null;
  // It tried before the call, and was refused for good or for the moment: rules of their own judge what follows.
  const tried = run.ledger.tokenRequests.some(
    (one) => one.refresh === refresh && hasFailed(one.seen) && byTime(one.seen, at) < 0,
  );
  return tried ? null : refresh;
}

function hasFailed({ status, error }: Seen): boolean {
  return error === 'invalid_grant' || status === 0 || status === 429 || status >= 500;
}
