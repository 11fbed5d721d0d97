import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import type { JsonObject } from '#lib/exchange/read.ts';
import { answerMember, request } from '../exhibits.ts';
import { fail, pass, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { issuersOf, normalized } from '../addresses.ts';
import { readable } from '../documents.ts';
import { PATIENCE, type Run } from '../run.ts';
import { textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Refuses metadata of another issuer. */
export const rule: Rule = {
  id: 'discovery.issuer-validated',
  title: 'Refuses metadata of another issuer',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
    rfc(8414, '3.3', 'Authorization Server Metadata Validation'),
    {
      doc: 'OpenID Connect Discovery 1.0',
      section: '4.3 OpenID Provider Configuration Validation',
      url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation',
    },
  ],
  assessable: 'Metadata with a foreign issuer was delivered to this client.',
  pass: 'No endpoint of it is requested for 60 seconds of real time, or until the run is closed.',
  fail: 'Any endpoint that only this document names is requested.',
  evidence: 'issuer in the document, the address that it was fetched from, and the request to its endpoint.',
  why:
    'The host that serves the document decides where codes and secrets go. The comparison ties it to the issuer ' +
    'that the resource named, and all later checks of iss rest on it.',
  fix:
    'Compare issuer with the identifier that the address was built from, as strings, before you read ' +
    'anything else.',
  scenarios: ['metadata-issuer-mismatch'],
  pitfalls: ["The browser's request for the authorization endpoint counts as the client's."],
  checks: ['sep-2468-client-validate-metadata-issuer'],
  judge,
};

function judge(run: Run): Finding {
  const own = issuersOf(run).map(normalized);
  const all = readable(run.documents);
  const good = new Set(
    all.filter((one) => own.includes(normalized(textOf(one.document, 'issuer') ?? ''))).flatMap(endpointsOf),
  );
  return worst(
    everyOne(all, (one) => {
      const issuer = textOf(one.document, 'issuer');
      if (issuer === null || own.includes(normalized(issuer))) return null;
      const shown = answerMember(one.seen, 'issuer', 'issuer of the document', one.issuer);
      const endpoints = new Set(endpointsOf(one).filter((endpoint) => !good.has(endpoint)));
      const used = run
        .after(one.seen)
        .find(({ exchange, endpoint }) => endpoint !== 'jwks' && endpoints.has(bare(exchange.request.url)));
      if (used)
        return fail(
          'It used an endpoint that only the metadata of another issuer names.',
          request(used, 'the request to that endpoint'),
          shown,
        );
      if (run.isOver(one.seen, PATIENCE)) return pass('It used no endpoint of this document.', shown);
      return run.wait(one.seen, PATIENCE, 'Counts once none of its endpoints has been used for 60 seconds.');
    }),
  );
}

const bare = (url: string): string => url.split(/[?#]/, 1)[0]!;

function endpointsOf({ document }: { readonly document: JsonObject }): string[] {
  return Object.entries(document).flatMap(([name, value]) =>
    name.endsWith('_endpoint') && typeof value === 'string' ? [bare(value)] : [],
  );
}
