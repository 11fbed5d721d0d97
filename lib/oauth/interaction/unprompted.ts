/**
 * `prompt=none`: an answer without a page, for a user who is signed in and has agreed before.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { clientAssured } from '../checks/client-assured.ts';
import { consentPresent } from '../checks/consent-present.ts';
import { loginPresent } from '../checks/login-present.ts';
import { SIMULATED_CLIENT } from '#lib/spec/sign-in-providers.ts';
import type { Context, Tenant } from '../context.ts';
import { issuerLabel } from '../issuers.ts';
import { missingScopes } from '../scope.ts';
import { holdToHints } from './hints.ts';
import type { AuthorizationRequest } from './request.ts';
import { type Login, loginOf, loginSuffices } from './session.ts';

/** Grants that are looked through for an earlier consent, newest first. */
const LOOK_BACK = 500;

/**
 * Who is signed in with this browser, recently enough for the request and as its hints say.
 * @throws OAuthError `login_required`
 */
export async function presentLogin(ctx: Context, client: ClientRecord, request: AuthorizationRequest): Promise<Login> {
  const { tenant, trace } = ctx;
  const login = await loginOf(tenant, ctx.browser.id);
  check(trace, loginPresent, {
    session: login !== null,
    suffices: login !== null && loginSuffices(tenant, request, login),
    maxAge: request.maxAge ?? null,
  });
  await holdToHints(ctx, client, request, login!.user);
  return login!;
}

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
  const login = await presentLogin(ctx, client, request);
  check(trace, consentPresent, { agreed: await agreedBefore(tenant, login.user.sub, request) });
  const rule = tenant.config['authorize.silent'];
  if (rule !== 'assured') trace.set({ acted: { kind: 'knob', name: 'authorize.silent' } });
  check(trace, clientAssured, { client, redirectUri: request.redirectUri, origin: tenant.origin, rule });
  note(trace, 'unprompted', 'Answers without a page', 'oidc-core-3.1.2.1');
  return login;
}

/**
 * Who is signed in at a simulated provider and has let this server know before: as real providers do, it does not ask
 * again who has once agreed, unless the request says so.
 */
export async function rememberedApproval(
  { tenant, browser }: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
): Promise<Login | null> {
  if (issuerLabel(tenant) !== 'idp' || client.source !== 'preregistered' || !SIMULATED_CLIENT.test(client.clientId))
    return null;
  if (request.prompt.length > 0) return null;
  const login = await loginOf(tenant, browser.id);
  if (login === null || !loginSuffices(tenant, request, login)) return null;
  return (await agreedBefore(tenant, login.user.sub, request)) ? login : null;
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
