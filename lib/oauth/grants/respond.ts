import type { GrantRecord } from '#lib/store/store.ts';
import type { GrantDetails } from '../context.ts';
import { issueIdToken } from '../tokens/id-token.ts';
import type { PreparedToken } from '../tokens/issue.ts';
import type { TokenRequest, TokenResponse } from './grant.ts';

export interface Issued {
  readonly access: PreparedToken;
  /** The scope of the access token. */
  readonly scope: readonly string[];
  readonly jkt: string | null;
  readonly refreshToken?: string | undefined;
  /** The grant behind it: with `openid` and a user it brings an ID token. */
  readonly grant?: GrantRecord;
  /** For the ID token, at the first tokens of a grant. */
  readonly nonce?: string | undefined;
}

/**
 * Signs what was stored, and puts the answer together.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.3
 */
export async function respond(request: TokenRequest, issued: Issued): Promise<TokenResponse> {
  const { access, scope, grant } = issued;
  const accessToken = await access.sign();
  const idToken =
    grant?.sub && scope.includes('openid')
      ? await issueIdToken(
          request.ctx.tenant,
          {
            client: request.client,
            sub: grant.sub,
            user: await request.ctx.tenant.store.getUser(grant.sub),
            scope,
            details: grant.details as GrantDetails,
            accessToken,
            nonce: issued.nonce,
          },
          request.ctx.trace,
        )
      : undefined;
  return {
    access_token: accessToken,
    token_type: issued.jkt === null ? 'Bearer' : 'DPoP',
    ...(access.expiresIn === null ? {} : { expires_in: access.expiresIn }),
    ...(issued.refreshToken === undefined ? {} : { refresh_token: issued.refreshToken }),
    ...(scope.length === 0 ? {} : { scope: scope.join(' ') }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
  };
}

/** What the access tokens of a grant say beside the usual: when and how the user signed in. */
export function sessionClaims(details: GrantDetails): Record<string, unknown> {
  return {
    ...(details.authTime === undefined ? {} : { auth_time: Math.floor(details.authTime / 1000) }),
    ...(details.acr === undefined ? {} : { acr: details.acr }),
  };
}
