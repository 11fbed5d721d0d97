import { rfc } from '#lib/config/scenarios/clauses.ts';
import { jwtMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import { thumbprint } from '../proofs.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Signs with the key that the token is bound to. */
export const rule: Rule = {
  id: 'dpop.key-of-token',
  title: 'Signs with the key that the token is bound to',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(9449, '6', 'Public Key Confirmation'),
    rfc(9449, '7.1', 'The DPoP Authentication Scheme'),
    rfc(9449, '5', 'DPoP Access Token Request'),
  ],
  assessable:
    'A request with a bound token, or a refresh request of a public client with a bound refresh token, and ' +
    'a proof arrived.',
  pass: 'The thumbprint of jwk is the one that the token is bound to.',
  fail: 'It is another.',
  evidence: 'Both thumbprints.',
  why: 'Holding the key is the point.',
  fix: 'Store the key pair with the tokens. A new key needs a new grant.',
  scenarios: [],
  pitfalls: [],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  const uses = [
    ...run.calls.map(({ seen, tokens }) => ({ seen, tokens })),
    ...run.refreshes.map(({ seen, refresh, methods }) => ({
      seen,
      tokens: methods.length > 0 ? null : (run.ledger.byRefresh.get(refresh ?? '') ?? null),
    })),
  ];
  return worst(
    everyOne(uses, ({ seen, tokens }) => {
      const proof = run.ledger.proofOf(seen);
      if (proof === null || tokens?.type?.toLowerCase() !== 'dpop') return null;
      const bound = thumbprint(run.ledger.proofOf(tokens.request.seen)?.header.jwk);
      const used = thumbprint(proof.header.jwk);
      if (bound === null || used === null) return null;
      const shown = { ...jwtMember(seen, { header: 'dpop' }, 'jwk', 'thumbprint of the key', bound), got: used };
      return used === bound
        ? passSoFar('It signs with the key of the token.', shown)
        : fail(
            'It signs with another key.',
            shown,
            jwtMember(tokens.request.seen, { header: 'dpop' }, 'jwk', 'the key that the token is bound to'),
          );
    }),
  );
}
