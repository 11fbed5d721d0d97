import { oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { answerMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { metadataBefore } from '../documents.ts';
import { isDecision } from '../refusals.ts';
import type { Run } from '../run.ts';
import { byTime, textsOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Uses the grant that is offered. */
export const rule: Rule = {
  id: 'token.client-credentials-grant',
  title: 'Uses the grant that is offered',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    oauth21('4.2', 'Client Credentials Grant'),
    rfc(8414, '2', 'Authorization Server Metadata'),
    {
      doc: 'MCP extension: OAuth Client Credentials (draft)',
      section: 'Client Authentication Methods',
      url:
        'https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/draft/' +
        'oauth-client-credentials.mdx',
    },
  ],
  assessable: 'The metadata lists grant_types_supported, and a token request of this client arrived.',
  pass: 'Its grant_type is listed.',
  fail: 'It is not.',
  evidence: 'grant_type, and the list.',
  why: 'An unlisted grant is refused. With the wrong one a machine waits for a user, or a user is passed over.',
  fix: 'Choose the grant by what the client is and by what the server lists.',
  scenarios: [
    'client-credentials-jwt',
    'client-credentials-basic',
    'enterprise-managed-authorization',
    'wif-jwt-bearer',
  ],
  pitfalls: ['The password grant is judged by security.no-password-grant.'],
  checks: ['client-credentials-grant-type', 'wif-grant-type'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, grantType, issuer }) => {
      const metadata = metadataBefore(run, seen, issuer);
      const listed = textsOf(metadata?.document, 'grant_types_supported');
      if (!metadata || !listed?.length || grantType === null || grantType === 'password' || seen.acted('patch'))
        return null;
      // Another door after a refused assertion: token.no-grant-fallback says so.
      if (run.tokenRequests.some((one) => isDecision(one) && byTime(one.seen, seen) < 0)) return null;
      const shown = parameter(seen, 'grant_type', 'grant_type', listed.join(' '));
      return listed.includes(grantType)
        ? passSoFar('It uses a grant that is offered.', shown)
        : fail(
            'It uses a grant that is not offered.',
            shown,
            answerMember(metadata.seen, 'grant_types_supported', 'the grants that are offered'),
          );
    }),
  );
}
