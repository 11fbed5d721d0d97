import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter, request, status } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { PATIENCE, type Run } from '../run.ts';
import { nextGrant } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps the refresh token through an outage. */
export const rule: Rule = {
  id: 'refresh.survives-outage',
  title: 'Keeps the refresh token through an outage',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(9110, '15.6.4', '503 Service Unavailable'), oauth21('3.2.4', 'Error Response')],
  assessable: 'A refresh request got 5xx, 429 or no answer.',
  pass: 'The same refresh token is tried again before an authorization request, or nothing follows.',
  fail: 'An authorization request comes first.',
  evidence: 'The failed refresh, and the authorization request.',
  why: 'A passing fault costs the user a sign-in, and all users at once.',
  fix: 'Only invalid_grant ends a refresh token.',
  scenarios: ['refresh-unavailable'],
  pitfalls: [
    'A user who signs in again by hand in the meantime looks the same. Requests more than a minute later ' +
      'are not judged.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh }) => {
      if (!refresh || (seen.status !== 0 && seen.status !== 429 && seen.status < 500)) return null;
      const shown = status(seen, 'the refresh that failed for the moment');
      const found = nextGrant(run, seen, run.ledger.byRefresh.get(refresh) ?? null);
      const next = found !== undefined && found.start <= seen.end + PATIENCE ? found : undefined;
      if (next?.endpoint === 'authorize')
        return fail(
          'It asked the user, although the refresh token may be good.',
          request(next, 'the authorization request'),
          shown,
        );
      if (next)
        return pass('It tried the refresh token again.', parameter(next, 'refresh_token', 'the same token'), shown);
      return run.isOver(seen, PATIENCE)
        ? pass('It did not ask the user.', shown)
        : run.wait(seen, PATIENCE, 'Counts once nothing has followed for 60 seconds.');
    }),
  );
}
