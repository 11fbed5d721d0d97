import { rfc } from '#lib/config/scenarios/clauses.ts';
import { decodeToken } from '#lib/exchange/read.ts';
import { jwtMember, request } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { JWT_BEARER } from '../tokens.ts';
import type { Run } from '../run.ts';
import { byTime, textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Presents the ID-JAG correctly. */
export const rule: Rule = {
  id: 'token.id-jag-presented',
  title: 'Presents the ID-JAG correctly',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    {
      doc: 'MCP extension: Enterprise-Managed Authorization',
      section: '5 Access Token Request',
      url:
        'https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/draft/' +
        'enterprise-managed-authorization.mdx',
    },
    rfc(7523, '2.1', 'Using JWTs as Authorization Grants'),
  ],
  assessable: 'A jwt-bearer token request arrived, and the identity provider of the sandbox has issued an ID-JAG.',
  pass: 'assertion is an ID-JAG for this issuer, and the client authenticates as the client that it names.',
  fail: 'Another token is in its place, or another client presents it, or none authenticates.',
  evidence: 'Header and claims of the assertion, and the client.',
  why: 'The grant is for one client and one server. Presented by another it is a stolen one.',
  fix: "Send the exchanged token, not the ID token, with the client's own authentication.",
  scenarios: ['enterprise-managed-authorization'],
  pitfalls: [],
  checks: ['complete-flow-jwt-bearer'],
  judge,
};

function judge(run: Run): Finding {
  const issued = run.ledger.tokenRequests.filter(
    ({ tokens, issuer }) => tokens !== null && issuer === `${run.base}/idp`,
  );
  return worst(
    everyOne(run.tokenRequests, ({ seen, grantType, issuer, clientId, methods }) => {
      const before = issued.filter((one) => byTime(one.seen, seen) < 0);
      if (grantType !== JWT_BEARER || issuer !== run.issuer || before.length === 0) return null;
      const assertion = seen.param('assertion') ?? '';
      const claims = decodeToken(assertion)?.claims;
      const shown = (name: string, says: string, expected?: string) =>
        jwtMember(seen, { form: 'assertion' }, name, says, expected);
      if (!before.some(({ tokens }) => tokens?.access === assertion))
        return fail(
          'It presents something other than the ID-JAG.',
          shown('typ', 'the assertion', 'oauth-id-jag+jwt'),
          request(before[0]!.seen, 'where the ID-JAG was issued'),
        );
      if (methods.length === 0) return fail('It does not authenticate.', request(seen, 'the token request'));
      const named = textOf(claims, 'client_id');
      if (named !== null && named !== clientId)
        return fail(
          'Another client presents the ID-JAG.',
          shown('client_id', 'the client that it is for', clientId ?? ''),
        );
      return passSoFar('It presents the ID-JAG correctly.', shown('client_id', 'the client that it is for'));
    }),
  );
}
