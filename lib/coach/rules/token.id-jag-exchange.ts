import { rfc } from '#lib/config/scenarios/clauses.ts';
import { parameter } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { identifies, withoutSlash } from '../addresses.ts';
import { TOKEN_EXCHANGE } from '../tokens.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Asks the identity provider for an ID-JAG correctly. */
export const rule: Rule = {
  id: 'token.id-jag-exchange',
  title: 'Asks the identity provider for an ID-JAG correctly',
  level: 'MUST',
  from: '2025-11-25',
  until: null,
  spec: [
    {
      doc: 'MCP extension: Enterprise-Managed Authorization',
      section: '4 Token Exchange',
      url:
        'https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/draft/' +
        'enterprise-managed-authorization.mdx',
    },
    rfc(8693, '2.1', 'Request'),
  ],
  assessable: "A token exchange request arrived at the sandbox's identity provider.",
  pass:
    "requested_token_type is id-jag, audience is the authorization server's issuer, resource is the MCP " +
    "server's, and subject_token with its type is the identity assertion.",
  fail: 'One of these is missing or wrong.',
  evidence: 'The parameters, with the expected values.',
  why: 'The identity provider decides by them who may reach which server, and writes them into the grant.',
  fix: 'Take the issuer and the resource from the two metadata documents.',
  scenarios: ['enterprise-managed-authorization'],
  pitfalls: [
    'An optional extension. Only clients that use it are judged.',
    'A trailing slash more or less in audience is a warning.',
  ],
  checks: ['complete-flow-token-exchange'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, grantType, issuer }) => {
      if (issuer !== `${run.base}/idp` || grantType !== TOKEN_EXCHANGE) return null;
      const wrong = (name: string, expected: string) =>
        fail(`${name} is not what the exchange needs.`, parameter(seen, name, name, expected));
      if (seen.param('requested_token_type') !== 'urn:ietf:params:oauth:token-type:id-jag')
        return wrong('requested_token_type', 'urn:ietf:params:oauth:token-type:id-jag');
      if (!seen.param('subject_token')) return wrong('subject_token', 'the identity assertion');
      if (!seen.param('subject_token_type'))
        return wrong('subject_token_type', 'urn:ietf:params:oauth:token-type:id_token');
      const audience = seen.param('audience') ?? '';
      if (withoutSlash(audience) !== withoutSlash(run.issuer)) return wrong('audience', run.issuer);
      const resource = seen.param('resource');
      if (resource === null || !identifies(run, resource)) return wrong('resource', `${run.base}/mcp`);
      if (audience !== run.issuer)
        return warn(
          'audience differs from the issuer in a slash.',
          parameter(seen, 'audience', 'audience', run.issuer),
        );
      return passSoFar('It asks for an ID-JAG correctly.', parameter(seen, 'audience', 'audience', run.issuer));
    }),
  );
}
