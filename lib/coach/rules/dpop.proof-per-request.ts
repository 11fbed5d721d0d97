import { rfc } from '#lib/config/scenarios/clauses.ts';
import { jwtMember } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import { thumbprint } from '../proofs.ts';
import type { Run } from '../run.ts';
import { type Seen, textOf } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Each request has a proof of its own. */
export const rule: Rule = {
  id: 'dpop.proof-per-request',
  title: 'Each request has a proof of its own',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(9449, '4.2', 'DPoP Proof JWT Syntax'),
    rfc(9449, '4.3', 'Checking DPoP Proofs'),
    rfc(9449, '7.1', 'The DPoP Authentication Scheme'),
  ],
  assessable: 'Two requests with valid proofs of the same key arrived.',
  pass: 'Their jti differ.',
  fail: 'A jti comes twice.',
  evidence: 'Both requests.',
  why: 'A proof that works twice works for anyone who saw it.',
  fix: 'Sign a new proof per request, repetitions after a nonce challenge included.',
  scenarios: [],
  pitfalls: [
    'Two identical requests that an HTTP library sent on a closed connection look the same. Not judged ' +
      'where the sandbox dropped the connection.',
  ],
  checks: ['sep-1932-client-fresh-proof'],
  judge,
};

function judge(run: Run): Finding {
  const first = new Map<string, Seen>();
  const findings: Finding[] = [];
  for (const seen of run.seen) {
    const proof = run.ledger.proofOf(seen);
    const jti = textOf(proof?.claims, 'jti');
    if (proof === null || !jti) continue;
    const key = `${thumbprint(proof.header.jwk) ?? ''} ${jti}`;
    const before = first.get(key);
    const shown = (one: Seen, says: string) => jwtMember(one, { header: 'dpop' }, 'jti', says);
    if (before === undefined) {
      first.set(key, seen);
      if (first.size > 1)
        findings.push(passSoFar('Each request has a proof of its own.', shown(seen, 'jti of the proof')));
    } else if (before.exchange.response !== null)
      findings.push(fail('A proof came twice.', shown(seen, 'the second time'), shown(before, 'the first time')));
  }
  return worst(findings);
}
