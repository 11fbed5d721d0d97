import { mcp } from '#lib/config/scenarios/clauses.ts';
import { answerHeader, request } from '../exhibits.ts';
import { fail, none, pass } from '../findings.ts';
import { goesBeyond } from '../look.ts';
import { metadataAddress } from '../documents.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Reads the protected resource metadata. */
export const rule: Rule = {
  id: 'discovery.prm-requested',
  title: 'Reads the protected resource metadata',
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    mcp('2026-07-28', 'discovery', 'Authorization Server Location'),
    mcp('2025-06-18', 'authorization', 'Authorization Server Discovery'),
  ],
  assessable:
    'The client got a 401 from an MCP endpoint of this sandbox, and later sent an authorization, device or ' +
    'token request.',
  pass: 'The metadata was requested before the first of these.',
  fail: 'The first of these arrives and nobody has requested the metadata in this sandbox since it was made.',
  absence: 'Certain with the first authorization, device or token request.',
  evidence: 'The 401 and the authorization request, with no metadata request between them.',
  why:
    'Only this document says which authorization server speaks for the MCP server. A client that guesses ' +
    'sends users and codes to a server that nobody vouched for.',
  fix:
    'Request the address in resource_metadata, else the well-known one, and take the issuer from ' +
    'authorization_servers.',
  scenarios: [],
  pitfalls: [
    'After a reset of the sandbox the client may hold a valid copy. Metadata requests from before the ' +
      'reset count.',
    'Discovery requests name no client. One of any client of this sandbox is enough for a pass.',
    'Does not apply where the sandbox answered the metadata with an error on purpose.',
    'From 2025-11-25 on, what follows a challenge without resource_metadata is judged by ' +
      'discovery.prm-well-known-fallback.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const [challenge] = run.challenged;
  if (challenge === undefined) return none('no-occasion');
  const used = run.after(challenge.seen).find(goesBeyond);
  if (used === undefined) return none('no-occasion');
  const read = run.ledger.prm.findLast((seen) => byTime(seen, used) < 0);
  if (read) return pass('It asked for the resource metadata first.', request(read, 'the metadata request'));
  const remembered = run.ledger.input.memory?.prm;
  if (remembered)
    return pass(
      'The resource metadata was asked for in this sandbox before.',
      request(used, 'the request that needs it'),
    );
  // What follows a challenge without an address is judged by a rule of its own, since that revision demands it.
  if (metadataAddress(challenge.seen) === null && (run.revision.value ?? '') >= '2025-11-25')
    return none('no-occasion');
  if (!run.complete) return none('not-kept');
  return fail(
    'No client has requested the resource metadata of this sandbox.',
    request(used, 'the first request to the authorization server'),
    answerHeader(challenge.seen, 'www-authenticate', 'the challenge before it'),
  );
}
