import { mcp, oauth21 } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter, requestHeader } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refresh tokens go to the token endpoint only. */
export const rule: Rule = {
  id: 'security.refresh-token-confined',
  title: 'Refresh tokens go to the token endpoint only',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('4.3', 'Refresh Token Grant'),
    mcp('2026-07-28', 'authorization', 'Refresh Tokens'),
    mcp('2026-07-28', 'security', 'Token Theft'),
  ],
  assessable: 'Any request of this client arrived, and the sandbox has issued it a refresh token.',
  pass: 'The refresh token occurs only in bodies sent to the token, revocation and introspection endpoints.',
  fail: 'It occurs in a request to an MCP endpoint, in a header, or at another issuer.',
  evidence: 'Where it was found, masked.',
  why: 'Anyone who has it can act for the user for weeks.',
  fix: 'Keep the two tokens apart, and send the access token to the MCP server.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const [first] = run.tokens.filter(({ refresh }) => refresh !== null);
  if (first === undefined) return none('no-occasion');
  return worst(
    everyOne(run.seen, (seen) => {
      if (byTime(seen, first.request.seen) < 0) return null;
      const token = seen.token?.token;
      if (token !== undefined && run.ledger.byRefresh.has(token))
        return fail(
          'The refresh token is sent as an access token.',
          requestHeader(seen, 'authorization', 'the refresh token'),
        );
      for (const [name, value] of seen.exchange.request.headers)
        if (value.length >= 16 && run.ledger.byRefresh.has(value))
          return fail(
            'The refresh token is in a header.',
            requestHeader(seen, name.toLowerCase(), 'the refresh token'),
          );
      const name = ['refresh_token', 'token'].find((one) => run.ledger.byRefresh.has(seen.form.get(one) ?? ''));
      const sent = name && seen.form.get(name);
      const owner = sent ? run.ledger.byRefresh.get(sent) : undefined;
      return owner && owner.request.issuer !== run.ledger.issuerOf(seen)
        ? fail('The refresh token is sent to another issuer.', parameter(seen, name!, 'the refresh token'))
        : null;
    }),
    passSoFar(
      'The refresh token goes to the server that issued it only.',
      answerMember(first.request.seen, 'refresh_token', 'the token that was looked for'),
    ),
  );
}
