/** Where the endpoints of an issuer are. */
import type { Tenant } from './context.ts';
import { sandboxBase } from './issuers.ts';

export interface Addresses {
  readonly authorization: string;
  readonly token: string;
  readonly registration: string;
  readonly revocation: string;
  readonly introspection: string;
  readonly userinfo: string;
  readonly endSession: string;
  readonly pushedAuthorizationRequest: string;
  readonly deviceAuthorization: string;
  readonly jwks: string;
}

/**
 * The addresses that the metadata names. With `metadata.decoy` they lie under a path that nothing
 * else names, so that whoever calls them has believed the document.
 */
export function addresses(tenant: Tenant): Addresses {
  const base = tenant.config['metadata.decoy'] ? `${tenant.base}/decoy` : tenant.base;
  return {
    authorization: `${base}/oauth/authorize`,
    token: `${base}/oauth/token`,
    registration: `${base}/oauth/register`,
    revocation: `${base}/oauth/revoke`,
    introspection: `${base}/oauth/introspect`,
    userinfo: `${base}/oauth/userinfo`,
    endSession: `${base}/oauth/logout`,
    pushedAuthorizationRequest: `${base}/oauth/par`,
    deviceAuthorization: `${base}/oauth/device_authorization`,
    jwks: `${base}/.well-known/jwks.json`,
  };
}

/** The resource identifier of one of the sandbox's own MCP servers, with the query that belongs to it. */
export function mcpResource(tenant: Tenant, server: 'mcp' | 'oauth'): string {
  const query = tenant.config['resource.query'];
  return `${sandboxBase(tenant)}/${server}${query === '' ? '' : `?${query}`}`;
}

/** The page that explains an error: `error_uri`. */
export function errorAddress(tenant: Tenant, code: string): string {
  return `${tenant.origin}/reference#error-${code}`;
}
