import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request, requestHeader, status } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { untilClosed } from '../look.ts';
import { byTime } from '../seen.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Starts to authorize when it is challenged. */
export const rule: Rule = {
  id: 'discovery.responds-to-401',
  title: 'Starts to authorize when it is challenged',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    mcp('2025-06-18', 'authorization', 'Authorization Server Discovery'),
  ],
  assessable: 'The client sent an MCP request without a token and the 401 was delivered.',
  pass: 'Any discovery, registration, authorization, device or token request of this client follows the 401.',
  fail: 'The run is closed and nothing but further MCP requests without a token followed.',
  absence: 'Certain only when the developer closes the run. Until then it is the silence after-401.',
  evidence: 'The 401 with its WWW-Authenticate, and the MCP requests after it.',
  why: 'A 401 is an invitation to authorize. A client that takes it for an error can use open servers only.',
  fix: 'On 401 read WWW-Authenticate and start discovery, or offer the user a way to sign in.',
  scenarios: [],
  pitfalls: [
    'Many clients wait for the user to press a button after the 401.',
    'A client that was given a fixed Authorization header is not an OAuth client; the rule does not apply ' + 'to it.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const [challenge] = run.challenged;
  if (challenge === undefined || run.calls.some(({ token }) => token !== null && !run.tokenRequests.length))
    return none('no-occasion');
  const shown = status(challenge.seen, 'the 401 that invites it to authorize');
  const followed = run.after(challenge.seen).find((seen) => STARTS.has(seen.endpoint));
  if (followed) return pass('It went on after the 401.', request(followed, 'what followed the 401'), shown);
  const called = run.calls.find((call) => call.token !== null && byTime(call.seen, challenge.seen) > 0);
  if (called)
    return pass('It came back with a token.', requestHeader(called.seen, 'authorization', 'the token'), shown);
  if (!run.closed) return untilClosed('Nothing has followed the 401 yet. A client may wait for its user.');
  const last = run.calls.at(-1)!.seen;
  return fail(
    'Nothing but calls without a token followed the 401.',
    shown,
    request(last, 'the last call, without a token'),
  );
}

/** What shows that a client has begun to authorize. */
const STARTS: ReadonlySet<string> = new Set(['prm', 'as-metadata', 'register', 'authorize', 'par', 'device', 'token']);
