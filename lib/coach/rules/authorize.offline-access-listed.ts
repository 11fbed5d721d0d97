import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { challengeBefore, challengeScopes, metadataBefore, prmBefore } from '../documents.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Requests offline_access only where it is listed. */
export const rule: Rule = {
  id: 'authorize.offline-access-listed',
  title: 'Requests offline_access only where it is listed',
  level: 'SHOULD',
  from: '2026-07-28',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Refresh Tokens'),
    {
      doc: 'SEP-2207 Refresh Token Guidance',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/2207',
    },
  ],
  assessable:
    'An authorization request of this client arrived, and neither challenge nor resource metadata names ' +
    'offline_access.',
  pass: "It does not ask for offline_access, or the authorization server's scopes_supported has it.",
  fail: 'It asks for it, and scopes_supported lacks it.',
  evidence: 'scope and scopes_supported.',
  why: 'Strict servers answer invalid_scope, and the whole flow fails for a scope that was optional.',
  fix: 'Add it only where scopes_supported of the authorization server has it.',
  scenarios: ['offline-access-not-supported'],
  pitfalls: ['The suite counts this as a failure. The text of the specification is a permission under a condition.'],
  checks: ['sep-2207-offline-access-not-requested'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, ({ seen, pushed, scope, issuer }) => {
      const challenge = challengeBefore(run, seen);
      const offered = [
        ...(challenge ? (challengeScopes(challenge) ?? []) : []),
        ...(textsOf(prmBefore(run, seen)?.document, 'scopes_supported') ?? []),
      ];
      if (offered.includes('offline_access')) return null;
      const metadata = metadataBefore(run, seen, issuer);
      const listed = textsOf(metadata?.document, 'scopes_supported');
      if (metadata === null || listed === null) return null;
      const shown = parameter(pushed ?? seen, 'scope', 'scope of the request');
      if (!scope.includes('offline_access') || listed.includes('offline_access'))
        return passSoFar('It asks for offline_access only if that is listed.', shown);
      return fail(
        'It asks for offline_access, which the server does not list.',
        shown,
        answerMember(metadata.seen, 'scopes_supported', 'scopes of the server'),
      );
    }),
  );
}
