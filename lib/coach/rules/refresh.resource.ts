import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne, namedResources } from '../look.ts';
import { isTokenForAnother, rootOf } from '../tokens.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Names the resource while refreshing. */
export const rule: Rule = {
  id: 'refresh.resource',
  title: 'Names the resource while refreshing',
  level: 'SHOULD',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
    rfc(8707, '2.2', 'Access Token Request'),
  ],
  assessable: 'A refresh request of an MCP client arrived.',
  pass: 'resource is present, and is the one of the grant.',
  fail: 'It is not there, or another one.',
  evidence: 'The parameters.',
  why: 'A refresh request is a token request. Without the parameter a server may widen the audience.',
  fix: 'Send the same resource as with the code.',
  scenarios: [],
  pitfalls: [
    'MCP says token requests, without exception. As many take that for the first one only, it is a ' + 'warning here.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.refreshes, ({ seen, refresh }) => {
      const tokens = run.ledger.byRefresh.get(refresh ?? '');
      const first = tokens && rootOf(tokens).request;
      if (first && isTokenForAnother(run, first)) return null;
      const asked = [
        ...(first?.authorization ? namedResources(first.authorization.parameters) : []),
        ...(first ? namedResources(first.seen.form) : []),
      ];
      const sent = namedResources(seen.form);
      const shown = parameter(seen, 'resource', 'resource of the refresh request', asked[0]);
      if (sent.length === 0) return fail('It does not name the resource while refreshing.', shown);
      return asked.length === 0 || sent.every((value) => asked.includes(value))
        ? passSoFar('It names the resource while refreshing.', shown)
        : fail('It names another resource than before.', shown);
    }),
  );
}
