import type { Exchange } from '#lib/exchange/types.ts';
import { formOf } from '#lib/exchange/read.ts';

/** What an exchange is, as a title: "The token request". */
export function titleOf(exchange: Exchange): string {
  switch (exchange.endpoint) {
    case 'mcp':
    case 'bearer':
    case 'no-auth':
      if (exchange.tool) return `A call of ${exchange.tool}`;
      if (exchange.rpcMethod) return exchange.rpcMethod;
      return exchange.request.method === 'GET'
        ? 'Asking for a stream'
        : exchange.request.method === 'DELETE'
          ? 'Ending the session'
          : 'An MCP request';
    case 'prm':
      return 'Protected resource metadata';
    case 'as-metadata':
      return 'Authorization server metadata';
    case 'jwks':
      return 'Public keys';
    case 'register':
      return 'The registration';
    case 'registration':
      return 'Managing a registration';
    case 'authorize':
      return exchange.request.method === 'POST' && formOf(exchange).get('action')
        ? 'The decision'
        : 'The authorization request';
    case 'consent':
      return 'The decision';
    case 'par':
      return 'Pushed authorization request';
    case 'token':
      return exchange.grantType === 'refresh_token'
        ? 'A refresh request'
        : exchange.grantType === 'client_credentials'
          ? 'A client credentials request'
          : 'The token request';
    case 'revoke':
      return 'Revocation';
    case 'introspect':
      return 'Introspection';
    case 'userinfo':
      return 'User info';
    case 'device':
      return 'Device authorization';
    case 'activate':
      return 'Entering the user code';
    case 'logout':
      return 'Logout';
    default:
      return 'A request';
  }
}
