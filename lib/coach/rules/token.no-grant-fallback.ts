import { rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import type { TokenRequest } from '../entries.ts';
import { everyOne } from '../look.ts';
import { isDecision } from '../refusals.ts';
import { PATIENCE, type Run } from '../run.ts';
import { JWT_BEARER } from '../tokens.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not turn to another grant when refused. */
export const rule: Rule = {
  id: 'token.no-grant-fallback',
  title: 'Does not turn to another grant when refused',
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    {
      doc: 'SEP-1933 Workload Identity Federation (open proposal)',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/1933',
    },
    rfc(6749, '5.2', 'Error Response'),
  ],
  assessable:
    'A jwt-bearer token request got invalid_grant, invalid_scope or unauthorized_client, and the answer was ' +
    'delivered.',
  pass: 'No other token request of this client follows within 60 seconds of real time.',
  fail: 'The same request is repeated, or one with another grant follows.',
  evidence: 'The refusal, and the request after it.',
  why: 'The refusal is a decision about this workload. Trying other doors looks like an attack and hides the cause.',
  fix: 'Report error and error_description, and stop.',
  scenarios: ['wif-jwt-bearer'],
  pitfalls: ["The proposal's text was not at hand. The rule follows what the suite warns of."],
  checks: ['wif-no-retry', 'wif-grant-fallback'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, (token) => {
      if (!isDecision(token)) return null;
      const { seen } = token;
      const shown = answerMember(seen, 'error', 'the refusal');
      const next = run.tokenRequests.find((one) => isLater(one, token) && one.seen.start <= seen.end + PATIENCE);
      if (next)
        return fail(
          'Another token request followed the refusal.',
          parameter(next.seen, 'grant_type', 'the request after it'),
          shown,
        );
      return run.isOver(seen, PATIENCE)
        ? pass('It stopped at the refusal.', shown)
        : run.wait(seen, PATIENCE, 'Counts once nothing has followed for 60 seconds.');
    }),
  );
}

/** ms within which a request of another worker, with an assertion of its own, may still be on its way. */
const ON_THE_WAY = 2000;

/** Whether a token request was made when the client knew of a refusal. */
function isLater(one: TokenRequest, { seen }: TokenRequest): boolean {
  if (one.seen.start <= seen.end) return false;
  const isOwn = one.grantType !== JWT_BEARER || one.seen.param('assertion') === seen.param('assertion');
  return isOwn || one.seen.start > seen.end + ON_THE_WAY;
}
