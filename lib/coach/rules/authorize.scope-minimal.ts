import { mcp } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { challengeBefore, challengeScopes, listedScopes, prmBefore } from '../documents.ts';
import { firstAuthorization } from '../codes.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Does not request whatever the server knows. */
export const rule: Rule = {
  id: 'authorize.scope-minimal',
  title: 'Does not request every scope that the server knows',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
    {
      doc: 'MCP security best practices 2026-07-28',
      section: 'Scope Minimization',
      url:
        'https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/' +
        'security_best_practices#scope-minimization',
    },
  ],
  assessable: "This client's first authorization request arrived, and challenge or resource metadata named scopes.",
  pass:
    'Each scope is named by the challenge or the resource metadata, or is offline_access, openid, profile ' +
    'or email, or is listed nowhere.',
  fail:
    "It requests scopes that only the authorization server's scopes_supported lists, other than " +
    'offline_access, openid, profile and email.',
  evidence: 'The scopes in question, and where they are listed.',
  why: 'A broad token does more harm when it leaks, and a long list makes users say no.',
  fix: "Do not read scopes from the authorization server's metadata.",
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const first = firstAuthorization(run);
  const challenge = first && challengeBefore(run, first.seen);
  if (first === null || challenge === null) return none('no-occasion');
  const prm = prmBefore(run, first.seen);
  const offered = [...(challengeScopes(challenge) ?? []), ...(textsOf(prm?.document, 'scopes_supported') ?? [])];
  if (offered.length === 0) return none('no-occasion');
  const listed = listedScopes(run, first.seen, first.issuer) ?? [];
  const wide = first.scope.filter((scope) => !offered.includes(scope) && !USUAL.has(scope) && listed.includes(scope));
  const shown = parameter(first.pushed ?? first.seen, 'scope', 'scope of the request', offered.join(' '));
  return wide.length === 0
    ? pass('It asks for no more than it was offered.', shown)
    : fail(`Only the authorization server lists ${wide.join(' ')}.`, shown);
}

const USUAL: ReadonlySet<string> = new Set(['offline_access', 'openid', 'profile', 'email']);
