import { rfc } from '#lib/config/scenarios/clauses.ts';
import { jwtMember, requestHeader } from '../exhibits.ts';
import { fail, passSoFar, worst } from '../findings.ts';
import type { Proof } from '../entries.ts';
import { everyOne } from '../look.ts';
import { normalized } from '../addresses.ts';
import { proofsOf, thumbprint } from '../proofs.ts';
import type { Run } from '../run.ts';
import type { Seen } from '../seen.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../types.ts';

/** Proofs have the right form. */
export const rule: Rule = {
  id: 'dpop.proof-form',
  title: 'Proofs have the right form',
  level: 'MUST',
  from: 'oauth',
  until: null,
  spec: [
    rfc(9449, '4.1', 'The DPoP HTTP Header'),
    rfc(9449, '4.2', 'DPoP Proof JWT Syntax'),
    rfc(9449, '4.3', 'Checking DPoP Proofs'),
  ],
  assessable: 'A request with a DPoP header arrived.',
  pass:
    'One header; typ dpop+jwt; an asymmetric alg; jwk public and without private members; jti; htm the ' +
    'method; htu the address without query and fragment; iat within five minutes; the signature verifies.',
  fail: 'One of these is not so.',
  evidence: 'Header and claims, with the fault marked.',
  why: 'Each part keeps a proof from being used for another request, at another time, or by another holder.',
  fix: 'Build the proof from the very request that it goes with.',
  scenarios: [],
  pitfalls: [
    'htu is compared after normalising case, default port and one trailing slash.',
    "iat is compared with the sandbox's clock and with real time. One of them has to fit.",
  ],
  checks: [],
  judge,
};

function judge(run: Run): Finding {
  return worst(
    everyOne(run.seen, (seen) => {
      const proofs = proofsOf(seen);
      if (proofs.length === 0) return null;
      if (proofs.length > 1)
        return fail('The request has more than one proof.', requestHeader(seen, 'dpop', 'the first of them'));
      const proof = run.ledger.proofOf(seen);
      if (proof === null) return fail('The proof is no JWT.', requestHeader(seen, 'dpop', 'the proof'));
      const problem = proofProblem(seen, proof);
      const shown = (name: string, expected?: string) =>
        jwtMember(seen, { header: 'dpop' }, name, `${name} of the proof`, expected);
      return problem === null
        ? passSoFar('The proof has the right form.', shown('htu'))
        : fail(problem.says, shown(problem.member, problem.expected));
    }),
  );
}

function proofProblem(
  seen: Seen,
  { header, claims }: Proof,
): { readonly says: string; readonly member: string; readonly expected?: string } | null {
  const jwk = header.jwk as Record<string, unknown> | undefined;
  if (header.typ !== 'dpop+jwt')
    return { says: 'The type of the proof is wrong.', member: 'typ', expected: 'dpop+jwt' };
  if (typeof header.alg !== 'string' || !/^(?:ES|RS|PS|Ed)/.test(header.alg))
    return { says: 'The algorithm is not asymmetric.', member: 'alg', expected: 'ES256' };
  if (thumbprint(jwk) === null) return { says: 'The proof has no public key.', member: 'jwk' };
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((name) => jwk?.[name] !== undefined))
    return { says: 'The key of the proof is a private one.', member: 'jwk' };
  if (typeof claims.jti !== 'string' || claims.jti === '') return { says: 'The proof has no jti.', member: 'jti' };
  if (claims.htm !== seen.method)
    return { says: 'The proof is for another method.', member: 'htm', expected: seen.method };
  const [address = ''] = seen.exchange.request.url.split(/[?#]/, 1);
  if (typeof claims.htu !== 'string' || /[?#]/.test(claims.htu) || normalized(claims.htu) !== normalized(address))
    return { says: 'The proof is for another address.', member: 'htu', expected: address };
  const near = (ms: number): boolean => typeof claims.iat === 'number' && Math.abs(claims.iat * 1000 - ms) <= 300_000;
  if (!near(seen.start) && !near(Date.parse(seen.exchange.clock)))
    return { says: 'The proof is not of this moment.', member: 'iat' };
  if (seen.exchange.between.some(({ check, ok }) => check === 'dpop-signature' && !ok))
    return { says: 'The signature of the proof does not verify.', member: 'jwk' };
  return null;
}
