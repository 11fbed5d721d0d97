import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Falls back to the default endpoints. */
export const rule: Rule = {
  id: 'discovery.default-endpoints-2025-03-26',
  title: 'Falls back to the default endpoints',
  level: 'MUST',
  from: '2025-03-26',
  until: '2025-03-26',
  spec: [mcp('2025-03-26', 'authorization', 'Fallbacks for Servers without Metadata Discovery')],
  assessable: 'The sandbox is alone on its origin, and the metadata at the root answered 404 to this client.',
  pass: '/register, /authorize or /token at the root is requested after that.',
  fail: 'The run is closed without it.',
  absence: 'Certain only when the developer closes the run.',
  evidence: 'The 404, and the requests after it.',
  why: 'Servers of this revision need not publish metadata.',
  fix: 'After a 404 use the three default paths at the root of the origin.',
  scenarios: ['2025-03-26-oauth-endpoint-fallback'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  if (!run.ledger.input.sandbox.ownOrigin) return none('own-origin');
  const missing = run.seen.find(
    (seen) => seen.path === '/.well-known/oauth-authorization-server' && seen.status === 404 && seen.delivered,
  );
  if (missing === undefined) return none('no-occasion');
  const shown = status(missing, 'no metadata at the root');
  const used = run
    .after(missing)
    .find(({ path }) => path === '/register' || path === '/authorize' || path === '/token');
  if (used) return pass('It fell back to the default paths.', request(used, 'the request to a default path'), shown);
  return run.closed
    ? fail('It did not try the default paths.', shown)
    : untilClosed('It has not tried a default path yet.');
}
