/**
 * Resource indicators: for whom a token is.
 * @see https://datatracker.ietf.org/doc/html/rfc8707
 */
import { isLoopbackHost } from '#lib/spec/loopback.ts';
import { mcpResource } from './addresses.ts';
import type { Tenant } from './context.ts';
import { sandboxBase } from './issuers.ts';

/**
 * What a token is for if the request names no resource: both MCP servers. With their metadata at the root of the
 * origin both are that one resource, the origin itself.
 */
export function defaultResources(tenant: Tenant): readonly string[] {
  if (tenant.config['prm.location'] === 'root') return [tenant.origin];
  return [mcpResource(tenant, 'mcp'), mcpResource(tenant, 'oauth')];
}

/** Whether it is a resource of this sandbox. */
export function isOwnResource(tenant: Tenant, resource: string): boolean {
  const base = sandboxBase(tenant);
  if (resource === `${base}/api/resource` || defaultResources(tenant).includes(resource)) return true;
  // Servers that describe themselves one level too high: only if the audience is checked loosely.
  return tenant.config['resource.audience'] === 'lax' && (resource === base || resource === `${base}/`);
}

/**
 * The identifier of an own resource if the two differ only in the case of scheme and host, else what was asked for.
 * "Implementations SHOULD accept uppercase scheme and host components for robustness and interoperability".
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#canonical-server-uri
 */
export function canonicalResource(tenant: Tenant, asked: string): string {
  const lower = asked.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, (start) => start.toLowerCase());
  return isOwnResource(tenant, lower) ? lower : asked;
}

/** Whether tokens for the resource are issued here: an own one, or one that the knob `resources` lets in. */
export function isAllowedResource(tenant: Tenant, resource: string): boolean {
  if (isOwnResource(tenant, resource)) return true;
  const rule = tenant.config.resources;
  if (rule === 'any') return true;
  if (rule === 'loopback') return !tenant.isPublic && isOtherLoopback(tenant, resource);
  return rule !== 'own' && rule.includes(resource);
}

/** Whether the resource is on this machine and not of this instance, which knows its own. */
function isOtherLoopback(tenant: Tenant, resource: string): boolean {
  const url = URL.canParse(resource) ? new URL(resource) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  return isLoopbackHost(url.hostname, tenant.allowedHosts) && portOf(url) !== portOf(new URL(tenant.origin));
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
