import { mcp } from '#lib/config/scenarios/clauses.ts';
import { redirected, request } from '../exhibits.ts';
import { none, pass, worst } from '../findings.ts';
import { codesOf, redemptionOf } from '../codes.ts';
import { everyOne } from '../look.ts';
import { metadataBefore } from '../documents.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Goes on where no issuer is promised. */
export const rule: Rule = {
  id: 'authorize.iss-optional-accepted',
  title: 'Goes on where no issuer is promised',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  spec: [mcp('2026-07-28', 'authorization', 'Authorization Response Validation')],
  assessable:
    'The metadata did not advertise iss, and a redirect with a code and without iss was issued to this client.',
  pass: 'The code is redeemed.',
  fail:
    'The run is closed and it was not, although the same client redeems codes in a sandbox of the same kind ' +
    'that sends iss.',
  absence: 'Never certain in one sandbox alone: the sandboxes of a plan, or of authwalk check, are compared.',
  evidence: 'The redirect, and the token request or its absence.',
  why: 'Many servers do not send iss yet. Refusing them all protects nobody.',
  fix: 'Apply the check only where the parameter is present or was advertised.',
  scenarios: ['iss-not-advertised'],
  pitfalls: [],
  checks: ['sep-2468-client-proceed-no-iss'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(codesOf(run), ({ authorization, answer }) => {
      const metadata = metadataBefore(run, answer.seen, authorization.issuer);
      if (
        answer.iss !== null ||
        metadata === null ||
        metadata.document.authorization_response_iss_parameter_supported === true
      )
        return null;
      const redeemed = redemptionOf(run, answer.code);
      const shown = redirected(answer.seen, 'iss', 'the redirect, which has no iss');
      return redeemed
        ? pass('It goes on without iss.', request(redeemed.seen, 'the token request'), shown)
        : {
            ...none('needs-plan', 'Only the comparison with a sandbox that sends iss can tell why it stopped.'),
            exhibits: [shown],
          };
    }),
  );
}
