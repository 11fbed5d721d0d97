/**
 * Protected resource metadata: what a resource says of itself.
 * @see https://www.rfc-editor.org/rfc/rfc9728.html
 */
import type { Context, Tenant } from '#lib/oauth/context.ts';
import { check, noteRefusal } from '#lib/oauth/checks/check.ts';
import { isOAuthError } from '#lib/oauth/errors.ts';
import { resourceMetadata as resourceMetadataCheck } from './checks/resource-metadata.ts';
import { SIGNING_ALGORITHMS } from '#lib/oauth/algorithms.ts';
import { noteKnobs } from './knobs.ts';
import { errorJson } from './refusals.ts';
import {
  isResourceName,
  metadataLocation,
  RESOURCE_TITLES,
  resourceIdentifier,
  type ResourceName,
} from './resources.ts';
import { trustedIssuers } from './verification.ts';

/** The document of RFC 9728 §2 for one resource. */
export function protectedResourceMetadata(tenant: Tenant, name: ResourceName): Record<string, unknown> {
  const { config } = tenant;
  const withOAuth = name !== 'bearer';
  return {
    resource: resourceIdentifier(tenant, name),
    ...(withOAuth ? { authorization_servers: trustedIssuers(tenant).map(({ issuer }) => issuer) } : {}),
    scopes_supported: config['scopes.resource'],
    bearer_methods_supported: ['header'],
    resource_name: RESOURCE_TITLES[name],
    resource_documentation: `${tenant.origin}/reference`,
    ...(withOAuth && config['dpop.mode'] !== 'off' ? { dpop_signing_alg_values_supported: SIGNING_ALGORITHMS } : {}),
    ...(withOAuth && config['dpop.mode'] === 'required' ? { dpop_bound_access_tokens_required: true } : {}),
  };
}

/**
 * Answers a request for the metadata of `mcp`, `oauth` or `bearer`, at the one address that the
 * knob `prm.location` leaves.
 * @param params `resource`: the last part of the address; absent at the addresses without one
 * @returns 200 with the document, or 404 (`metadata-unknown`); never a redirect
 */
export async function resourceMetadata(ctx: Context, params: Readonly<Record<string, string>>): Promise<Response> {
  const url = new URL(ctx.request.url);
  const location = metadataLocation(url);
  const name = params.resource ?? (location === 'custom' ? (url.searchParams.get('resource') ?? 'mcp') : 'mcp');
  const known = isResourceName(name) && name !== 'no-auth' && location === ctx.tenant.config['prm.location'];
  noteKnobs(ctx.trace, ctx.tenant.config, ['prm.location', 'prm.authorizationServers', 'resource.query']);
  try {
    check(ctx.trace, resourceMetadataCheck, { known, address: url.pathname + url.search });
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    noteRefusal(ctx.trace, error);
    return errorJson(ctx.tenant, error);
  }
  return Response.json(protectedResourceMetadata(ctx.tenant, name as ResourceName), {
    headers: { 'Cache-Control': 'no-store' },
  });
}
