import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { challengeBefore, challengeScopes, prmBefore } from '../documents.ts';
import { firstAuthorization } from '../codes.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Else requests the scopes of the resource. */
export const rule: Rule = {
  id: 'authorize.scope-from-prm',
  title: 'Else requests the scopes of the resource',
  level: 'SHOULD',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
    mcp('2025-11-25', 'authorization', 'Scope Selection Strategy'),
  ],
  assessable:
    'The challenge named no scope, the resource metadata has scopes_supported and was delivered, and this ' +
    "client's first authorization request arrived.",
  pass: 'The request has all of them.',
  fail: 'It lacks one.',
  evidence: 'scopes_supported and scope.',
  why: 'Servers are told to list there what is needed for the basics.',
  fix: 'Without a scope in the challenge, request all scopes_supported of the resource metadata.',
  scenarios: ['scope-from-scopes-supported'],
  pitfalls: [],
  checks: ['scope-from-scopes-supported'],
  judge,
};

function judge(run: Run): Finding {
  const first = firstAuthorization(run);
  const challenge = first && challengeBefore(run, first.seen);
  const prm = first && prmBefore(run, first.seen);
  const scopes = textsOf(prm?.document, 'scopes_supported');
  if (first === null || challenge === null || prm === null || challengeScopes(challenge) !== null || !scopes?.length)
    return none('no-occasion');
  const missing = scopes.find((scope) => !first.scope.includes(scope));
  const shown = parameter(first.pushed ?? first.seen, 'scope', 'scope of the request', scopes.join(' '));
  const asked = answerMember(prm.seen, 'scopes_supported', 'scopes of the resource');
  return missing === undefined
    ? pass('It asks for the scopes of the resource.', shown, asked)
    : fail(`It does not ask for ${missing}. A user may have set the scopes by hand.`, shown, asked);
}
