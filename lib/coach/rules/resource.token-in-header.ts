import { requestHeader } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne, misplacedToken } from '../look.ts';
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
    {
      doc: 'MCP 2026-07-28',
      section: 'Authorization: Token Requirements',
      url: 'https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#token-requirements',
    },
    {
      doc: 'OAuth 2.1 draft 13',
      section: '5.1.1 Authorization Request Header Field',
      url: 'https://www.ietf.org/archive/id/draft-ietf-oauth-v2-1-13.html#section-5.1.1',
    },
    {
      doc: 'MCP 2025-06-18',
      section: 'Authorization: Token Requirements',
      url: 'https://modelcontextprotocol.io/specification/2025-06-18/basic/authorization#token-requirements',
    },
  ],
  assessable: 'A request to an MCP endpoint carries an access token that this sandbox issued.',
  pass: 'It is in the Authorization header, with the Bearer or DPoP scheme in any case.',
  fail: 'It is in another header, in a cookie, or in the body.',
  evidence: 'Where the token was found, masked.',
  why: 'Everything else ends up in logs or is never read.',
  fix: 'Send Authorization: Bearer and the token.',
  scenarios: [],
  pitfalls: ['A token in the query is judged by security.token-not-in-url.'],
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
      return place && fail('The token is outside the Authorization header.', place);
    }),
  );
}
