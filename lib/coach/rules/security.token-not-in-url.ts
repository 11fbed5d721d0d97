import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { queryOfUrl } from '#lib/exchange/read.ts';
import { answerMember, parameter, requestHeader } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** No access token in an address. */
export const rule: Rule = {
  id: 'security.token-not-in-url',
  title: 'No access token in an address',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Token Requirements'),
    oauth21('5.1', 'Bearer Token Requests'),
    oauth21('7.1.3.7', "Don't pass bearer tokens in page URLs"),
    rfc(6750, '2.3', 'URI Query Parameter'),
  ],
  assessable: 'Any request of this client arrived.',
  pass: 'No access token that this sandbox issued is in its target or Referer.',
  fail: 'One is.',
  evidence: 'The part of the address, with the token masked.',
  why: 'Addresses are written to logs and histories everywhere on the way.',
  fix: 'Use the Authorization header.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  if (run.ledger.byAccess.size === 0) return none('no-occasion');
  const [first] = run.tokens.filter(({ access }) => access !== null);
  return worst(
    everyOne(run.seen, (seen) => {
      for (const [name, value] of seen.query)
        if (run.ledger.byAccess.has(value))
          return fail('An access token is in the address.', parameter(seen, name, 'the token in the address'));
      const referer = seen.header('referer');
      if (referer?.includes('?'))
        for (const [, value] of queryOfUrl(referer))
          if (run.ledger.byAccess.has(value))
            return fail('An access token is in Referer.', requestHeader(seen, 'referer', 'the token in Referer'));
      return null;
    }),
    first
      ? passSoFar(
          'No address has an access token in it.',
          answerMember(first.request.seen, 'access_token', 'the token that was looked for'),
        )
      : none('no-occasion'),
  );
}
