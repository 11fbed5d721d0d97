/**
 * `prompt=none`: an answer without a page, for a user who is signed in and has agreed before.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { clientAssured } from '../checks/client-assured.ts';
import type { Context, Tenant } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { missingScopes } from '../scope.ts';
import { idTokenHint } from './id-token-hint.ts';
import type { AuthorizationRequest } from './request.ts';
import { type Login, loginOf, loginSuffices } from './session.ts';

/** Grants that are looked through for an earlier consent, newest first. */
const LOOK_BACK = 500;

/**
 * Who is signed in and has agreed to this before.
 * @throws OAuthError `login_required` or `consent_required`
 */
export async function takeUnprompted(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
): Promise<Login> {
  const { tenant, trace } = ctx;
  const login = await loginOf(tenant, ctx.browser.id);
  const hint = request.idTokenHint === undefined ? null : await idTokenHint(ctx, request.idTokenHint, client.clientId);
  const known =
    login !== null && loginSuffices(tenant, request, login) && (hint === null || hint.sub === login.user.sub)
      ? login
      : null;
  trace.check({
    check: 'login-present',
    says: 'Somebody is signed in, recently enough',
    ok: known !== null,
    clause: 'oidc-core-3.1.2.6',
    evidence: { session: login !== null, max_age: request.maxAge ?? null },
  });
  if (known === null)
    throw new OAuthError('login_required', {
      reason: 'login-required',
      description: 'Nobody is signed in who could answer without a page.',
    });
  const agreed = await agreedBefore(tenant, known.user.sub, request);
  trace.check({
    check: 'consent-present',
    says: 'The user has agreed to this before',
    ok: agreed,
    clause: 'oidc-core-3.1.2.6',
  });
  if (!agreed)
    throw new OAuthError('consent_required', {
      reason: 'consent-required',
      description: 'The user has not agreed to this yet, and may not be asked.',
    });
  check(trace, clientAssured, { client, redirectUri: request.redirectUri, origin: tenant.origin });
  note(trace, 'unprompted', 'Answers without a page', 'oidc-core-3.1.2.1');
  return known;
}

/** Whether a living grant of the user to this client covers the request. */
async function agreedBefore(tenant: Tenant, sub: string, request: AuthorizationRequest): Promise<boolean> {
  const grants = await tenant.store.listGrants({ limit: LOOK_BACK });
  return grants.some(
    (grant) =>
      grant.sub === sub &&
      grant.clientId === request.clientId &&
      grant.revokedAt === null &&
      missingScopes(grant.scope, request.scope).length === 0 &&
      (grant.resource.length === 0 ||
        (request.resource.length > 0 && request.resource.every((resource) => grant.resource.includes(resource)))) &&
      request.audience.every((audience) => grant.audience.includes(audience)),
  );
}
