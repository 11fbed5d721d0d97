/** What a request asks for: scopes, resources and audiences, checked and with the defaults filled in. */
import type { ClientRecord } from '#lib/store/store.ts';
import { audienceForm } from './checks/audience-form.ts';
import { check, note } from './checks/check.ts';
import { type ResourceReason, resourceKnown } from './checks/resource-known.ts';
import { scopeKnown } from './checks/scope-known.ts';
import { scopeRegistered } from './checks/scope-registered.ts';
import { mcpResource } from './addresses.ts';
import type { Context } from './context.ts';
import { canonicalResource, defaultResources, isAllowedResource } from './resource.ts';
import { defaultScopes, parseScope, registeredScopes } from './scope.ts';

/**
 * Where the scopes are asked for. Where a user is asked (`authorization`, `device`), the registered scope is a default
 * and no limit, unless the knob `registration.scope` says otherwise; at the token endpoint (`client`) a client stays
 * within it.
 */
export type ScopePlace = 'authorization' | 'device' | 'client';

/**
 * The scopes that a request asks for.
 * @param asked the `scope` parameter, undefined if it is absent
 * @throws OAuthError `invalid_scope` for what is outside the grammar, not known here, or beyond the registration
 * @see https://datatracker.ietf.org/doc/html/rfc6749#section-3.3
 */
export function requestedScopes(
  ctx: Context,
  client: ClientRecord,
  asked: string | undefined,
  place: ScopePlace,
): readonly string[] {
  const { config } = ctx.tenant;
  const reason = place === 'authorization' ? 'scope-unknown' : 'scope-not-registered';
  const known = config['scopes.known'];
  const tokens = asked === undefined ? [] : parseScope(asked);
  const rule = config['scopes.unknown'];
  const ignoreUnknown = rule === 'ignore' || (rule === 'ignore-with-openid' && (tokens ?? []).includes('openid'));
  const kept = (tokens ?? []).filter((scope) => known.includes(scope));
  // A scope of which nothing is known is a scope that was not sent (RFC 6749 §3.3 lets a server ignore it).
  const scope = kept.length > 0 ? kept : defaultScopes(config, client);
  check(ctx.trace, scopeKnown, { asked, tokens, known, ignoreUnknown, scope, reason });
  if (tokens !== null && kept.length < tokens.length)
    ctx.trace.set({ acted: { kind: 'knob', name: 'scopes.unknown' } });
  const always = place === 'client' || client.source === 'preregistered';
  const byKnob = !always && config['registration.scope'] === 'ceiling';
  const registered = registeredScopes(client);
  check(ctx.trace, scopeRegistered, { scope, registered, ceiling: always || byKnob, byKnob, reason });
  return place === 'client' ? scope : withoutIdleOffline(ctx, client, scope);
}

/** `offline_access` means a refresh token, and is granted only to who can use one. */
function withoutIdleOffline(ctx: Context, client: ClientRecord, scope: readonly string[]): readonly string[] {
  if (!scope.includes('offline_access')) return scope;
  const offered = ctx.tenant.config.grants.includes('refresh_token');
  if (offered && client.metadata.grant_types.includes('refresh_token')) return scope;
  note(
    ctx.trace,
    'offline-access',
    'offline_access leaves the request: the client did not register the grant refresh_token',
    'rfc6749-3.3',
    { expected: 'refresh_token', got: client.metadata.grant_types },
  );
  return scope.filter((one) => one !== 'offline_access');
}

/**
 * The resources that a request asks for, by the knobs `resourceParameter` and `resources`.
 * @param asked all values of `resource`
 * @returns empty if nothing was asked for and nothing need be
 * @throws OAuthError `invalid_target` for what is no absolute URI without fragment, or not to be asked for here
 * @see https://datatracker.ietf.org/doc/html/rfc8707#section-2
 */
export function requestedResources(ctx: Context, asked: readonly string[], reason: ResourceReason): readonly string[] {
  const { tenant, trace } = ctx;
  const requested = asked.map((resource) => canonicalResource(tenant, resource));
  const rule = tenant.config.resourceParameter;
  const policy = tenant.config.resources;
  noteResourceKnob(ctx, requested);
  check(trace, resourceKnown, {
    rule,
    requested,
    own: defaultResources(tenant),
    isAllowed: (resource) => isAllowedResource(tenant, resource),
    policy: typeof policy === 'string' ? policy : 'a list',
    reason,
  });
  return rule === 'ignore' ? [mcpResource(tenant, 'mcp')] : [...new Set(requested)];
}

/** Notes that the knob `resourceParameter` had a hand in what is said of the resources of a request. */
export function noteResourceKnob({ tenant, trace }: Context, requested: readonly string[]): void {
  const rule = tenant.config.resourceParameter;
  // Only where it makes a difference: a required resource that is there is as good as an honoured one.
  if (rule === 'ignore' || (rule === 'require' ? requested.length === 0 : rule === 'reject' && requested.length > 0))
    trace.set({ acted: { kind: 'knob', name: 'resourceParameter' } });
}

/**
 * The further audiences that a request asks for by the older `audience`, by the knob `audienceParameter`.
 * @param options.logicalNames whether a name will do that is no URI (RFC 8693 §2.1)
 * @throws OAuthError `invalid_target`
 */
export function requestedAudiences(
  ctx: Context,
  requested: readonly string[],
  reason: ResourceReason,
  options: { logicalNames?: boolean } = {},
): readonly string[] {
  if (requested.length === 0) return requested;
  if (ctx.tenant.config.audienceParameter === 'ignore') {
    ctx.trace.set({ acted: { kind: 'knob', name: 'audienceParameter' } });
    return [];
  }
  check(ctx.trace, audienceForm, { requested, logicalNames: options.logicalNames ?? false, reason });
  return [...new Set(requested)];
}
