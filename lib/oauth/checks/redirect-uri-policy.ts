import { OAuthError } from '../errors.ts';
import { type RedirectPolicy, refusedBy } from './redirect-policy.ts';
import type { Check } from './types.ts';

/**
 * Each redirect URI is of a kind that the server takes, for this kind of application.
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-3.2.2
 */
export const redirectUriPolicy: Check<{ policy: RedirectPolicy; uris: readonly string[]; applicationType: string }> = {
  name: 'redirect-uri-policy',
  says: 'Each is of a kind that the server takes for this application type',
  clause: 'mcp-reg-type',
  test({ policy, uris, applicationType }) {
    for (const uri of uris) {
      const problem = refusedBy(policy, uri, applicationType);
      if (problem === null) continue;
      throw new OAuthError('invalid_redirect_uri', {
        reason: 'redirect-uri-policy',
        description: `The redirect URI ${uri.slice(0, 200)} ${problem}.`,
        evidence: {
          expected: `a redirect URI that the policy ${policy} takes`,
          got: uri.slice(0, 500),
          application_type: applicationType,
        },
      });
    }
    return { policy };
  },
};
