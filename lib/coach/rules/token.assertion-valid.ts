import { rfc } from '#lib/config/scenarios/clauses.ts';
import { jwtMember } from '../exhibits.ts';
import { fail, passSoFar, warn, worst } from '../findings.ts';
import { assertionProblem } from '../assertions.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The client assertion is complete. */
export const rule: Rule = {
  id: 'token.assertion-valid',
  title: 'The client assertion is complete',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(7523, '2.2', 'Using JWTs for Client Authentication'),
    rfc(7523, '3', 'JWT Format and Processing Requirements'),
    {
      doc: 'MCP extension: OAuth Client Credentials (draft)',
      section: 'Client Authentication Methods',
      url:
        'https://github.com/modelcontextprotocol/ext-auth/blob/main/specification/draft/' +
        'oauth-client-credentials.mdx',
    },
  ],
  assessable: 'A token request with client_assertion arrived.',
  pass:
    'client_assertion_type is the jwt-bearer one; iss and sub are the client_id; aud names this ' +
    'authorization server, by issuer or token endpoint; exp is in the future; the signature verifies with a ' +
    'registered key.',
  fail: 'One of these is not so.',
  evidence: 'Header and claims of the assertion, with the fault marked.',
  why: 'The assertion is the credential. Each claim keeps it from being used elsewhere or later.',
  fix: 'Sign a new, short-lived JWT for each token request.',
  scenarios: ['client-credentials-jwt'],
  pitfalls: [
    'The audience may have a trailing slash more than the issuer.',
    "Times are compared with the sandbox's clock, and with real time where the sandbox's clock was moved. " +
      'One of them has to fit.',
  ],
  checks: [
    'client-credentials-jwt-verified',
    'client-credentials-jwt-iss',
    'client-credentials-jwt-sub',
    'client-credentials-assertion-type',
  ],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, issuer }) => {
      const assertion = seen.param('client_assertion');
      if (!assertion) return null;
      const problem = assertionProblem(run, seen, assertion, issuer);
      if (problem !== null) return (problem.mild ? warn : fail)(problem.says, problem.exhibit);
      return passSoFar(
        'The assertion is complete.',
        jwtMember(seen, { form: 'client_assertion' }, 'aud', 'aud of the assertion'),
      );
    }),
  );
}
