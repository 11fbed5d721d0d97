import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, parameter } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { challengeBefore, challengeScopes, listedScopes, prmBefore } from '../documents.ts';
import { firstAuthorization } from '../codes.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Else requests no scope. */
export const rule: Rule = {
  id: 'authorize.scope-omitted',
  title: 'Else requests no scope',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
    mcp('2025-11-25', 'authorization', 'Scope Selection Strategy'),
    rfc(6749, '3.3', 'Access Token Scope'),
  ],
  assessable:
    "The challenge and the resource metadata named no scope, and this client's first authorization request " +
    'arrived.',
  pass: 'scope is missing or empty, or offline_access alone where the authorization server lists it.',
  fail: 'It names another scope.',
  evidence: 'scope.',
  why: 'A scope that nobody offered is invalid at strict servers, and too much at lenient ones.',
  fix: 'Leave the parameter out.',
  scenarios: ['scope-omitted-when-undefined'],
  pitfalls: [],
  checks: ['scope-omitted-when-undefined'],
  judge,
};

function judge(run: Run): Finding {
  const first = firstAuthorization(run);
  const challenge = first && challengeBefore(run, first.seen);
  const prm = first && prmBefore(run, first.seen);
  if (first === null || challenge === null || prm === null) return none('no-occasion');
  if (challengeScopes(challenge)?.length || textsOf(prm.document, 'scopes_supported')?.length)
    return none('no-occasion');
  const shown = parameter(first.pushed ?? first.seen, 'scope', 'scope of the request');
  const listed = listedScopes(run, first.seen, first.issuer) ?? [];
  const others = first.scope.filter((scope) => scope !== 'offline_access' || !listed.includes(scope));
  return others.length === 0
    ? pass('It asks for no scope.', shown)
    : fail(
        `No challenge or metadata offered ${others.join(' ')}. A user may have set the scopes by hand.`,
        shown,
        answerHeader(challenge, 'www-authenticate', 'the challenge, which names no scope'),
      );
}
