import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember } from '../exhibits.ts';
import { none, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { isForMcp, isUsable, unusual, usedOrNot } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Takes every permitted token response. */
export const rule: Rule = {
  id: 'token.variations-tolerated',
  title: 'Takes every permitted token response',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(6749, '5.1', 'Successful Response'),
    oauth21('3.2.3', 'Token Response'),
    rfc(9068, '6', 'Privacy Considerations'),
  ],
  assessable:
    'A correct but unusual token response was delivered in one of these scenarios, for a client that was ' +
    'about to call the MCP server.',
  pass: 'The token is used at the MCP server.',
  fail: 'The run is closed and the token was never used.',
  absence: 'Certain only when the developer closes the run. Until then it is the silence after-token.',
  evidence: 'The token response, with the unusual member marked.',
  why:
    'Optional members are missing at many servers, names of types differ in case, and unknown members may ' +
    'come at any time.',
  fix:
    'Require access_token and token_type only; compare the type without regard to case; treat the token as ' +
    'opaque.',
  scenarios: [
    'token-type-lowercase',
    'token-missing-expires-in',
    'token-missing-scope',
    'token-extra-members',
    'opaque-token',
    'refresh-not-issued',
  ],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  if (run.calls.length === 0) return none(run.tokens.length > 0 ? 'other-kind' : 'no-occasion');
  return worst(
    everyOne(run.tokens, (tokens) => {
      const member = isUsable(tokens) && isForMcp(run, tokens) ? unusual(run, tokens) : null;
      const refused = run.calls.some(({ seen }) => seen.status === 401 && byTime(seen, tokens.request.seen) < 0);
      if (member === null || tokens.parent !== null || !refused) return null;
      return usedOrNot(
        run,
        tokens,
        answerMember(tokens.request.seen, member, 'what is unusual in the token response'),
        'a token response that is correct, but unusual',
      );
    }),
  );
}
