import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Replaces the refresh token by the new one. */
export const rule: Rule = {
  id: 'refresh.new-token-replaces-old',
  title: 'Replaces the refresh token by the new one',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [oauth21('4.3.2', 'Refresh Token Response'), rfc(9700, '4.14', 'Refresh Token Protection')],
  assessable: 'A refresh answer with a new refresh token was delivered.',
  pass: 'The next refresh request presents the new one.',
  fail: 'A request that began more than five seconds after that presents the old one.',
  evidence: 'The answer with the new token, and the request with the old one, both masked but for their ends.',
  why:
    'A used refresh token that comes back means to the server that one of two holders is a thief, and it ' +
    'ends both.',
  fix: 'Write the new refresh token to storage before anything else, in one step, for all processes.',
  scenarios: ['token-refresh-rotation', 'refresh-reuse-revokes-family', 'refresh-grace'],
  pitfalls: [
    'An answer that got lost does not count. The old token is all that the client has then.',
    'A second process with its own copy is the commonest cause. Address and user agent are in the evidence.',
    'Requests that began before the answer was complete are judged by refresh.single-flight.',
  ],
  checks: ['refresh-rotation-result'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh, tokens }) => {
      if (tokens?.refresh == null || refresh === null || tokens.refresh === refresh || !seen.delivered) return null;
      const shown = answerMember(seen, 'refresh_token', 'the answer with the new token');
      const old = run.refreshes.find((one) => one.refresh === refresh && one.seen.start > seen.end + 5000);
      const renewed = run.refreshes.find((one) => one.refresh === tokens.refresh);
      const agent = old?.seen.exchange.client.userAgent ?? 'the same client';
      if (old)
        return fail(
          'It came back with the old refresh token.',
          parameter(
            old.seen,
            'refresh_token',
            `the old token, ${Math.round((old.seen.start - seen.end) / 1000)} s later, from ${agent}`,
          ),
          shown,
        );
      return renewed
        ? passSoFar(
            'It went on with the new refresh token.',
            parameter(renewed.seen, 'refresh_token', 'the new token'),
            shown,
          )
        : null;
    }),
  );
}
