import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The authorization server that a resource names, or that a document names itself. */
export const issuer: Read = {
  value: 'issuer',
  read: (exchange) => {
    // Metadata must name the issuer that its address was built from, not bring one of its own.
    if (exchange.endpoint === 'as-metadata') return null;
    const servers = jsonOf(exchange.response)?.authorization_servers;
    return Array.isArray(servers) ? text(servers[0]) : null;
  },
};
