import { mcp } from '#lib/config/scenarios/clauses.ts';
import { redirected } from '../exhibits.ts';
import { worst } from '../findings.ts';
import { codesOf, notRedeemed } from '../codes.ts';
import { everyOne } from '../look.ts';
import { normalized } from '../addresses.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Compares issuers byte for byte. */
export const rule: Rule = {
  id: 'authorize.iss-compared-as-string',
  title: 'Compares issuers byte for byte',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  spec: [mcp('2026-07-28', 'authorization', 'Authorization Response Validation')],
  assessable: 'A redirect with an iss that equals the issuer only after normalisation was issued to this client.',
  pass: 'The code is not redeemed for 60 seconds of real time, or until the run is closed.',
  fail: 'It is redeemed.',
  evidence: 'Both strings, with the first difference marked.',
  why: 'Two issuers can differ in a slash. Normalising makes one of them.',
  fix: 'Compare the decoded strings, without URL objects.',
  scenarios: ['iss-normalized'],
  pitfalls: [],
  checks: ['sep-2468-client-no-normalization'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(codesOf(run), ({ authorization, answer }) => {
      if (
        answer.iss === null ||
        answer.iss === authorization.issuer ||
        normalized(answer.iss) !== normalized(authorization.issuer)
      )
        return null;
      return notRedeemed(
        run,
        answer,
        redirected(answer.seen, 'iss', 'iss of the redirect', authorization.issuer),
        'an iss that is only nearly the issuer',
      );
    }),
  );
}
