import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { request } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { metadataAddress } from '../documents.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Tries the path before the root. */
export const rule: Rule = {
  id: 'discovery.prm-path-before-root',
  title: 'Tries the path before the root',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    mcp('2025-11-25', 'authorization', 'Protected Resource Metadata Discovery Requirements'),
    rfc(9728, '3.1', 'Protected Resource Metadata Request'),
  ],
  assessable:
    'The sandbox is alone on its origin, a challenge without resource_metadata was delivered, and the root ' +
    'metadata address was requested.',
  pass: 'The address with the path was requested before the root, or at most one second after it.',
  fail: 'The root was requested and the address with the path was not, until a second later.',
  evidence: 'The two requests in order.',
  why: 'A host can serve many resources. The document at the root describes the origin, and not this server.',
  fix: 'Ask for the address with the path first, and for the root only when that is not there.',
  scenarios: ['metadata-var1', 'metadata-var2', 'challenge-missing'],
  pitfalls: [
    'On a shared origin a request for the root belongs to nobody. The rule is not assessable there.',
    'Both may be requested at once; the order within a second is not judged.',
  ],
  checks: ['prm-priority-order'],
  judge,
};

function judge(run: Run): Finding {
  if (!run.ledger.input.sandbox.ownOrigin) return none('own-origin');
  const [call] = run.challenged.filter(({ seen }) => metadataAddress(seen) === null);
  const root = run.seen.find(({ path }) => path === '/.well-known/oauth-protected-resource');
  if (call === undefined || root === undefined) return none('no-occasion');
  const path = `/.well-known/oauth-protected-resource${call.seen.path}`;
  const first = run.seen.find((seen) => seen.path === path);
  if (first && first.start <= root.start + 1000)
    return pass('The address with the path came first.', request(first, 'with the path'), request(root, 'at the root'));
  if (!first && !run.isOver(root, 1000))
    return run.wait(root, 1000, 'The address with the path may come within a second.');
  return fail('It asked at the root first.', request(root, 'the request at the root', path));
}
