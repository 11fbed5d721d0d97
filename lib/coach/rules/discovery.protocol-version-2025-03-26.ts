import { mcp } from '#lib/config/scenarios/clauses.ts';
import { requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Says its revision while discovering. */
export const rule: Rule = {
  id: 'discovery.protocol-version-2025-03-26',
  title: 'Says its revision while discovering',
  level: 'SHOULD',
  from: '2025-03-26',
  until: '2025-03-26',
  spec: [mcp('2025-03-26', 'authorization', 'Server Metadata Discovery Headers')],
  assessable: 'Authorization server metadata was requested.',
  pass: 'The request has MCP-Protocol-Version.',
  fail: 'It has none.',
  evidence: "The request's header fields.",
  why: 'Servers of that time could answer each revision in its own way.',
  fix: 'Send the header with metadata requests.',
  scenarios: [],
  pitfalls: ['Later revisions dropped this.'],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.documents, ({ seen }) =>
      seen.header('mcp-protocol-version') === null
        ? fail(
            'The metadata request does not say its revision.',
            requestHeader(seen, 'mcp-protocol-version', 'the header that is missing'),
          )
        : passSoFar(
            'The metadata request says its revision.',
            requestHeader(seen, 'mcp-protocol-version', 'the revision'),
          ),
    ),
  );
}
