import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Drops a refresh token that is dead. */
export const rule: Rule = {
  id: 'refresh.dead-token-dropped',
  title: 'Drops a refresh token that is dead',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [oauth21('3.2.4', 'Error Response'), rfc(6749, '5.2', 'Error Response')],
  assessable: 'A refresh request got invalid_grant, and the answer was delivered.',
  pass: 'That refresh token comes back at most once more.',
  fail: 'It comes back a second time.',
  evidence: 'invalid_grant and the repetitions.',
  why: 'It cannot become good again. Meanwhile the user waits.',
  fix: 'On invalid_grant delete the tokens and start an authorization. On other errors keep them.',
  scenarios: [
    'refresh-idle-expiry',
    'refresh-absolute-expiry',
    'refresh-reuse-revokes-family',
    'refresh-lost-response',
    'revoked-mid-session',
    'revoked-token-lives-on',
  ],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const judged = new Set<string>();
  return worst(
    everyOne(run.refreshes, ({ seen, refresh }) => {
      if (!refresh || judged.has(refresh) || seen.error !== 'invalid_grant' || !seen.delivered) return null;
      judged.add(refresh);
      const shown = answerMember(seen, 'error', 'the refusal');
      const again = run.refreshes.filter((one) => one.refresh === refresh && one.seen.start > seen.end);
      return again[1]
        ? fail(
            'A dead refresh token came back a second time.',
            parameter(again[1].seen, 'refresh_token', 'the second time after the refusal'),
            shown,
          )
        : passSoFar('It does not go on with a dead refresh token.', shown);
    }),
  );
}
