import { mcp } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { challengeScopes } from '../documents.ts';
import type { Authorization, Call } from '../entries.ts';
import { everyOne } from '../look.ts';
import { rootOf, shortOfScope } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import { isAnothers } from '../users.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps the old scopes while asking for new ones. */
export const rule: Rule = {
  id: 'authorize.step-up-union',
  title: 'Keeps the old scopes while asking for new ones',
  level: 'SHOULD',
  from: '2026-07-28',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
    mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
  ],
  assessable:
    'The client authorized with a set of scopes, got 403 insufficient_scope, and sent an authorization request.',
  pass: 'The new request has the scopes of the challenge and all that it requested before.',
  fail: 'One of the earlier scopes is missing.',
  evidence: 'The scopes of both requests and of the challenge.',
  why:
    'Servers name only what the operation needs. Who asks for that alone loses the rest, and goes back and ' +
    'forth for ever.',
  fix: 'Request the union of what was requested before and what the challenge names.',
  scenarios: [],
  pitfalls: [
    'Scopes that the server dropped from an earlier grant need not be asked for again.',
    'Before 2026-07-28 dropping them conforms.',
  ],
  checks: ['sep-2350-scope-union-on-reauth'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, (next) => {
      const short = shortOfScope(run).findLast((call) => byTime(call.seen, next.seen) < 0);
      const before = short && (behind(short) ?? run.authorizations.findLast((one) => byTime(one.seen, short.seen) < 0));
      if (
        short === undefined ||
        before === undefined ||
        run.authorizations.some((one) => byTime(one.seen, short.seen) > 0 && byTime(one.seen, next.seen) < 0) ||
        isAnothers(run, next, short.tokens)
      )
        return null;
      const granted = run.tokens.find(({ request: { authorization } }) => authorization === before)?.scope ?? null;
      const kept = before.scope.filter((scope) => granted === null || granted.includes(scope));
      const missing = kept.find((scope) => !next.scope.includes(scope));
      const shown = parameter(
        next.pushed ?? next.seen,
        'scope',
        'scope of the new request',
        [...new Set([...kept, ...(challengeScopes(short.seen) ?? [])])].join(' '),
      );
      const old = parameter(before.pushed ?? before.seen, 'scope', 'scope of the earlier request');
      return missing === undefined
        ? passSoFar('It keeps the scopes that it had.', shown, old)
        : fail(`It lets go of ${missing}.`, shown, old);
    }),
  );
}

/** The authorization that the token of a call came of: another user's may have come later. */
function behind({ tokens }: Call): Authorization | null {
  return tokens === null ? null : rootOf(tokens).request.authorization;
}
