/**
 * For whom a token is: what was granted, narrowed to what the token request asks for.
 * @see https://datatracker.ietf.org/doc/html/rfc8707#section-2.2
 */
import { addresses } from '../addresses.ts';
import type { Tenant } from '../context.ts';
import { defaultResources } from '../resource.ts';

export interface TokenTarget {
  readonly audience: readonly string[];
  /** True where the token is good for the userinfo endpoint alone (knob `audienceParameter`: needed-for-jwt). */
  readonly opaque?: true;
}

/**
 * @param resources those asked for, else those granted; empty: both MCP servers
 * @param audiences further ones, asked for by `audience`
 */
export function tokenTarget(tenant: Tenant, resources: readonly string[], audiences: readonly string[]): TokenTarget {
  if (tenant.config.audienceParameter === 'needed-for-jwt' && audiences.length === 0) {
    return { audience: [addresses(tenant).userinfo], opaque: true };
  }
  const own = resources.length > 0 ? resources : defaultResources(tenant);
  return { audience: audiences.length === 0 ? own : [...new Set([...own, ...audiences])] };
}
