import { mcp, oauth21, rfc } from '#lib/config/scenarios/clauses.ts';
import { redirected } from '../exhibits.ts';
import { worst } from '../findings.ts';
import { codesOf, notRedeemed } from '../codes.ts';
import { everyOne } from '../look.ts';
import { normalized } from '../addresses.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Rejects the answer of another issuer. */
export const rule: Rule = {
  id: 'authorize.iss-validated',
  title: 'Rejects the answer of another issuer',
  level: 'MUST',
  from: '2026-07-28',
  until: null,
  earlier: 'warn',
  spec: [
    mcp('2026-07-28', 'authorization', 'Authorization Response Validation'),
    rfc(9207, '2.4', 'Validating the Issuer Identifier'),
    oauth21('2.3.4', 'Preventing Mix-Up Attacks'),
    rfc(9700, '4.4', 'Mix-Up Attacks'),
  ],
  assessable: 'A redirect with a code and a foreign iss was issued to this client.',
  pass: 'The code is not redeemed for 60 seconds of real time, or until the run is closed.',
  fail: 'It is redeemed, at any token endpoint of the sandbox.',
  evidence: 'iss of the redirect, the issuer of the metadata, and the token request.',
  why:
    "An attacker's authorization server can have a client bring it another server's code. iss tells which " +
    'server the answer comes from, before the code is sent anywhere.',
  fix: 'Record the issuer with state and verifier before the redirect, and compare before the token request.',
  scenarios: ['iss-wrong-issuer', 'iss-unexpected'],
  pitfalls: [
    'Whether the metadata advertises the parameter makes no difference to MCP. A generic client may by ' +
      'RFC 9207 also drop an iss that was not advertised; that is a pass too.',
    'Silence can have other reasons. The pass says that the code was not redeemed, and not why.',
  ],
  checks: ['sep-2468-client-compare-iss-supported', 'sep-2468-client-compare-iss-unadvertised'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(codesOf(run), ({ authorization, answer }) => {
      if (answer.iss === null || normalized(answer.iss) === normalized(authorization.issuer)) return null;
      return notRedeemed(
        run,
        answer,
        redirected(answer.seen, 'iss', 'iss of the redirect', authorization.issuer),
        `iss ${answer.iss}`,
      );
    }),
  );
}
