import { rfc } from '#lib/config/scenarios/clauses.ts';
import { audienceOf } from '#lib/exchange/read.ts';
import { jwtMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { assertionProblem } from '../assertions.ts';
import { everyOne } from '../look.ts';
import { withoutSlash } from '../addresses.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** The assertion's audience is the issuer. */
export const rule: Rule = {
  id: 'token.assertion-audience-issuer',
  title: "The assertion's audience is the issuer",
  level: 'SHOULD',
  from: 'oauth',
  until: null,
  spec: [
    {
      doc: 'Updates to JWT client authentication (draft-ietf-oauth-rfc7523bis)',
      section: 'whole',
      url: 'https://datatracker.ietf.org/doc/draft-ietf-oauth-rfc7523bis/',
    },
    rfc(7523, '3', 'JWT Format and Processing Requirements'),
  ],
  assessable: 'A valid client assertion arrived.',
  pass: 'aud is the issuer, as its only value.',
  fail: 'It is the token endpoint, or a list with more values.',
  evidence: 'aud, and the issuer.',
  why:
    'With the token endpoint as audience a malicious server can have an assertion made for itself and use ' +
    'it elsewhere. The update of RFC 7523 allows the issuer alone.',
  fix: 'Put the issuer of the metadata into aud.',
  scenarios: ['client-credentials-jwt'],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen, issuer }) => {
      const assertion = seen.param('client_assertion');
      if (!assertion || assertionProblem(run, seen, assertion, issuer) !== null) return null;
      const audience = audienceOf(assertion);
      const shown = jwtMember(seen, { form: 'client_assertion' }, 'aud', 'aud of the assertion', issuer);
      return audience.length === 1 && withoutSlash(audience[0]!) === withoutSlash(issuer)
        ? passSoFar('The audience is the issuer.', shown)
        : fail('The audience is not the issuer alone.', shown);
    }),
  );
}
