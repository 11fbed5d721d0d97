import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { everyOne, playsFirstRevision } from '../look.ts';
import { signsIn } from '../tokens.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Names the resource in the authorization request. */
export const rule: Rule = {
  id: 'authorize.resource',
  title: 'Names the resource in the authorization request',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
    mcp('2025-06-18', 'authorization', 'Resource Parameter Implementation'),
    rfc(8707, '2.1', 'Authorization Request'),
  ],
  assessable: 'An authorization request arrived.',
  pass: 'resource is present.',
  fail: 'It is not.',
  evidence: 'The parameters of the request.',
  why:
    'The token is made for the server that is named. Without a name it may be good for every server of the ' +
    'issuer.',
  fix:
    'Send resource with the identifier from the protected resource metadata, whether or not the server ' +
    'supports it.',
  scenarios: [],
  pitfalls: [
    'A client that falls back to what a server of 2025-03-26 offers speaks to it as that revision has it.',
    'The same client may sign its user in or call an API: if no token of that goes to the MCP server, it is no fault.',
  ],
  checks: ['resource-parameter-in-authorization'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.authorizations, (authorization) => {
      if (signsIn(run, authorization)) return null;
      const { seen, pushed, parameters } = authorization;
      const shown = parameter(pushed ?? seen, 'resource', 'resource');
      return parameters.get('resource')
        ? passSoFar('It names the resource.', shown)
        : playsFirstRevision(run, seen)
          ? none('on-purpose', 'The sandbox plays a server of 2025-03-26, which knows no resource parameter.')
          : fail('It does not name the resource.', shown);
    }),
  );
}
