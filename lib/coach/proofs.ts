/** What rules look for in DPoP proofs. */
import { headersOf } from '#lib/exchange/read.ts';
import { answerHeader, jwtMember, request } from './exhibits.ts';
import { fail, none, passSoFar } from './findings.ts';
import { s256 } from '#lib/exchange/digest.ts';
import type { Run } from './run.ts';
import type { Seen } from './seen.ts';
import type { Finding } from './types.ts';

/** The values of all `DPoP` headers. */
export function proofsOf(seen: Seen): readonly string[] {
  return headersOf(seen.exchange.request, 'dpop');
}

/** What tells one public key from another; null if there is none that can be read. */
export function thumbprint(jwk: unknown): string | null {
  if (typeof jwk !== 'object' || jwk === null) return null;
  const key = jwk as Record<string, unknown>;
  const names =
    key.kty === 'EC'
      ? ['crv', 'kty', 'x', 'y']
      : key.kty === 'RSA'
        ? ['e', 'kty', 'n']
        : key.kty === 'OKP'
          ? ['crv', 'kty', 'x']
          : [];
  if (names.length === 0 || names.some((name) => typeof key[name] !== 'string')) return null;
  return s256(JSON.stringify(Object.fromEntries(names.map((name) => [name, key[name]]))));
}

/** Judges whether a nonce that was demanded is in the proofs that follow. */
export function nonceTaken(run: Run, challenge: Seen, after: readonly Seen[]): Finding {
  const nonce = challenge.answerHeader('dpop-nonce');
  if (nonce === null) return none('no-occasion');
  const shown = answerHeader(challenge, 'dpop-nonce', 'the nonce that is demanded');
  const given = new Set([nonce]);
  let wrong: Seen | null = null;
  for (const seen of after) {
    const used = run.ledger.proofOf(seen)?.claims.nonce;
    const place = jwtMember(seen, { header: 'dpop' }, 'nonce', 'nonce of the proof', nonce);
    if (typeof used === 'string' && given.has(used)) return passSoFar('It takes the nonce.', place, shown);
    const newer = seen.answerHeader('dpop-nonce');
    if (newer !== null) given.add(newer);
    if (seen.start < challenge.end) continue;
    if (wrong !== null) return fail('It came again twice without the nonce.', place, shown);
    wrong = seen;
  }
  const asked = run.after(challenge).find(({ endpoint }) => endpoint === 'authorize');
  if (asked)
    return fail(
      'It asked the user, although the code is still good.',
      request(asked, 'the authorization request'),
      shown,
    );
  return run.closed
    ? fail('It did not come back with the nonce.', shown)
    : none('open', 'It has not come back with the nonce yet.');
}

/** Whether a proof carries a nonce that was good once: whether a client follows is judged by a rule of its own. */
export function isStale(run: Run, seen: Seen): boolean {
  const nonce = run.ledger.proofOf(seen)?.claims.nonce;
  return typeof nonce === 'string' && run.ledger.all.some((one) => one.answerHeader('dpop-nonce') === nonce);
}
