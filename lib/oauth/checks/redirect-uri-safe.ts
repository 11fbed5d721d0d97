import { OAuthError } from '../errors.ts';
import { DANGEROUS_SCHEMES } from './redirect-policy.ts';
import type { Check } from './types.ts';

/**
 * The address is one that receives an answer, not one that a browser runs or opens from its disk.
 * Registration refuses these already; this holds if registration was told to accept anything.
 * @see https://datatracker.ietf.org/doc/html/rfc9700#section-4.1.3
 */
export const redirectUriSafe: Check<string> = {
  name: 'redirect-uri-safe',
  says: 'The redirect URI is an address that can receive an answer',
  clause: 'rfc9700-4.1.3',
  test(uri) {
    const scheme = URL.canParse(uri) ? new URL(uri).protocol : null;
    if (scheme !== null && !DANGEROUS_SCHEMES.has(scheme)) return { scheme };
    throw new OAuthError('invalid_request', {
      reason: 'redirect-uri-unsafe',
      delivery: { kind: 'page' },
      description: 'A redirect_uri with this scheme is never redirected to.',
      evidence: { got: scheme },
    });
  },
};
