import { mcp } from '#lib/config/scenarios/clauses.ts';
import { requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { Call } from '../entries.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Presents the token with every request. */
export const rule: Rule = {
  id: 'resource.token-in-every-request',
  title: 'Presents the token with every request',
  level: 'MUST',
  from: '2025-03-26',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Token Requirements'),
    mcp('2025-11-25', 'authorization', 'Token Requirements'),
    mcp('2025-06-18', 'authorization', 'Token Requirements'),
  ],
  assessable: 'Requests with the same Mcp-Session-Id arrived, at least one of them with a token that was accepted.',
  pass: 'All later requests of that session carry a token.',
  fail: 'A later POST, GET or DELETE of that session carries none.',
  evidence: 'The request without a token, and an earlier one with it.',
  why: 'A session identifier is no credential. Servers have to check each request.',
  fix: 'Add the header in the one place that all requests of the transport pass.',
  scenarios: [],
  pitfalls: [
    "Without a session identifier a request without a token cannot be laid at anybody's door. Clients of " +
      '2026-07-28 have none, and the rule stays not observed for them.',
    'OPTIONS requests never carry one.',
    'Methods that the sandbox answers without a token are not judged.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const sessions = new Map<string, Call>();
  const findings: Finding[] = [];
  for (const call of run.calls) {
    const id = call.seen.header('mcp-session-id') ?? call.seen.answerHeader('mcp-session-id');
    if (id === null) continue;
    const first = sessions.get(id);
    if (first === undefined) {
      if (call.token !== null && call.seen.status >= 200 && call.seen.status < 300) sessions.set(id, call);
      continue;
    }
    const shown = requestHeader(first.seen, 'authorization', 'an earlier request of the session');
    if (call.token !== null)
      findings.push(
        passSoFar(
          'Later requests of the session carry the token.',
          requestHeader(call.seen, 'authorization', 'the token'),
          shown,
        ),
      );
    else if (call.seen.status === 401)
      findings.push(
        fail(
          'A request of the session carries no token.',
          requestHeader(call.seen, 'authorization', 'the header that is missing'),
          shown,
        ),
      );
  }
  return worst(findings);
}
