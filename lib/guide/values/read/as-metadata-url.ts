import { jsonOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/**
 * The address of an issuer's metadata: the well-known part goes between host and path.
 * @see https://datatracker.ietf.org/doc/html/rfc8414#section-3.1
 */
export function metadataUrl(issuer: string): string {
  try {
    const url = new URL(issuer);
    return `${url.origin}/.well-known/oauth-authorization-server${url.pathname === '/' ? '' : url.pathname}`;
  } catch {
    return issuer;
  }
}

/** Where the metadata of the first authorization server is. */
export const asMetadataUrl: Read = {
  value: 'as_metadata_url',
  read: (exchange) => {
    const servers = jsonOf(exchange.response)?.authorization_servers;
    return Array.isArray(servers) && typeof servers[0] === 'string' ? metadataUrl(servers[0]) : null;
  },
};
