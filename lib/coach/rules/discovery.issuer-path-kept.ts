import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { delivered } from '../documents.ts';
import { everyOne, untilClosed } from '../look.ts';
import type { Run } from '../run.ts';
import { textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Keeps the issuer's path in the metadata address. */
export const rule: Rule = {
  id: 'discovery.issuer-path-kept',
  title: "Keeps the issuer's path in the metadata address",
  level: 'MUST',
  from: '2025-06-18',
  until: null,
  spec: [
    rfc(8414, '3.1', 'Authorization Server Metadata Request'),
    mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
  ],
  assessable:
    'Resource metadata that names one issuer alone, which has a path below that of the sandbox, was ' +
    'delivered to this client, and metadata of an authorization server was requested after it.',
  pass: 'Metadata of that issuer was requested, or is at most one second after another.',
  fail: 'Metadata of the issuer without that path was requested, and the right one was not, until a second later.',
  evidence: 'authorization_servers of the resource metadata, and the address that was requested.',
  why: "The path is part of the identifier. Without it another issuer's document comes back, or none.",
  fix: 'Insert the well-known part between host and path of the issuer, and keep the path behind it.',
  scenarios: ['authorization-server-migration'],
  pitfalls: [
    'At the root of a shared origin a request belongs to nobody. Only further issuers inside the sandbox ' +
      'show it there.',
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(delivered(run.prm), ({ seen, document }) => {
      const named = textsOf(document, 'authorization_servers') ?? [];
      const [issuer] = named;
      if (issuer === undefined || named.length > 1 || issuer === run.issuer || !issuer.startsWith(`${run.base}/`))
        return null;
      const shown = answerMember(seen, 'authorization_servers', 'the issuer that the resource names', issuer);
      const asked = run.after(seen).filter(({ endpoint }) => endpoint === 'as-metadata');
      const [first] = asked;
      if (first === undefined) return untilClosed('It has not asked for the metadata of this issuer yet.');
      const right = asked.find((one) => run.ledger.issuerOf(one) === issuer);
      if (right && right.start <= first.start + 1000)
        return pass(
          'The path of the issuer is in the metadata address.',
          request(right, 'the metadata request'),
          shown,
        );
      if (!run.isOver(first, 1000)) return run.wait(first, 1000, 'The address with the path may come within a second.');
      return fail(
        'The metadata address lost the path of the issuer.',
        { ...request(first, 'the metadata request', issuer), got: first.exchange.request.url },
        shown,
      );
    }),
  );
}
