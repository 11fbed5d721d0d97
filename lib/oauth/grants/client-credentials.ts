import { note } from '../checks/check.ts';
import { OAuthError } from '../errors.ts';
import { requestedAudiences, requestedResources } from '../resource.ts';
import { grantedScopes, requestedScopes, USER_SCOPES } from '../scope.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { issueAccessToken } from '../tokens/issue.ts';
import { traced } from './traced.ts';
import type { Grant, TokenRequest, TokenResponse } from './grant.ts';

/**
 * A client that asks in its own name.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.2
 */
export const clientCredentials: Grant = {
  grantType: 'client_credentials',
  knob: 'client_credentials',
  confidential: true,
  parameters: [
    {
      name: 'scope',
      says: 'What the token is to carry; without it the registered scopes, else notes:read.',
      clause: 'oauth21-4.2.1',
    },
    { name: 'resource', says: 'For which resource the token is to be; repeatable.', clause: 'rfc8707-2.2' },
    { name: 'audience', says: 'A further audience, an absolute URI; repeatable.', clause: 'rfc8693-2.1' },
  ],
  async handle({ ctx, form, client, jkt }: TokenRequest): Promise<TokenResponse> {
    const { tenant, trace } = ctx;
    const scope = traced(
      trace,
      { name: 'scope', says: 'The scope is within the registration', clause: 'oauth21-4.2.1' },
      () => {
        const asked = requestedScopes(tenant.config, client, form.get('scope'), 'scope-not-registered');
        const granted = grantedScopes(
          tenant.config,
          asked.filter((one) => !USER_SCOPES.has(one)),
        );
        if (granted.length === 0 && asked.length > 0 && form.get('scope') !== undefined) {
          throw new OAuthError('invalid_scope', {
            reason: 'scope-not-registered',
            description: 'These scopes speak of a user, and none takes part in this grant.',
            evidence: { got: asked },
          });
        }
        return granted;
      },
    );
    const target = traced(
      trace,
      { name: 'resource', says: 'The resource is one of its own', clause: 'rfc8707-2.2' },
      () =>
        tokenTarget(
          tenant,
          requestedResources(tenant, form.all('resource'), 'target-not-allowed'),
          requestedAudiences(tenant, form.all('audience'), 'target-not-allowed'),
        ),
    );
    const { token, expiresIn } = await issueAccessToken(ctx, {
      clientId: client.clientId,
      sub: null,
      grantId: null,
      scope,
      jkt,
      ...target,
    });
    note(trace, 'issue', 'Signed a token whose subject is the client', 'rfc9068-2.2', { aud: target.audience, scope });
    return {
      access_token: token,
      token_type: jkt === null ? 'Bearer' : 'DPoP',
      ...(expiresIn === null ? {} : { expires_in: expiresIn }),
      ...(scope.length === 0 ? {} : { scope: scope.join(' ') }),
    };
  },
};
