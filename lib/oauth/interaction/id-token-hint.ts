/** `id_token_hint` at logout: an ID token that this issuer gave out earlier, shown again to say who is meant. */
import { check } from '../checks/check.ts';
import { idTokenHint as idTokenHintCheck } from '../checks/id-token-hint.ts';
import type { Context } from '../context.ts';
import { readIdToken } from '../tokens/id-token.ts';

export interface Hint {
  readonly sub: string;
  readonly aud: readonly string[];
  readonly sid: string | null;
}

/**
 * Reads the hint. An expired one will do: it says who, and gives access to nothing.
 *
 * @param clientId the client that shows it; undefined if it does not say, and the audience speaks for it
 * @throws OAuthError `invalid_request` if it was not issued here, or to another client
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export async function idTokenHint(ctx: Context, token: string, clientId: string | undefined): Promise<Hint> {
  const claims = await readIdToken(ctx.tenant, token);
  check(ctx.trace, idTokenHintCheck, { claims, clientId });
  return {
    sub: claims!.sub!,
    aud: [claims!.aud ?? []].flat(),
    sid: typeof claims!.sid === 'string' ? claims!.sid : null,
  };
}
