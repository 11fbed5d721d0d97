import { mcp } from '#lib/config/scenarios/clauses.ts';
import { request } from '../exhibits.ts';
import { fail, none, passSoFar, worst } from '../findings.ts';
import { addressOf, issuersOf } from '../addresses.ts';
import type { Run } from '../run.ts';
import { byTime, type Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Tries the metadata addresses in order. */
export const rule: Rule = {
  id: 'discovery.as-metadata-order',
  title: 'Tries the metadata addresses in order',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
    mcp('2025-11-25', 'authorization', 'Authorization Server Metadata Discovery'),
  ],
  assessable: "Metadata of an issuer with a path was requested after this client's 401.",
  pass: 'Of each round the OAuth path-inserted address comes first, or at most one second after another.',
  fail:
    'A round starts with one of the OpenID addresses, and the OAuth path-inserted address is not requested ' +
    'until a second later.',
  evidence: 'The metadata requests in order.',
  why: 'Servers that offer both may describe different things in them. The order makes all clients see the same.',
  fix:
    'For issuer https://host/path ask /.well-known/oauth-authorization-server/path, then ' +
    '/.well-known/openid-configuration/path, then /path/.well-known/openid-configuration.',
  scenarios: [],
  pitfalls: [
    'A round is the metadata requests for one issuer with no more than ten seconds between them.',
    'A client that found a document may ask for the same address directly later on.',
    "Requests at the root of a shared origin are nobody's and are not looked at.",
  ],
  checks: ['authorization-server-metadata-wrong-path'],
  judge,
};

function judge(run: Run): Finding {
  const refused = run.calls.find(({ seen }) => seen.status === 401);
  if (refused === undefined) return none('no-occasion');
  const findings: Finding[] = [];
  for (const issuer of issuersOf(run)) {
    if ((addressOf(issuer)?.pathname ?? '/') === '/') continue;
    let last: Seen | null = null;
    const known = new Set<string>();
    for (const one of run.documents.filter((document) => document.issuer === issuer)) {
      const begins = last === null || one.seen.start - last.end > 10_000;
      last = one.seen;
      const found = known.has(one.address);
      if (one.document !== null) known.add(one.address);
      if (!begins || found || byTime(one.seen, refused.seen) < 0) continue;
      if (!one.address.startsWith('oidc')) {
        findings.push(passSoFar('It tried the OAuth address first.', request(one.seen, 'the first request')));
        continue;
      }
      const second = run.documents.find(
        (other) =>
          other.issuer === issuer &&
          other.address === 'oauth-inserted' &&
          other.seen.start <= one.seen.start + 1000 &&
          byTime(other.seen, one.seen) > 0,
      );
      if (second)
        findings.push(passSoFar('Both addresses were asked at once.', request(second.seen, 'the OAuth address')));
      else if (!run.isOver(one.seen, 1000))
        findings.push(run.wait(one.seen, 1000, 'The OAuth address may come within a second.'));
      else
        findings.push(
          fail(
            'It began with an OpenID address.',
            request(one.seen, 'the first request', 'oauth-authorization-server, with the path inserted'),
          ),
        );
    }
  }
  return worst(findings);
}
