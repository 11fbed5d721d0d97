import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, requestHeader } from '../exhibits.ts';
import { fail, passSoFar } from '../findings.ts';
import { PLACEHOLDER } from '../look.ts';
import { everyRefusedToken, sentAgain } from '../refusals.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not repeat a refused token. */
export const rule: Rule = {
  id: 'resource.refused-token-dropped',
  title: 'Does not repeat a refused token',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('5.3.2', 'Error Codes'),
    rfc(9110, '15.5.2', '401 Unauthorized'),
    mcp('2026-07-28', 'authorization', 'Error Handling'),
  ],
  assessable: 'A token got 401 invalid_token, and the answer was delivered.',
  pass: 'At most two more requests with that token arrive later than two seconds after it.',
  fail: 'A third one does.',
  evidence: 'The 401 and the requests after it.',
  why: 'The token will not get better. The user sees a server that does not answer.',
  fix: 'On 401 refresh, else authorize again, and repeat the call once with the new token.',
  scenarios: [
    'token-expires-midway',
    'token-tampered-signature',
    'key-rollover-no-overlap',
    'token-not-yet-valid',
    'revoked-mid-session',
    'token-expires-in-too-long',
    'token-unknown-kid',
    'token-alg-switch',
  ],
  pitfalls: [
    'Requests that were already on their way do not count. Therefore the rule waits two seconds.',
    'Another process of the same client may hold the token; the evidence shows address and user agent.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return everyRefusedToken(run, (seen, token) => {
    if (PLACEHOLDER.test(token)) return null;
    const shown = answerHeader(seen, 'www-authenticate', 'the refusal');
    const again = sentAgain(run, seen, token);
    return again[2]
      ? fail(
          'It sent a refused token a third time.',
          requestHeader(again[2].seen, 'authorization', 'the third time'),
          shown,
        )
      : passSoFar('It does not go on with a refused token.', shown);
  });
}
