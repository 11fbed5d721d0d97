import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, namedResources } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Names the same resource as before. */
export const rule: Rule = {
  id: 'token.resource-consistent',
  title: 'Names the same resource as before',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
    rfc(8707, '2.2', 'Access Token Request'),
  ],
  assessable: 'Authorization request and token request of one flow both have resource.',
  pass: 'Each value of the token request was in the authorization request.',
  fail: 'One was not.',
  evidence: 'Both values.',
  why: 'A code is good for what was authorized. Anything else is invalid_target.',
  fix: 'Keep the resource with the flow.',
  scenarios: [],
  pitfalls: [],
  checks: ['resource-parameter-consistency'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.redemptions, ({ seen, authorization }) => {
      const asked = authorization ? namedResources(authorization.parameters) : [];
      const named = namedResources(seen.form);
      if (!authorization || asked.length === 0 || named.length === 0) return null;
      const other = named.find((value) => !asked.includes(value));
      const shown = {
        ...parameter(seen, 'resource', 'resource of the token request', asked[0]!),
        got: other ?? named[0]!,
      };
      return other === undefined
        ? passSoFar('It names the resource of the authorization request.', shown)
        : fail(
            'It names another resource than before.',
            shown,
            parameter(authorization.pushed ?? authorization.seen, 'resource', 'resource of the authorization request'),
          );
    }),
  );
}
