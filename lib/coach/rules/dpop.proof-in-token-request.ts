import { rfc } from '#lib/config/scenarios/clauses.ts';
import { requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { everyOne } from '../look.ts';
import type { Run } from '../run.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Sends a proof with the token request. */
export const rule: Rule = {
  id: 'dpop.proof-in-token-request',
  title: 'Sends a proof with the token request',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(9449, '5', 'DPoP Access Token Request'),
    {
      doc: 'SEP-1932 DPoP (open proposal)',
      section: 'whole',
      url: 'https://github.com/modelcontextprotocol/modelcontextprotocol/pull/1932',
    },
  ],
  assessable: 'The sandbox demands DPoP, and a token request arrived.',
  pass: 'It has a DPoP header.',
  fail: 'It has none.',
  evidence: 'The header, decoded, with the fault marked.',
  why: 'The token is bound to the key of this proof. Without it the token is a plain one.',
  fix: 'Make a key pair, and send a proof for POST and the token endpoint.',
  scenarios: ['dpop', 'dpop-nonce', 'dpop-nonce-rotates'],
  pitfalls: [
    'An optional extension. In other sandboxes only clients that send proofs are judged, by the rules below.',
    'What is wrong with a proof is judged by the rules below.',
  ],
  checks: ['sep-1932-client-token-request-proof'],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.tokenRequests, ({ seen }) => {
      if (run.knob(seen, 'dpop.mode') !== 'required') return null;
      const shown = requestHeader(seen, 'dpop', 'the proof');
      return seen.header('dpop') === null
        ? fail('The token request has no proof.', shown)
        : passSoFar('The token request has a proof.', shown);
    }),
  );
}
