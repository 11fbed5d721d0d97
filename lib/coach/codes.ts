/** Authorization requests, the codes that came of them, and their verifiers. */
import { s256 } from '#lib/exchange/digest.ts';
import { request } from './exhibits.ts';
import { fail, pass } from './findings.ts';
import type { Answer, Authorization, TokenRequest } from './entries.ts';
import { PATIENCE, type Run } from './run.ts';
import { byTime } from './seen.ts';
import { signsIn } from './tokens.ts';
import type { Exhibit, Finding } from './types.ts';

/**
 * The first authorization request for the MCP server, unless it answers a 403; null if an earlier run had it. That the
 * same client signs its user in before is another matter.
 */
export function firstAuthorization(run: Run): Authorization | null {
  const first = run.authorizations.find((one) => !signsIn(run, one));
  if (first === undefined) return null;
  const earlier = run.ledger.authorizations.some(
    (one) => one.clientId === first.clientId && byTime(one.seen, first.seen) < 0 && !run.has(one.seen),
  );
  const steppedUp = run.calls.some(({ seen }) => seen.status === 403 && byTime(seen, first.seen) < 0);
  return earlier || steppedUp ? null : first;
}

/** Redirects with a code, each with its request. */
export function codesOf(
  run: Run,
): readonly { readonly authorization: Authorization; readonly answer: Answer & { readonly code: string } }[] {
  return run.authorizations.flatMap((authorization) =>
    authorization.answers.flatMap((answer) =>
      answer.code ? [{ authorization, answer: { ...answer, code: answer.code } }] : [],
    ),
  );
}

/** The first token request with a code. */
export function redemptionOf(run: Run, code: string): TokenRequest | null {
  return run.ledger.tokenRequests.find((request) => request.code === code) ?? null;
}

/**
 * Judges a redirect whose code must not be redeemed.
 * @param marked the place that should have stopped the client
 */
export function notRedeemed(
  run: Run,
  answer: Answer & { readonly code: string },
  marked: Exhibit,
  wrong: string,
): Finding {
  const redeemed = redemptionOf(run, answer.code);
  if (redeemed !== null)
    return fail(`The code that came with ${wrong} was redeemed.`, request(redeemed.seen, 'the token request'), marked);
  if (run.isOver(answer.seen, PATIENCE)) return pass(`The code that came with ${wrong} was not redeemed.`, marked);
  return run.wait(answer.seen, PATIENCE, 'Counts once the code has not been redeemed for 60 seconds.');
}

/** The form of a code verifier. @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1 */
export const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/** The challenge that a verifier belongs to. */
export function challengeOf(verifier: string, method: string | null): string {
  return method === 'S256' ? s256(verifier) : verifier;
}

/** Another request of the same client that a verifier belongs to. */
export function anothersChallenge(run: Run, authorization: Authorization, verifier: string): Authorization | null {
  return (
    run.authorizations.find(
      (one) =>
        one !== authorization &&
        one.parameters.get('code_challenge') === challengeOf(verifier, one.parameters.get('code_challenge_method')),
    ) ?? null
  );
}
