import { mcp, oauth21 } from '#lib/config/scenarios/clauses.ts';
import { requestHeader } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { misplacedToken } from '../tokens.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Presents the token in the Authorization header. */
export const rule: Rule = {
  id: 'resource.token-in-header',
  title: 'Presents the token in the Authorization header',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Token Requirements'),
    oauth21('5.1.1', 'Authorization Request Header Field'),
    mcp('2025-06-18', 'authorization', 'Token Requirements'),
  ],
  assessable: 'A request to an MCP endpoint carries an access token that this sandbox issued.',
  pass: 'It is in the Authorization header, with the Bearer or DPoP scheme in any case.',
  fail: 'It is in another header, under another scheme, between quotes, or in the body.',
  evidence: 'Where the token was found, masked.',
  why: 'Everything else ends up in logs or is never read.',
  fix: 'Send Authorization: Bearer and the token.',
  scenarios: [],
  pitfalls: [
    'A token in the query is judged by security.token-not-in-url.',
    'Cookies are not recorded: a token in one is judged by resource.token-used.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  if (run.ledger.byAccess.size === 0) return none('no-occasion');
  return worst(
    everyOne(run.calls, (call) => {
      const { seen, tokens } = call;
      if (tokens !== null)
        return passSoFar(
          'The token is in the Authorization header.',
          requestHeader(seen, 'authorization', 'the token'),
        );
      const place = misplacedToken(run, call);
      return place && fail('The token is not where it belongs: Authorization: Bearer, a space, and the token.', place);
    }),
  );
}
