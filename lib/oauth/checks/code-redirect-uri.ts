import type { CodeRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

export interface CodeRedirectUri {
  readonly code: CodeRecord;
  readonly redirectUri: string | undefined;
  /** Whose redirect URI it is instead, as far as the server knows. */
  readonly elsewhere?: Evidence | undefined;
}

/**
 * The redirect URI, if it is sent, is the one that the code went to. OAuth 2.1 no longer asks for
 * it; clients of OAuth 2.0 still send it, and then it has to be right.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-10.2
 */
export const codeRedirectUri: Check<CodeRedirectUri> = {
  name: 'code-redirect-uri',
  says: '`redirect_uri`, where it is sent, is the one that the code went to',
  clause: 'oauth21-10.2',
  test({ code, redirectUri, elsewhere }) {
    if (redirectUri === undefined) return { sent: false };
    if (redirectUri === code.redirectUri) return { redirect_uri: redirectUri };
    throw new OAuthError('invalid_grant', {
      reason: 'redirect-uri-differs',
      description: 'redirect_uri is not the one of the authorization request.',
      evidence: { expected: code.redirectUri, got: redirectUri.slice(0, 500), ...(elsewhere ? { elsewhere } : {}) },
    });
  },
};
