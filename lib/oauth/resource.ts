/**
 * Resource indicators: for whom a token is.
 * @see https://datatracker.ietf.org/doc/html/rfc8707
 */
import { mcpResource } from './addresses.ts';
import type { Tenant } from './context.ts';
import { OAuthError } from './errors.ts';
import { sandboxBase } from './issuers.ts';

/** Which of the two places refuses: the authorization endpoint by redirect, all others in JSON. */
export type ResourceReason = 'resource-unknown' | 'target-not-allowed';

/** What a token is for where nothing was asked: both MCP servers. */
export function defaultResources(tenant: Tenant): readonly string[] {
  return [mcpResource(tenant, 'mcp'), mcpResource(tenant, 'oauth')];
}

/** Whether this issuer issues tokens for the resource. */
export function isOwnResource(tenant: Tenant, resource: string): boolean {
  const base = sandboxBase(tenant);
  if (resource === `${base}/api/resource` || defaultResources(tenant).includes(resource)) return true;
  // Servers that describe themselves one level too high: only where the audience is checked loosely.
  return tenant.config['resource.audience'] === 'lax' && (resource === base || resource === `${base}/`);
}

/**
 * The resources that a request asks for, by the knob `resourceParameter`.
 * @param requested all values of `resource`
 * @returns empty where nothing was asked for and nothing need be
 * @throws OAuthError `invalid_target` for what is no absolute URI without fragment, or not this server's to give
 * @see https://datatracker.ietf.org/doc/html/rfc8707#section-2
 */
export function requestedResources(
  tenant: Tenant,
  requested: readonly string[],
  reason: ResourceReason,
): readonly string[] {
  const rule = tenant.config.resourceParameter;
  if (rule === 'ignore') return [mcpResource(tenant, 'mcp')];
  if (rule === 'reject' && requested.length > 0) {
    throw new OAuthError('invalid_target', {
      reason,
      description: 'This server takes no resource parameter.',
      evidence: { expected: [], got: requested },
    });
  }
  if (rule === 'require' && requested.length === 0) {
    throw new OAuthError('invalid_target', {
      reason,
      description: 'The parameter resource is required.',
      evidence: { expected: defaultResources(tenant), got: [] },
    });
  }
  if (requested.length === 0) return requested;
  for (const resource of requested) {
    if (isOwnResource(tenant, resource)) continue;
    const problem = isAbsoluteUri(resource)
      ? 'is not a resource of this server'
      : 'is not an absolute URI without a fragment';
    throw new OAuthError('invalid_target', {
      reason,
      description: `The resource ${resource.slice(0, 200)} ${problem}.`,
      evidence: { expected: defaultResources(tenant), got: requested },
    });
  }
  return [...new Set(requested)];
}

/**
 * The further audiences that a request asks for by the older `audience`, by the knob `audienceParameter`.
 * @throws OAuthError `invalid_target` for what is no absolute URI
 */
export function requestedAudiences(
  tenant: Tenant,
  requested: readonly string[],
  reason: ResourceReason,
): readonly string[] {
  if (tenant.config.audienceParameter === 'ignore') return [];
  for (const audience of requested) {
    if (isAbsoluteUri(audience)) continue;
    throw new OAuthError('invalid_target', {
      reason,
      description: `The audience ${audience.slice(0, 200)} is not an absolute URI without a fragment.`,
      evidence: { got: requested },
    });
  }
  return [...new Set(requested)];
}

/** "An absolute URI, as specified by Section 4.3 of RFC 3986", without a fragment. */
export function isAbsoluteUri(value: string): boolean {
  return (
    value.length <= 2000 &&
    /^[a-z][a-z0-9+.-]*:[\x21\x24-\x3B\x3D\x3F-\x5B\x5D\x5F\x61-\x7A\x7E]+$/i.test(value) &&
    URL.canParse(value)
  );
}
