import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface RequestUri {
  /** Whether the reference was known, alive, unused, and of this client. */
  readonly taken: boolean;
  readonly got: string;
  /** What every reference begins with. */
  readonly prefix: string;
}

/**
 * The reference leads to a pushed request. If not, the redirect URI is unknown too: the error is shown as a page.
 * @see https://datatracker.ietf.org/doc/html/rfc9126#section-4
 */
export const requestUri: Check<RequestUri> = {
  name: 'request-uri',
  says: "The reference is known, alive, unused, and this client's",
  clause: 'rfc9126-4',
  test({ taken, got, prefix }) {
    if (taken) return;
    throw new OAuthError('invalid_request_uri', {
      reason: 'request-uri-unknown',
      description: 'The request_uri is unknown, used, expired, or of another client.',
      delivery: { kind: 'page' },
      evidence: { expected: `a reference that begins with ${prefix}`, got: got.slice(0, 40) },
    });
  },
};
