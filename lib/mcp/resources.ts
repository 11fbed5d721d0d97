/**
 * The protected resources of a sandbox: how each is named, and where it describes itself.
 */
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';

/** Last part of the address. `no-auth` protects nothing and describes nothing. */
export type ResourceName = 'mcp' | 'oauth' | 'bearer' | 'no-auth';

/** Every protected resource of a sandbox. */
export const RESOURCE_NAMES: readonly ResourceName[] = ['mcp', 'oauth', 'bearer', 'no-auth'];

/** Whether there is a resource of this name. */
export function isResourceName(name: string | undefined): name is ResourceName {
  return RESOURCE_NAMES.includes(name as ResourceName);
}

/** What `resource_name` says, and the connect page calls it. */
export const RESOURCE_TITLES: Readonly<Record<ResourceName, string>> = {
  mcp: 'Authwalk notes (MCP)',
  oauth: 'Authwalk notes (MCP), second resource',
  bearer: 'Authwalk notes (MCP), bearer token',
  'no-auth': 'Authwalk notes (MCP), open',
};

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** `?…` of the resource identifier, or nothing (knob `resource.query`). */
function query(tenant: Tenant): string {
  const text = tenant.config['resource.query'];
  return text === '' ? '' : `?${text.replace(/^\?/, '')}`;
}

/** Path of `{base}` below the origin: empty at the root. */
function basePath(tenant: Tenant): string {
  return sandboxBase(tenant).slice(tenant.origin.length);
}

/** The address that is handed out for the resource: what a client calls. */
export function resourceAddress(tenant: Tenant, name: ResourceName): string {
  return `${sandboxBase(tenant)}/${name}${query(tenant)}`;
}

/**
 * The resource identifier: what the metadata calls it, and what has to stand in `aud`.
 *
 * With its metadata at the root of the origin, the identifier is the origin itself, because a
 * client composes the one from the other.
 * @see https://www.rfc-editor.org/rfc/rfc9728.html#section-3.3
 */
export function resourceIdentifier(tenant: Tenant, name: ResourceName): string {
  return tenant.config['prm.location'] === 'root' ? tenant.origin : resourceAddress(tenant, name);
}

/**
 * Where the challenge says that the metadata lies. With `prm.location: none` it names the usual
 * address, at which nothing answers then.
 */
export function metadataAddress(tenant: Tenant, name: ResourceName): string {
  switch (tenant.config['prm.location']) {
    case 'custom':
      return `${sandboxBase(tenant)}/resource-metadata.json${name === 'mcp' ? '' : `?resource=${name}`}`;
    case 'root':
      return `${tenant.origin}${WELL_KNOWN}`;
    default:
      return `${tenant.origin}${WELL_KNOWN}${basePath(tenant)}/${name}${query(tenant)}`;
  }
}

/** At which kind of address a request for metadata came in. */
export function metadataLocation(url: URL): 'path' | 'custom' | 'root' {
  if (url.pathname.endsWith('/resource-metadata.json')) return 'custom';
  return url.pathname === WELL_KNOWN ? 'root' : 'path';
}
