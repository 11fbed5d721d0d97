import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refreshes once at a time. */
export const rule: Rule = {
  id: 'refresh.single-flight',
  title: 'Refreshes once at a time',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.3.1', 'Token Endpoint Extension'), rfc(9700, '4.14', 'Refresh Token Protection')],
  assessable: 'A refresh request arrived.',
  pass: 'No other request with the same refresh token begins before it is answered, or within five seconds after.',
  fail: 'One does.',
  evidence: 'Both requests on a line of time.',
  why: 'With rotation one of them loses, and servers that watch for theft end the session.',
  fix: 'Let all calls that need a token wait for one refresh, across processes too.',
  scenarios: [],
  pitfalls: [
    'An HTTP library that repeats a request on a closed connection looks the same. Not judged where the ' +
      'sandbox dropped the connection.',
    'A client that gave up waiting and tries again is no race: not judged if the first answer did not reach it.',
    'A server with a grace period lets races work (`refresh-grace`): not judged where the sandbox forgives reuse.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  let forgiven = false;
  const found = worst(
    everyOne(run.refreshes, ({ seen, refresh, tokens }) => {
      if (!refresh || seen.exchange.response === null || seen.error === 'use_dpop_nonce') return null;
      const shown = parameter(seen, 'refresh_token', 'the first refresh request');
      // A token that stays the same may be used by several workers, and for one resource after another.
      if (tokens !== null && (tokens.refresh === null || tokens.refresh === refresh))
        return passSoFar('The refresh token stays the same.', shown);
      const other = run.refreshes.find(
        (one) =>
          one.refresh === refresh &&
          byTime(one.seen, seen) > 0 &&
          seen.delivered &&
          (one.seen.start < seen.end || (seen.status === 200 && one.seen.start <= seen.end + 5000)),
      );
      if (other && forgives(run, other.seen)) {
        forgiven = true;
        return null;
      }
      return other
        ? fail(
            other.seen.start < seen.end
              ? 'Two refresh requests ran at once.'
              : 'A refresh token was sent again right after it was used.',
            parameter(
              other.seen,
              'refresh_token',
              `the same token, ${Math.round(other.seen.start - seen.start)} ms later`,
            ),
            shown,
          )
        : passSoFar('It refreshes once at a time.', shown);
    }),
  );
  // It did race, so that it has not passed, and no harm came of it, so that it has not failed.
  return forgiven && found.verdict !== 'fail'
    ? none('on-purpose', 'The sandbox takes a refresh token a second time, so that a race does no harm.')
    : found;
}

/** Whether the sandbox answers a rotated token again, or it is no longer known whether it did. */
function forgives(run: Run, seen: Seen): boolean {
  return run.knob(seen, 'refresh.grace') !== 0 || run.knob(seen, 'refresh.reuse') === 'accept';
}
