import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne, playsFirstRevision } from '../look.ts';
import { isTokenForAnother } from '../tokens.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Names the resource in the token request. */
export const rule: Rule = {
  id: 'token.resource',
  title: 'Names the resource in the token request',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
    mcp('2025-06-18', 'authorization', 'Resource Parameter Implementation'),
    rfc(8707, '2.2', 'Access Token Request'),
  ],
  assessable: 'A token request of an MCP client arrived, with a code or with client credentials.',
  pass: 'resource is present.',
  fail: 'It is not.',
  evidence: 'The parameters.',
  why: 'The code may be good for several resources. The token request says for which the token is.',
  fix: 'Send the same resource as in the authorization request.',
  scenarios: [],
  pitfalls: [
    'A client that falls back to what a server of 2025-03-26 offers speaks to it as that revision has it.',
    'The same client may sign its user in or call an API: if no token of that goes to the MCP server, it is no fault.',
  ],
  checks: ['resource-parameter-in-token'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, (token) => {
      const { seen, grantType } = token;
      if (grantType !== 'authorization_code' && grantType !== 'client_credentials') return null;
      if (isTokenForAnother(run, token)) return null;
      const shown = parameter(seen, 'resource', 'resource');
      return seen.param('resource')
        ? passSoFar('It names the resource.', shown)
        : playsFirstRevision(run, seen)
          ? none('on-purpose', 'The sandbox plays a server of 2025-03-26, which knows no resource parameter.')
          : fail('It does not name the resource.', shown);
    }),
  );
}
