import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Looks for metadata at the root of the origin. */
export const rule: Rule = {
  id: 'discovery.base-url-2025-03-26',
  title: 'Looks for metadata at the root of the origin',
  level: 'MUST',
  from: '2025-03-26',
  until: '2025-03-26',
  spec: [
    mcp('2025-03-26', 'authorization', 'Authorization Base URL'),
    mcp('2025-03-26', 'authorization', 'Server Metadata Discovery'),
  ],
  assessable: 'The sandbox is alone on its origin, and a 401 was delivered to this client.',
  pass: 'The OAuth well-known address at the root was requested.',
  fail: 'A registration or authorization request follows without it, or the run is closed without it.',
  absence: 'Certain with the first such request, or when the developer closes the run.',
  evidence: 'The requests after the 401.',
  why: "In this revision the authorization server lives at the root of the MCP server's origin.",
  fix: 'Drop the path of the MCP address before inserting the well-known part.',
  scenarios: ['2025-03-26-oauth-metadata-backcompat', '2025-03-26-oauth-endpoint-fallback'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  if (!run.ledger.input.sandbox.ownOrigin) return none('own-origin');
  const [call] = run.challenged;
  if (call === undefined) return none('no-occasion');
  const read = run.seen.find(({ path }) => path === '/.well-known/oauth-authorization-server');
  if (read) return pass('It asked at the root of the origin.', request(read, 'the metadata request'));
  const used = run.after(call.seen).find(({ endpoint }) => endpoint === 'register' || endpoint === 'authorize');
  if (used)
    return fail(
      'It never asked for metadata at the root of the origin.',
      request(used, 'what it did in its place'),
      status(call.seen, 'the 401'),
    );
  return run.closed
    ? fail('It never asked for metadata at the root of the origin.', status(call.seen, 'the 401'))
    : untilClosed('It has not gone on after the 401 yet.');
}
