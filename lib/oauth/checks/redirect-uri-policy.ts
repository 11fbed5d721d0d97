import { OAuthError } from '../errors.ts';
import { type RedirectPolicy, refusedBy } from './redirect-policy.ts';
import type { Check } from './types.ts';

export interface RedirectUriPolicy {
  readonly policy: RedirectPolicy;
  readonly uris: readonly string[];
  /** `web` or `native`. */
  readonly applicationType: string;
  /** Host names that count as loopback beside the real ones. */
  readonly allowedHosts?: ReadonlySet<string> | undefined;
}

/**
 * Each redirect URI is of a kind that the server accepts, for this kind of application.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.3.1
 */
export const redirectUriPolicy: Check<RedirectUriPolicy> = {
  name: 'redirect-uri-policy',
  says: 'Each is of a kind that the server accepts for this application type',
  clause: 'mcp-reg-type',
  test({ policy, uris, applicationType, allowedHosts }) {
    for (const uri of uris) {
      const problem = refusedBy(policy, uri, applicationType, allowedHosts);
      if (problem === null) continue;
      throw new OAuthError('invalid_redirect_uri', {
        reason: 'redirect-uri-policy',
        description: `The redirect URI ${uri.slice(0, 200)} ${problem}.`,
        evidence: {
          expected: `a redirect URI that the policy ${policy} accepts`,
          got: uri.slice(0, 500),
          application_type: applicationType,
        },
      });
    }
    return { policy };
  },
};
