import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import { isAnothers } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps the refresh token when no new one comes. */
export const rule: Rule = {
  id: 'refresh.old-token-kept',
  title: 'Keeps the refresh token when no new one comes',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(6749, '6', 'Refreshing an Access Token'), oauth21('4.3.2', 'Refresh Token Response')],
  assessable: 'A refresh answer without a refresh token was delivered, and the access token from it has expired.',
  pass: 'The client refreshes with the token that it had.',
  fail: 'It starts an authorization, or sends a refresh request without a token.',
  evidence: 'The answer without a refresh token, and the next request.',
  why: 'A missing member means that nothing has changed.',
  fix: 'Merge the answer into what is stored; do not replace it.',
  scenarios: ['token-refresh-basic'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh, tokens }) => {
      if (tokens === null || tokens.refresh !== null || !refresh || !seen.delivered || seen.faulted) return null;
      const expired = run.calls.find(
        (call) =>
          call.token !== null && call.token === tokens.access && call.seen.status === 401 && call.seen.delivered,
      );
      const shown = answerMember(seen, 'refresh_token', 'the answer without a refresh token');
      const from = expired?.seen ?? seen;
      const next = run
        .after(from)
        .find(
          (one) =>
            (expired && one.endpoint === 'authorize') ||
            (one.endpoint === 'token' && one.param('grant_type') === 'refresh_token'),
        );
      if (next === undefined) return expired ? untilClosed('It has neither refreshed nor authorized yet.') : null;
      const asked = run.authorizations.find((one) => one.seen === next);
      if (asked && isAnothers(run, asked, tokens)) return null;
      if (next.endpoint === 'authorize')
        return fail(
          'It asked the user, although it still held a refresh token.',
          request(next, 'the authorization request'),
          shown,
        );
      const sent = next.param('refresh_token');
      if (!sent)
        return fail(
          'It refreshed without a token.',
          parameter(next, 'refresh_token', 'the token that is missing'),
          shown,
        );
      return sent === refresh
        ? passSoFar(
            'It went on with the token that it had.',
            parameter(next, 'refresh_token', 'the token that it kept'),
            shown,
          )
        : null;
    }),
  );
}
