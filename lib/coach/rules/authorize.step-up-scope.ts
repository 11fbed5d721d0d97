import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, parameter, request } from '../exhibits.ts';
import { fail, none, pass, worst } from '../findings.ts';
import { challengeScopes } from '../documents.ts';
import { everyOne, operationOf, untilClosed } from '../look.ts';
import { rootOf, shortOfScope } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import { isAnothers } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Asks for the missing scope after 403. */
export const rule: Rule = {
  id: 'authorize.step-up-scope',
  title: 'Asks for the missing scope after 403',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
    mcp('2025-11-25', 'authorization', 'Step-Up Authorization Flow'),
    rfc(6750, '3.1', 'Error Codes'),
  ],
  assessable: '403 insufficient_scope with a scope was delivered to this client.',
  pass: 'Its next authorization request has all scopes of the challenge.',
  fail:
    'The next authorization request lacks one; or it refreshes and repeats the operation with the same ' +
    'scope; or the run is closed without a new authorization.',
  absence:
    'Certain with the repetition of the refused operation after a refresh, or when the developer closes the run.',
  evidence: 'The 403 and what followed.',
  why: 'The challenge is how servers ask for more only when it is needed.',
  fix:
    "On insufficient_scope build a new authorization request with the challenge's scope. A refresh cannot " +
    'widen a grant.',
  scenarios: [],
  pitfalls: [
    'Clients of the client credentials grant may stop instead.',
    'The user may refuse to go on. An access_denied after the 403 is a pass.',
  ],
  checks: ['scope-step-up-escalation', 'scope-step-up-refresh-escalation'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(shortOfScope(run), ({ seen, tokens }) => {
      const scopes = challengeScopes(seen);
      if (!scopes?.length) return null;
      const asked = run.authorizations.filter((one) => byTime(one.seen, seen) < 0);
      if (asked.some((one) => scopes.every((scope) => one.scope.includes(scope)))) return null;
      const shown = answerHeader(seen, 'www-authenticate', 'the scope that is missing');
      const later = run.authorizations.filter((one) => byTime(one.seen, seen) > 0);
      const next = later.find((one) => !isAnothers(run, one, tokens));
      if (next) {
        const missing = scopes.find((scope) => !next.scope.includes(scope));
        const place = parameter(next.pushed ?? next.seen, 'scope', 'scope of the next request', scopes.join(' '));
        return missing === undefined
          ? pass('It asks for the scope that is missing.', place, shown)
          : fail(`The next request does not ask for ${missing}.`, place, shown);
      }
      const refreshed = run.refreshes.find((one) => byTime(one.seen, seen) > 0);
      const repeated =
        refreshed &&
        run.calls.find((call) => byTime(call.seen, refreshed.seen) > 0 && operationOf(call.seen) === operationOf(seen));
      if (repeated)
        return fail(
          'It refreshed and tried again, which cannot bring more scope.',
          request(repeated.seen, 'the repeated call'),
          shown,
        );
      if (tokens !== null && rootOf(tokens).request.grantType !== 'authorization_code') return none('other-kind');
      // The user went on without what was refused, while another one signed in.
      if (later.length > 0) return none('no-occasion');
      return run.closed
        ? fail('No authorization followed the 403.', shown)
        : untilClosed('No authorization has followed the 403 yet.');
    }),
  );
}
