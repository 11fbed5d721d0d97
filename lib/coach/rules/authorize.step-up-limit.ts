import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { Authorization } from '../entries.ts';
import { everyOne, operationOf } from '../look.ts';
import { rootOf, shortOfScope } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Stops asking when more scope does not help. */
export const rule: Rule = {
  id: 'authorize.step-up-limit',
  title: 'Stops asking when more scope does not help',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
    mcp('2025-11-25', 'authorization', 'Step-Up Authorization Flow'),
  ],
  assessable:
    'The same operation got 403 insufficient_scope again after an authorization for what the challenge named.',
  pass: 'At most three authorization requests of this client in all for this operation.',
  fail: 'A fourth one.',
  evidence: 'The authorization requests, with the 403s between them.',
  why: 'Each attempt opens the browser. Nothing that the user does can end it.',
  fix: 'Count attempts per resource and operation, and report a permanent refusal after a few.',
  scenarios: ['scope-retry-limit', 'scope-downgrade', 'scope-challenge-without-scope'],
  pitfalls: [
    'Distinct requests are counted, by challenge or state, and not page loads.',
    'A user who tries again by hand looks the same. Requests more than two minutes apart are not counted.',
  ],
  checks: ['scope-retry-limit'],
  judge,
};

function judge(run: Run): Finding {
  const byOperation = new Map<string, Seen[]>();
  const refused = shortOfScope(run);
  for (const { seen } of refused) {
    const before = byOperation.get(operationOf(seen));
    if (before === undefined) byOperation.set(operationOf(seen), [seen]);
    else before.push(seen);
  }
  return worst(
    everyOne([...byOperation.values()], ([first, ...again]) => {
      if (first === undefined) return null;
      const asked: Authorization[] = [];
      let before: Seen | null = null;
      for (const one of run.authorizations) {
        // It is for this operation if that was refused since the authorization before it.
        const since = before;
        before = one.seen;
        const isCause = (seen: Seen): boolean =>
          byTime(seen, one.seen) < 0 && (since === null || byTime(seen, since) > 0);
        if (![first, ...again].some(isCause)) continue;
        const last = asked.at(-1);
        if (last !== undefined && one.seen.start - last.seen.start > 120_000) asked.length = 0;
        if (wasEnough(run, one, operationOf(first))) continue;
        asked.push(one);
        if (asked.length > 3) break;
      }
      if (!again.some((seen) => asked.some((one) => byTime(one.seen, seen) < 0))) return null;
      const shown = status(again[0]!, 'the same operation is refused again');
      return asked.length > 3
        ? fail(
            'It asked a fourth time for an operation that stays refused.',
            request(asked[3]!.seen, 'the fourth authorization request'),
            shown,
          )
        : passSoFar(`It asked ${asked.length} times.`, shown);
    }),
  );
}

/** Whether an authorization brought what the operation needs: then the next one is for another user. */
function wasEnough(run: Run, authorization: Authorization, operation: string): boolean {
  return run.calls.some(
    ({ seen, tokens }) =>
      tokens !== null &&
      seen.status >= 200 &&
      seen.status < 300 &&
      rootOf(tokens).request.authorization === authorization &&
      operationOf(seen) === operation,
  );
}
