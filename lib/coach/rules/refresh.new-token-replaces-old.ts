import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Replaces the refresh token by the new one. */
export const rule: Rule = {
  id: 'refresh.new-token-replaces-old',
  title: 'Replaces the refresh token by the new one',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    {
      doc: 'OAuth 2.1 draft 13',
      section: '4.3.2 Refresh Token Response',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-v2-1-13.html#section-4.3.2',
    },
    {
      doc: 'RFC 9700',
      section: '4.14 Refresh Token Protection',
      url: 'https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14',
    },
  ],
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
      if (old && (renewed === undefined || byTime(old.seen, renewed.seen) < 0 || byTime(old.seen, seen) > 0))
        return fail(
          'It came back with the old refresh token.',
          parameter(
            old.seen,
            'refresh_token',
            `the old token, ${Math.round((old.seen.start - seen.end) / 1000)} s later, from ${old.seen.exchange.client.userAgent ?? 'the same client'}`,
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
