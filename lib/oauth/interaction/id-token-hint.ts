/** `id_token_hint`: an ID token that this issuer gave out earlier, shown again to say who is meant. */
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { readIdToken } from '../tokens/id-token.ts';

export interface Hint {
  readonly sub: string;
  readonly aud: readonly string[];
  readonly sid: string | null;
}

/**
 * Reads the hint. An expired one will do: it says who, and gives access to nothing.
 *
 * @param clientId the client that shows it; undefined where it does not say, and the audience speaks for it
 * @throws OAuthError `invalid_request` where it was not issued here, or to another client
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout "When both client_id and id_token_hint are
 *   present, the OP MUST verify that the Client Identifier matches the one used when issuing the ID Token."
 */
export async function idTokenHint(ctx: Context, token: string, clientId: string | undefined): Promise<Hint> {
  const claims = await readIdToken(ctx.tenant, token);
  const aud = claims === null ? [] : [claims.aud ?? []].flat();
  const ok = claims !== null && (clientId === undefined || aud.includes(clientId));
  ctx.trace.check({
    check: 'id-token-hint',
    says: 'The ID token is one of this issuer, for this client',
    ok,
    clause: 'oidc-logout-2',
  });
  if (ok) return { sub: claims.sub!, aud, sid: typeof claims.sid === 'string' ? claims.sid : null };
  throw new OAuthError('invalid_request', {
    reason: 'logout-hint',
    description:
      claims === null
        ? 'The id_token_hint is not an ID token of this issuer.'
        : 'The id_token_hint was issued to another client.',
    ...(claims === null ? {} : { evidence: { expected: clientId ?? null, got: aud } }),
  });
}
