import { mcp, rfc } from '#lib/config/scenarios/clauses.ts';
import { redirected } from '../exhibits.ts';
import { worst } from '../findings.ts';
import { codesOf, notRedeemed } from '../codes.ts';
import { everyOne } from '../look.ts';
import { metadataBefore } from '../documents.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Rejects an answer that lacks the promised issuer. */
export const rule: Rule = {
  id: 'authorize.iss-required-when-advertised',
  title: 'Rejects an answer that lacks the promised issuer',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    mcp('2026-07-28', 'authorization', 'Authorization Response Validation'),
    rfc(9207, '2.4', 'Validating the Issuer Identifier'),
  ],
  assessable: 'The metadata advertised iss, and a redirect with a code and without iss was issued to this client.',
  pass: 'The code is not redeemed for 60 seconds of real time, or until the run is closed.',
  fail: 'It is redeemed.',
  evidence: 'The metadata, the redirect, and the token request.',
  why: 'An attacker who cannot forge the value leaves it out.',
  fix: 'Where the metadata says that iss comes, take its absence for a mismatch.',
  scenarios: ['iss-supported-missing'],
  pitfalls: [],
  checks: ['sep-2468-client-reject-missing-iss'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(codesOf(run), ({ authorization, answer }) => {
      const metadata = metadataBefore(run, answer.seen, authorization.issuer);
      if (answer.iss !== null || metadata?.document.authorization_response_iss_parameter_supported !== true)
        return null;
      return notRedeemed(
        run,
        answer,
        redirected(answer.seen, 'iss', 'the redirect, which lacks iss', authorization.issuer),
        'no iss',
      );
    }),
  );
}
