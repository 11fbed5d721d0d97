import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, request, status } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { metadataAddress } from '../documents.ts';
import { untilClosed, usesServer } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Falls back to the well-known metadata address. */
export const rule: Rule = {
  id: 'discovery.prm-well-known-fallback',
  title: 'Falls back to the well-known metadata address',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    mcp('2025-11-25', 'authorization', 'Protected Resource Metadata Discovery Requirements'),
  ],
  assessable: 'A 401 without resource_metadata was delivered to this client.',
  pass: "The well-known address with the resource's path was requested.",
  fail:
    'The client sent an authorization server metadata, registration or authorization request without it, or ' +
    'the run is closed without it.',
  absence: 'Certain with the first such request, or when the developer closes the run.',
  evidence: 'The 401 and what was requested after it.',
  why: 'The header parameter is optional for servers. A client that depends on it cannot connect to many of them.',
  fix:
    "Insert /.well-known/oauth-protected-resource between host and path of the server's URL and try that, " +
    'then the root.',
  scenarios: ['metadata-var1', 'challenge-missing', 'metadata-query-params'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const [call] = run.challenged.filter(({ seen }) => metadataAddress(seen) === null);
  if (call === undefined) return none('no-occasion');
  const shown = answerHeader(call.seen, 'www-authenticate', 'the challenge without resource_metadata');
  const path = `/.well-known/oauth-protected-resource${call.seen.path}`;
  const read = run.ledger.all.find((seen) => seen.path === path);
  if (read) return pass('It asked at the well-known address.', request(read, 'the metadata request'), shown);
  // It did look, at the root alone: discovery.prm-path-before-root says so if the root is the sandbox's own.
  if (
    run.ledger.input.sandbox.ownOrigin &&
    run.seen.some((seen) => seen.path === '/.well-known/oauth-protected-resource')
  )
    return none('no-occasion');
  const used = run.after(call.seen).find((one) => usesServer(one) || one.endpoint === 'as-metadata');
  if (used === undefined && !run.closed) return untilClosed('It has not gone on after the challenge yet.');
  if (!run.complete) return none('not-kept');
  return used === undefined
    ? fail('It did nothing after a challenge without resource_metadata.', status(call.seen, 'the 401'), shown)
    : fail('It never asked at the well-known address.', request(used, 'what it did in its place', path), shown);
}
