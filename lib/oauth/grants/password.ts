import type { GrantRecord, UserRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { passwordMatches } from '../checks/password-matches.ts';
import type { Tenant } from '../context.ts';
import { required } from '../parameters.ts';
import { requestedAudiences, requestedResources, requestedScopes } from '../requested.ts';
import { grantedScopes } from '../scope.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { bringsRefreshToken, firstRefreshToken } from '../tokens/refresh.ts';
import { defineGrant, type Grant } from './grant.ts';
import { respond, sessionClaims } from './respond.ts';

/**
 * A name and a password, for tokens: what OAuth 2.1 removed. It exists only where `legacyGrants` is
 * on, so that one can see why, and for old clients in tests.
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-4.3
 */
export const password: Grant = defineGrant({
  grantType: 'password',
  knob: 'password',
  // The knob applies to every client: no registration names a grant that does not exist.
  unregistered: true,
  parameters: [
    { name: 'username', required: true, says: 'The user, typed into the client.', clause: 'rfc6749-4.3' },
    { name: 'password', required: true, says: 'The password, which the client now has.', clause: 'rfc6749-4.3' },
    { name: 'scope', says: 'What the client wants; nobody is asked.', clause: 'rfc6749-4.3' },
    { name: 'resource', says: 'The resource that the token is for; repeatable.', clause: 'rfc8707-2.2' },
    { name: 'audience', says: 'A further audience, an absolute URI; repeatable.', clause: 'rfc8693-2.1' },
  ],
  async handle(request) {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const user = await tenant.store.findUser(required(trace, form, 'username').slice(0, 300));
    const given = required(trace, form, 'password').slice(0, 1024);
    check(trace, passwordMatches, await belongTogether(tenant, user, given));
    const scope = grantedScopes(tenant.config, requestedScopes(ctx, client, form.get('scope'), 'client'));
    const resource = requestedResources(ctx, form.all('resource'), 'target-not-allowed');
    const audience = requestedAudiences(ctx, form.all('audience'), 'target-not-allowed');
    const now = tenant.now();
    const details = { authTime: now };
    const grant: GrantRecord = {
      id: tenant.random(16),
      clientId: client.clientId,
      sub: user!.sub,
      kind: 'password',
      scope,
      resource,
      audience,
      details,
      createdAt: now,
      revokedAt: null,
      revokedBy: null,
    };
    trace.set({ grantId: grant.id });
    const access = await prepareAccessToken(ctx, {
      clientId: client.clientId,
      sub: user!.sub,
      grantId: grant.id,
      scope,
      jkt,
      details: sessionClaims(details),
      ...tokenTarget(tenant, resource, audience),
    });
    const refresh = bringsRefreshToken(tenant.config, client, scope)
      ? firstRefreshToken(ctx, grant, client, jkt)
      : null;
    await tenant.store.saveTokens({ grant, access: access.record, refresh: refresh?.record ?? null });
    note(trace, 'issue', 'Made a token; no scope was shown to anyone', 'rfc9700-2.4', { scope });
    return respond(request, { access, scope, jkt, refreshToken: refresh?.token, grant });
  },
});

/** An unknown name costs as much time as a wrong password. */
async function belongTogether({ passwords }: Tenant, user: UserRecord | null, given: string): Promise<boolean> {
  if (user?.passwordHash) return passwords.verify(given, user.passwordHash);
  await passwords.hash(given);
  return false;
}
