/** What a request says about the user: `id_token_hint` and `login_hint`. A hint signs nobody in. */
import type { ClientRecord, UserRecord } from '#lib/store/store.ts';
import { check } from '../checks/check.ts';
import { hintHolds } from '../checks/hint-holds.ts';
import type { Context } from '../context.ts';
import { readIdToken } from '../tokens/id-token.ts';
import type { AuthorizationRequest } from './request.ts';

/**
 * Holds who would answer to the hints of the request.
 * @param user who would answer; null while nobody does: then only the `id_token_hint` itself is looked at
 * @param options.loginHint whether `login_hint` binds too. It does on the ways without a page; on a page the user may
 *   well sign in as somebody else.
 * @throws OAuthError `login_required`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export async function holdToHints(
  ctx: Context,
  client: Pick<ClientRecord, 'clientId'>,
  request: AuthorizationRequest,
  user: UserRecord | null,
  { loginHint = true }: { loginHint?: boolean } = {},
): Promise<void> {
  const named = loginHint ? request.loginHint : undefined;
  if (request.idTokenHint === undefined && (named === undefined || user === null)) return;
  check(ctx.trace, hintHolds, {
    idTokenSubject: request.idTokenHint === undefined ? undefined : await subjectOf(ctx, client, request.idTokenHint),
    loginHint: named,
    user: user === null ? null : { sub: user.sub, names: namesOf(user) },
  });
}

/** Subject of an ID token of this issuer for this client, however old; null if it is none. */
async function subjectOf(ctx: Context, client: Pick<ClientRecord, 'clientId'>, token: string): Promise<string | null> {
  const claims = await readIdToken(ctx.tenant, token);
  const forClient = [claims?.aud ?? []].flat().includes(client.clientId);
  return forClient ? (claims?.sub ?? null) : null;
}

function namesOf({ email, claims }: UserRecord): readonly string[] {
  return [email, claims.preferred_username].filter((name): name is string => typeof name === 'string');
}
