import type { CodeRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import { sameSecret, sha256 } from '../hash.ts';
import type { Check, Evidence } from './types.ts';

export interface VerifierMatches {
  readonly code: CodeRecord;
  readonly verifier: string | undefined;
  /** Whose verifier it is instead, as far as the server knows. */
  readonly elsewhere?: Evidence | undefined;
}

/** Whether the verifier is the one that the challenge of the code was computed from. */
export function verifierFits(code: CodeRecord, verifier: string | undefined): boolean {
  if (code.codeChallenge === null || verifier === undefined)
    return code.codeChallenge === null && verifier === undefined;
  const computed = code.codeChallengeMethod === 'plain' ? verifier : sha256(verifier);
  return sameSecret(computed, code.codeChallenge);
}

/**
 * "BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge"; where there was no challenge
 * there may be no verifier, or an attacker could take the challenge out of the request unnoticed.
 * @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.6
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.8.2
 */
export const verifierMatches: Check<VerifierMatches> = {
  name: 'verifier-matches',
  says: ({ code }) => {
    if (code.codeChallenge === null) return 'There was no challenge, so no verifier may come';
    return code.codeChallengeMethod === 'plain'
      ? 'The verifier is the challenge (plain)'
      : 'SHA-256 of the verifier is the challenge';
  },
  clause: 'rfc7636-4.6',
  test({ code, verifier, elsewhere }) {
    if (code.codeChallenge === null) {
      if (verifier === undefined) return { asked: false, challenge: null };
      throw new OAuthError('invalid_grant', {
        reason: 'verifier-mismatch',
        description: 'code_verifier came, and the authorization request had no challenge.',
        evidence: { expected: null, got: 'a verifier' },
      });
    }
    const plain = code.codeChallengeMethod === 'plain';
    const computed = plain ? verifier! : sha256(verifier!);
    if (verifierFits(code, verifier)) return { expected: code.codeChallenge, got: computed };
    throw new OAuthError('invalid_grant', {
      reason: 'verifier-mismatch',
      description: plain ? 'code_verifier is not the challenge.' : 'SHA-256 of code_verifier is not the challenge.',
      evidence: {
        expected: code.codeChallenge,
        got: plain ? 'another verifier' : computed,
        ...(elsewhere ? { elsewhere } : {}),
      },
    });
  },
};
