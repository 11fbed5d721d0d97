import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember } from '../exhibits.ts';
import { none, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isForMcp, isTokenForAnother, isUsable, unusual, usedOrNot } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses the token that it got. */
export const rule: Rule = {
  id: 'resource.token-used',
  title: 'Uses the token that it got',
  level: 'SHOULD',
  from: '2025-03-26',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Token Requirements'),
    mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
  ],
  assessable: 'A token response for a client that had been refused by the MCP server was delivered.',
  pass: 'An MCP request with that token arrives.',
  fail: 'The run is closed without one.',
  absence: 'Certain only when the developer closes the run. Until then it is the silence after-token.',
  evidence: 'The token response, and nothing after it.',
  why: 'It is where clients most often stop, and where they say least about it.',
  fix: 'See the causes under the silence after-token.',
  scenarios: [],
  pitfalls: [
    'Not assessable under scenarios whose token response is broken on purpose.',
    'Correct but unusual token responses are judged by token.variations-tolerated.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const refused = run.calls.find(({ seen }) => seen.status === 401);
  if (refused === undefined)
    return none(run.calls.length === 0 && run.tokens.length > 0 ? 'other-kind' : 'no-occasion');
  return worst(
    everyOne(run.tokens, (tokens) => {
      const { seen, grantType } = tokens.request;
      if (
        !isUsable(tokens) ||
        !isForMcp(run, tokens) ||
        isTokenForAnother(run, tokens.request) ||
        byTime(seen, refused.seen) < 0 ||
        seen.acted('patch')
      )
        return null;
      // A refreshed token may be one for later; and an unusual answer is judged by another rule.
      if (tokens.parent !== null || grantType === 'refresh_token' || unusual(run, tokens) !== null) return null;
      return usedOrNot(run, tokens, answerMember(seen, 'access_token', 'the token response'), 'the token that it got');
    }),
  );
}
