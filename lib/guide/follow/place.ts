/** Where in the main track an exchange belongs: by endpoint, grant type, JSON-RPC method and status. */
import { entryOf } from '#lib/spec/own.ts';
import { headerOf } from '#lib/exchange/read.ts';
import type { Exchange } from '../types.ts';

export interface Place {
  readonly step: string;
  readonly request: string;
}

/** What has been seen before it, as far as it matters here. */
export interface Seen {
  readonly revoked: boolean;
}

/** The MCP requests that the track has; what else a client asks there (a handshake, a stream) is beside the way. */
const CALLS: Readonly<Record<string, string>> = { 'tools/list': 'list', 'tools/call': 'call' };

function atMcp(exchange: Exchange, seen: Seen): Place | null {
  const status = exchange.response?.status ?? null;
  if (headerOf(exchange.request, 'authorization') === null)
    return status === 401 ? { step: 'challenge', request: 'call' } : null;
  if (status === 401 && seen.revoked) return { step: 'revoke', request: 'call' };
  const request = entryOf(CALLS, exchange.rpcMethod ?? '');
  if (request !== undefined) return { step: 'call', request };
  return status === 401 || status === 403 ? { step: 'call', request: 'call' } : null;
}

const GRANTS: Readonly<Record<string, Place>> = {
  authorization_code: { step: 'token', request: 'token' },
  refresh_token: { step: 'refresh', request: 'refresh' },
};

/** The step and request of the track that an exchange is, or null if the track has nothing like it. */
export function placeOf(exchange: Exchange, seen: Seen): Place | null {
  switch (exchange.endpoint) {
    case 'mcp':
      return atMcp(exchange, seen);
    case 'prm':
      return { step: 'discovery', request: 'resource-metadata' };
    case 'as-metadata':
      return { step: 'discovery', request: 'as-metadata' };
    case 'register':
      return { step: 'registration', request: 'register' };
    case 'authorize':
      return { step: 'authorization', request: 'authorize' };
    case 'consent':
      return { step: 'authorization', request: 'consent' };
    case 'token':
      return entryOf(GRANTS, exchange.grantType ?? '') ?? null;
    case 'revoke':
      return { step: 'revoke', request: 'revoke' };
    default:
      return null;
  }
}
