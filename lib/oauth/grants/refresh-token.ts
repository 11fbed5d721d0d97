import type { GrantRecord, RefreshTokenRecord, RotateOutcome } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { refreshAlive } from '../checks/refresh-alive.ts';
import { refreshClient } from '../checks/refresh-client.ts';
import { refreshKnown } from '../checks/refresh-known.ts';
import { refreshRotated } from '../checks/refresh-rotated.ts';
import { refreshUnused } from '../checks/refresh-unused.ts';
import { resourceWithin } from '../checks/resource-within.ts';
import { scopeWithin } from '../checks/scope-within.ts';
import type { GrantDetails } from '../context.ts';
import { holdToKey } from '../keys/dpop-hold.ts';
import { sha256 } from '../hash.ts';
import { required } from '../parameters.ts';
import { parseScope } from '../scope.ts';
import { tokenTarget } from '../tokens/audience.ts';
import { prepareAccessToken } from '../tokens/issue.ts';
import { noteResourceKnob } from '../requested.ts';
import { canonicalResource } from '../resource.ts';
import { refreshEnd, refreshTokenEnd, successor } from '../tokens/refresh.ts';
import { grantedResources } from './authorization-code.ts';
import { defineGrant, type Grant, type TokenRequest } from './grant.ts';
import { respond, sessionClaims } from './respond.ts';

/**
 * The next tokens of a grant.
 *
 * Each use brings a new refresh token and ends the old one. One that comes back has two holders, and
 * the server cannot tell which is the client, so the family ends (RFC 9700 §4.14.2).
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.3
 */
export const refreshToken: Grant = defineGrant({
  grantType: 'refresh_token',
  knob: 'refresh_token',
  parameters: [
    {
      name: 'refresh_token',
      required: true,
      says: 'The one that came last. Good for one use.',
      clause: 'oauth21-4.3.1',
    },
    { name: 'scope', says: 'To narrow the scope of the access token; it cannot be widened.', clause: 'oauth21-4.3.1' },
    {
      name: 'resource',
      says: 'The one of the granted resources that the token is for; repeatable.',
      clause: 'rfc8707-2.2',
    },
  ],
  async handle(request) {
    const { ctx, form, client, jkt } = request;
    const { tenant, trace } = ctx;
    const { config } = tenant;
    const raw = required(trace, form, 'refresh_token');
    const found = await tenant.store.findRefreshToken(sha256(raw));
    check(trace, refreshKnown, found);
    const { token, grant } = found!;
    trace.set({ grantId: grant.id });
    check(trace, refreshClient, { token, client });
    holdToKey(trace, token.jkt, jkt);
    await endFamilyOnReuse(request, token, grant);
    const now = tenant.now();
    check(trace, refreshAlive, { expiresAt: refreshTokenEnd(tenant, token, grant), now });
    const asked = form.get('scope');
    const scope = asked === undefined ? token.scope : (parseScope(asked) ?? [asked]);
    check(trace, scopeWithin, { granted: token.scope, requested: scope });
    const resources = form.all('resource').map((resource) => canonicalResource(tenant, resource));
    noteResourceKnob(ctx, resources);
    check(trace, resourceWithin, {
      rule: config.resourceParameter,
      granted: grantedResources(tenant, grant),
      requested: resources,
    });

    const details = grant.details as GrantDetails;
    const narrowed = config.resourceParameter === 'honour' || config.resourceParameter === 'require' ? resources : [];
    const access = await prepareAccessToken(ctx, {
      clientId: client.clientId,
      sub: grant.sub,
      grantId: grant.id,
      scope,
      jkt,
      lifetime: details.expiresIn,
      details: sessionClaims(details),
      ...tokenTarget(tenant, narrowed.length > 0 ? narrowed : grant.resource, grant.audience),
    });
    const next = config['refresh.rotate'] ? successor(ctx, raw, token, grant) : null;
    const { outcome } = await tenant.store.rotateRefreshToken({
      hash: token.hash,
      now,
      successor: next?.record ?? null,
      access: access.record,
      reuse: config['refresh.reuse'],
      grace: config['refresh.grace'] * 1000,
      idleUntil: refreshEnd(tenant, grant),
      reason: 'refresh-spent',
    });
    check(trace, refreshRotated, { outcome });
    note(trace, 'issue', wordsOf(next !== null, outcome), 'oauth21-4.3.2', {
      generation: token.generation + (next ? 1 : 0),
      outcome,
    });
    return respond(request, { access, scope, jkt, refreshToken: next?.token, grant });
  },
});

/** What was done, as it came out. @param rotates whether each use brings a new refresh token */
function wordsOf(rotates: boolean, outcome: RotateOutcome['outcome']): string {
  if (!rotates) return 'Stored an access token; the refresh token goes on';
  return outcome === 'repeated'
    ? 'It had been used: gave its successor again, and stored an access token'
    : 'In one transaction: marked it spent, stored its successor and an access token';
}

/** Refuses a token that was used before and is past its grace, and ends its family where that is the rule. */
async function endFamilyOnReuse({ ctx }: TokenRequest, token: RefreshTokenRecord, grant: GrantRecord): Promise<void> {
  const { tenant, trace } = ctx;
  const input = {
    token,
    grant,
    now: tenant.now(),
    grace: tenant.config['refresh.grace'] * 1000,
    reuse: tenant.config['refresh.reuse'],
  };
  try {
    check(trace, refreshUnused, input);
  } catch (refusal) {
    if (grant.revokedAt === null && input.reuse === 'revoke-family')
      await tenant.store.revokeGrant(grant.id, 'refresh-spent', input.now);
    throw refusal;
  }
}
