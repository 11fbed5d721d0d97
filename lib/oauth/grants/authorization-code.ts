import type { GrantRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { codeAlive } from '../checks/code-alive.ts';
import { codeClient } from '../checks/code-client.ts';
import { codeKnown } from '../checks/code-known.ts';
import { codeRedirectUri } from '../checks/code-redirect-uri.ts';
import { codeUnspent } from '../checks/code-unspent.ts';
import { resourceWithin } from '../checks/resource-within.ts';
import { verifierForm } from '../checks/verifier-form.ts';
import { verifierFits, verifierMatches } from '../checks/verifier-matches.ts';
import { verifierPresent } from '../checks/verifier-present.ts';
import type { GrantDetails } from '../context.ts';
import { holdToKey } from '../keys/dpop-hold.ts';
import { sha256 } from '../hash.ts';
import { required } from '../parameters.ts';
import { noteResourceKnob } from '../requested.ts';
import { canonicalResource, defaultResources } from '../resource.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { bringsRefreshToken, firstRefreshToken } from '../tokens/refresh.ts';
import { codeElsewhere, lateDenial, redirectElsewhere, verifierElsewhere } from './elsewhere.ts';
import { defineGrant, type Grant, type TokenRequest } from './grant.ts';
import { respond, sessionClaims } from './respond.ts';

/**
 * A code, for tokens.
 *
 * The order matters. What is wrong with the request itself comes before what has become of the code:
 * a redemption that fails does not spend the code, and only one that is otherwise right may revoke
 * what an earlier one gave. Else anyone who saw a code go by could end somebody's grant with it.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.3
 */
export const authorizationCode: Grant = defineGrant({
  grantType: 'authorization_code',
  knob: 'authorization_code',
  parameters: [
    { name: 'code', required: true, says: 'What the authorization brought. Good once.', clause: 'oauth21-4.1.3' },
    { name: 'code_verifier', required: true, says: 'The value whose hash is the challenge.', clause: 'rfc7636-4.5' },
    { name: 'redirect_uri', says: 'Gone from OAuth 2.1; compared where it is sent.', clause: 'oauth21-10.2' },
    {
      name: 'resource',
      says: 'The one of the granted resources that the token is for; repeatable.',
      clause: 'rfc8707-2.2',
    },
  ],
  async handle(request) {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const raw = required(trace, form, 'code', lateDenial(ctx, client.clientId));
    const hash = sha256(raw);
    const found = await tenant.store.findCode(hash);
    const unknown = found === null ? ((await codeElsewhere(ctx, raw)) ?? lateDenial(ctx, client.clientId)) : undefined;
    check(trace, codeKnown, { found, elsewhere: unknown });
    const { code, grant } = found!;
    trace.set({ grantId: grant.id });
    const details = grant.details as GrantDetails;
    check(trace, codeClient, { code, client });
    const redirectUri = form.get('redirect_uri');
    const differs = redirectUri !== undefined && redirectUri !== code.redirectUri;
    const otherRedirect = differs ? await redirectElsewhere(ctx, redirectUri, grant) : undefined;
    check(trace, codeRedirectUri, { code, redirectUri, elsewhere: otherRedirect });
    const verifier = form.get('code_verifier');
    check(trace, verifierPresent, { code, verifier });
    if (code.codeChallenge !== null) check(trace, verifierForm, verifier);
    const fits = verifierFits(code, verifier);
    const otherVerifier = fits || verifier === undefined ? undefined : await verifierElsewhere(ctx, verifier, grant);
    check(trace, verifierMatches, { code, verifier, elsewhere: otherVerifier });
    holdToKey(trace, details.dpopJkt ?? null, jkt);
    const resources = form.all('resource').map((resource) => canonicalResource(tenant, resource));
    noteResourceKnob(ctx, resources);
    check(trace, resourceWithin, {
      rule: tenant.config.resourceParameter,
      granted: grantedResources(ctx.tenant, grant),
      requested: resources,
    });
    const now = tenant.now();
    check(trace, codeAlive, { code, now, lifetime: tenant.config['code.lifetime'] });

    const narrowed =
      tenant.config.resourceParameter === 'honour' || tenant.config.resourceParameter === 'require' ? resources : [];
    const access = await prepareAccessToken(ctx, {
      clientId: client.clientId,
      sub: grant.sub,
      grantId: grant.id,
      scope: grant.scope,
      jkt,
      lifetime: details.expiresIn,
      details: sessionClaims(details),
      ...tokenTarget(tenant, narrowed.length > 0 ? narrowed : grant.resource, grant.audience),
    });
    const refresh = bringsRefreshToken(tenant.config, client, grant.scope)
      ? firstRefreshToken(ctx, grant, client, jkt)
      : null;
    const { outcome } = await tenant.store.redeemCode({
      hash,
      now,
      access: access.record,
      refresh: refresh?.record ?? null,
    });
    check(trace, codeUnspent, { outcome });
    note(trace, 'issue', 'In one transaction: marked the code spent, stored the tokens', 'oauth21-4.1.3', {
      scope: grant.scope,
      aud: access.record.audience,
      refresh_token: refresh !== null,
    });
    return respond(request, {
      access,
      scope: grant.scope,
      jkt,
      refreshToken: refresh?.token,
      grant,
      nonce: details.nonce,
    });
  },
});

/** What the user consented to; if nothing was asked for, both MCP servers. */
export function grantedResources(tenant: TokenRequest['ctx']['tenant'], grant: GrantRecord): readonly string[] {
  const own = grant.resource.length > 0 ? grant.resource : defaultResources(tenant);
  return [...own, ...grant.audience];
}
