import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request, status } from '../exhibits.ts';
import { fail, none, pass, worst } from '../findings.ts';
import { everyOne, usesServer } from '../look.ts';
import { withoutSlash } from '../addresses.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Reads the authorization server metadata. */
export const rule: Rule = {
  id: 'discovery.as-metadata-requested',
  title: 'Reads the authorization server metadata',
  level: 'MUST',
  from: '2025-03-26',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
    mcp('2025-06-18', 'authorization', 'Server Metadata Discovery'),
    mcp('2025-03-26', 'authorization', 'Server Metadata Discovery'),
  ],
  assessable:
    'The client sent an MCP request that got 401 here, and later a registration, authorization, device or ' +
    'token request.',
  pass: 'Metadata of that issuer was requested before the first of these.',
  fail:
    'The first of these arrives and nobody has requested metadata of that issuer in this sandbox since it ' +
    'was made.',
  absence: 'Certain with the first of these requests.',
  evidence: 'The first request to an endpoint, with no metadata request before it.',
  why:
    'Endpoints, methods and PKCE support are in this document. Guessed endpoints work with one server and ' +
    'fail with the next.',
  fix: 'Build the well-known addresses from the issuer and use what the document says.',
  scenarios: [],
  pitfalls: [
    'Clients that send no MCP request may be configured by hand; the rule does not apply to them.',
    'Copies from before a reset count.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const refused = run.calls.find(({ seen }) => seen.status === 401);
  if (refused === undefined) return none('no-occasion');
  const firsts = new Map<string, Seen>();
  for (const seen of run.after(refused.seen)) {
    const issuer = run.ledger.issuerOf(seen);
    if (usesServer(seen) && issuer !== `${run.base}/idp` && !firsts.has(issuer)) firsts.set(issuer, seen);
  }
  return worst(
    everyOne([...firsts], ([issuer, used]) => {
      const read = run.ledger.documents.findLast((one) => one.issuer === issuer && byTime(one.seen, used) < 0);
      if (read)
        return pass(
          'It asked for the metadata of the authorization server first.',
          request(read.seen, 'the metadata request'),
        );
      const { memory } = run.ledger.input;
      if (memory?.asMetadata[withoutSlash(issuer)])
        return pass('This metadata was asked for in this sandbox before.', request(used, 'the request that needs it'));
      if (!run.complete) return none('not-kept');
      return fail(
        'No client has requested the metadata of this authorization server.',
        request(used, 'the first request to one of its endpoints'),
        status(refused.seen, 'the 401 before it'),
      );
    }),
  );
}
