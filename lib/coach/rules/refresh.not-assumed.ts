import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isForMcp, isUsable } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not count on a refresh token. */
export const rule: Rule = {
  id: 'refresh.not-assumed',
  title: 'Does not count on a refresh token',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    mcp('2026-07-28', 'authorization', 'Refresh Tokens'),
    {
      doc: 'SEP-2207 Refresh Token Guidance',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2207',
    },
  ],
  assessable: 'A token response without a refresh token was delivered for a new grant.',
  pass: 'The access token is used, and after its expiry the client authorizes.',
  fail: 'A refresh request comes without a refresh token, or with one that nobody issued.',
  evidence: 'The token response, and the refresh request.',
  why: "Whether one is issued is the server's choice.",
  fix: 'Branch on the presence of the member.',
  scenarios: ['refresh-not-issued'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokens, (tokens) => {
      const { seen, grantType } = tokens.request;
      if (
        tokens.parent !== null ||
        tokens.refresh !== null ||
        grantType === 'refresh_token' ||
        !isUsable(tokens) ||
        !isForMcp(run, tokens)
      )
        return null;
      const shown = answerMember(seen, 'refresh_token', 'the answer without a refresh token');
      const next = run.refreshes.find((one) => byTime(one.seen, seen) > 0);
      const issued = next?.refresh ? run.ledger.byRefresh.get(next.refresh) : undefined;
      if (next && !next.refresh)
        return fail(
          'It refreshes without a token.',
          parameter(next.seen, 'refresh_token', 'the refresh request'),
          shown,
        );
      if (next && issued === undefined && run.complete && !run.forgot)
        return fail(
          'It refreshes with a token that nobody issued.',
          parameter(next.seen, 'refresh_token', 'the refresh request'),
          shown,
        );
      const used = run.ledger.calls.find(({ token }) => token === tokens.access);
      return used
        ? passSoFar('It does without a refresh token.', request(used.seen, 'the call with the access token'), shown)
        : null;
    }),
  );
}
