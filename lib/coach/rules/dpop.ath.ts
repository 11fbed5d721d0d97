import { rfc } from '#lib/config/scenarios/clauses.ts';
import { jwtMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { s256 } from '#lib/exchange/digest.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Ties the proof to the token. */
export const rule: Rule = {
  id: 'dpop.ath',
  title: 'Ties the proof to the token',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [rfc(9449, '4.2', 'DPoP Proof JWT Syntax'), rfc(9449, '7.1', 'The DPoP Authentication Scheme')],
  assessable: 'A request with a token and a proof arrived at an MCP endpoint.',
  pass: 'ath is the SHA-256 of the token in base64url.',
  fail: 'It is missing or another value.',
  evidence: 'ath and the expected value.',
  why: 'It keeps a proof from being used with another token.',
  fix: 'Hash the token as it is sent.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.calls, ({ seen, token }) => {
      const proof = run.ledger.proofOf(seen);
      if (proof === null || token === null) return null;
      const expected = s256(token);
      const shown = jwtMember(seen, { header: 'dpop' }, 'ath', 'ath of the proof', expected);
      return proof.claims.ath === expected
        ? passSoFar('The proof is tied to the token.', shown)
        : fail(
            proof.claims.ath === undefined
              ? 'The proof is not tied to the token.'
              : 'The proof is tied to another token.',
            shown,
          );
    }),
  );
}
