import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, none, passSoFar } from '../findings.ts';
import type { Call } from '../entries.ts';
import { isPending } from '../look.ts';
import { rootOf, wasGood } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import { isSameBrowser } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Stops when every token is refused. */
export const rule: Rule = {
  id: 'authorize.rejection-limit',
  title: 'Stops when every token is refused',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [rfc(9110, '15.5.2', '401 Unauthorized'), oauth21('5.3.2', 'Error Codes')],
  assessable: 'Fresh tokens of this client were refused with 401 twice in a row.',
  pass: 'At most three authorization requests and ten token requests follow within ten minutes.',
  fail: 'More than that.',
  evidence: 'The refused calls, with the requests between them.',
  why: 'The same challenge after a fresh token means that no token will do.',
  fix: 'After one refresh and one new authorization report that the server refuses its tokens.',
  scenarios: ['unauthorized-forever', 'token-wrong-audience', 'auth0-like'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const refused: Call[] = [];
  for (const call of run.calls) {
    if (call.token === null || call.tokens === null) continue;
    if (call.seen.status >= 200 && call.seen.status < 300) refused.length = 0;
    else if (
      call.seen.status === 401 &&
      call.seen.error !== 'use_dpop_nonce' &&
      refused.at(-1)?.token !== call.token &&
      wasGood(run, call.token, call.seen) === null
    )
      refused.push(call);
    if (refused.length === 2) break;
  }
  const second = refused[1]?.seen;
  if (second === undefined) return none('no-occasion');
  const within = (seen: Seen): boolean => byTime(seen, second) > 0 && seen.start <= second.start + 600_000;
  const behind = refused[1]?.tokens ? rootOf(refused[1].tokens).request.authorization : null;
  const asked = run.authorizations.filter(
    ({ seen }) => within(seen) && (behind === null || isSameBrowser(seen, behind.seen)),
  );
  const redeemed = run.tokenRequests.filter(({ seen }) => within(seen) && !isPending(seen));
  const shown = status(second, 'the second fresh token that is refused');
  if (asked[3])
    return fail(
      'It asked a fourth time, although no token will do.',
      request(asked[3].seen, 'the fourth authorization request'),
      shown,
    );
  if (redeemed[10])
    return fail(
      'It asked for tokens more than ten times, although none will do.',
      request(redeemed[10].seen, 'the eleventh token request'),
      shown,
    );
  return passSoFar('It does not go on asking.', shown);
}
