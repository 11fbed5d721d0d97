import { check, note } from '../checks/check.ts';
import { scopeWithoutUser } from '../checks/scope-without-user.ts';
import { requestedAudiences, requestedResources, requestedScopes } from '../requested.ts';
import { grantedScopes, USER_SCOPES } from '../scope.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { issueAccessToken } from '../tokens/issue.ts';
import { defineGrant, type Grant } from './grant.ts';

/**
 * A client that asks in its own name.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.2
 */
export const clientCredentials: Grant = defineGrant({
  grantType: 'client_credentials',
  knob: 'client_credentials',
  confidential: true,
  parameters: [
    {
      name: 'scope',
      says: 'What the token is to carry; without it the registered scopes, else notes:read.',
      clause: 'oauth21-4.2.1',
    },
    { name: 'resource', says: 'The resource that the token is for; repeatable.', clause: 'rfc8707-2.2' },
    { name: 'audience', says: 'A further audience, an absolute URI; repeatable.', clause: 'rfc8693-2.1' },
  ],
  async handle({ ctx, form, client, jkt }) {
    const { tenant, trace } = ctx;
    const wanted = form.get('scope');
    const asked = requestedScopes(ctx, client, wanted, 'client');
    const scope = grantedScopes(
      tenant.config,
      asked.filter((one) => !USER_SCOPES.has(one)),
    );
    check(trace, scopeWithoutUser, { asked, granted: scope, explicit: wanted !== undefined });
    const target = tokenTarget(
      tenant,
      requestedResources(ctx, form.all('resource'), 'target-not-allowed'),
      requestedAudiences(ctx, form.all('audience'), 'target-not-allowed'),
    );
    const { token, expiresIn } = await issueAccessToken(ctx, {
      clientId: client.clientId,
      sub: null,
      grantId: null,
      scope,
      jkt,
      ...target,
    });
    note(trace, 'issue', 'Made a token whose subject is the client', 'rfc9068-2.2', { aud: target.audience, scope });
    return {
      access_token: token,
      token_type: jkt === null ? 'Bearer' : 'DPoP',
      ...(expiresIn === null ? {} : { expires_in: expiresIn }),
      ...(scope.length === 0 ? {} : { scope: scope.join(' ') }),
    };
  },
});
