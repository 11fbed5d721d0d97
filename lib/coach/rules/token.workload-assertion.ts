import { rfc } from '#lib/config/scenarios/clauses.ts';
import { audienceOf, decodeToken } from '#lib/exchange/read.ts';
import { jwtMember, parameter } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { isPast, signatureFails } from '../assertions.ts';
import { everyOne } from '../look.ts';
import { JWT_BEARER } from '../tokens.ts';
import { withoutSlash } from '../addresses.ts';
import type { Run } from '../run.ts';
import { byTime } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Presents the workload's assertion correctly. */
export const rule: Rule = {
  id: 'token.workload-assertion',
  title: "Presents the workload's assertion correctly",
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(7523, '2.1', 'Using JWTs as Authorization Grants'),
    rfc(7523, '3', 'JWT Format and Processing Requirements'),
    {
      doc: 'SEP-1933 Workload Identity Federation (open proposal)',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/1933',
    },
  ],
  assessable: 'A jwt-bearer token request arrived in a sandbox without user grants.',
  pass: 'assertion is present, verifies, has not expired, and its aud is the issuer, with or without a trailing slash.',
  fail: 'One of these is not so.',
  evidence: 'Claims of the assertion, with the fault marked.',
  why: "The platform's JWT is the whole proof.",
  fix: 'Read a fresh JWT from the platform for each request, made for this issuer.',
  scenarios: ['wif-jwt-bearer'],
  pitfalls: [
    'The sandbox hands out a bad and an expired assertion for trying. Using one of them on purpose is ' +
      'marked as such in the evidence.',
  ],
  checks: [
    'wif-assertion-verified',
    'wif-assertion-missing',
    'wif-assertion-expired',
    'wif-assertion-audience',
    'wif-assertion-malformed',
  ],
  judge,
};

function judge(run: Run): Finding {
  const jags = run.ledger.tokenRequests.some(({ tokens, issuer }) => tokens !== null && issuer === `${run.base}/idp`);
  return worst(
    everyOne(run.tokenRequests, ({ seen, grantType, issuer }) => {
      const grants = run.knob(seen, 'grants');
      if (
        grantType !== JWT_BEARER ||
        issuer !== run.issuer ||
        jags ||
        !Array.isArray(grants) ||
        grants.includes('authorization_code')
      )
        return null;
      const assertion = seen.param('assertion');
      if (!assertion) return fail('There is no assertion.', parameter(seen, 'assertion', 'assertion'));
      // A second use of one assertion is refused too; that it was tried again is judged by another rule.
      if (run.tokenRequests.some((one) => one.seen.param('assertion') === assertion && byTime(one.seen, seen) < 0))
        return null;
      const token = decodeToken(assertion);
      const shown = (name: string, says: string, expected?: string) =>
        jwtMember(seen, { form: 'assertion' }, name, says, expected);
      if (token === null) return fail('The assertion is no JWT.', parameter(seen, 'assertion', 'assertion'));
      if (!audienceOf(assertion).some((aud) => withoutSlash(aud) === withoutSlash(run.issuer)))
        return fail('The assertion is for another server.', shown('aud', 'aud of the assertion', run.issuer));
      if (isPast(token.claims.exp, seen))
        return fail('The assertion has expired.', shown('exp', 'exp of the assertion'));
      if (signatureFails(seen)) return fail('The assertion does not verify.', shown('iss', 'iss of the assertion'));
      return passSoFar('The assertion is right.', shown('aud', 'aud of the assertion'));
    }),
  );
}
