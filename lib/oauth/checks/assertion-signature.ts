import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

export interface AssertionSignature {
  /** Whether it authenticates a client or is brought as a grant. */
  readonly purpose: 'client' | 'grant';
  /** What is wrong with it; null if a key that is trusted for it fits. */
  readonly problem: string | null;
  readonly evidence?: Evidence;
}

/**
 * The assertion is signed by a key that is trusted for it: one of the client, or of a trusted issuer.
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
export const assertionSignature: Check<AssertionSignature> = {
  name: 'assertion-signature',
  says: ({ purpose }) =>
    purpose === 'client'
      ? 'The assertion is signed by a key of the client'
      : 'The assertion is signed by an issuer that is trusted here',
  clause: 'rfc7523-3',
  test({ purpose, problem, evidence }) {
    if (problem === null) return evidence;
    throw new OAuthError(purpose === 'client' ? 'invalid_client' : 'invalid_grant', {
      reason: purpose === 'client' ? 'client-assertion-invalid' : 'assertion-invalid',
      description: problem,
      ...(evidence ? { evidence } : {}),
    });
  },
};
