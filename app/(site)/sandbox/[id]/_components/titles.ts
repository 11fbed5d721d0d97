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
      return 'The resource’s metadata';
    case 'as-metadata':
      return 'The server’s metadata';
    case 'jwks':
      return 'The public keys';
    case 'register':
      return 'The registration';
    case 'registration':
      return 'Looking after a registration';
    case 'authorize':
      return exchange.request.method === 'POST' && formOf(exchange).get('action')
        ? 'The decision'
        : 'The authorization request';
    case 'consent':
      return 'The decision';
    case 'par':
      return 'Pushing the request';
    case 'token':
      return exchange.grantType === 'refresh_token'
        ? 'A refresh'
        : exchange.grantType === 'client_credentials'
          ? 'A token for the client itself'
          : 'The token request';
    case 'revoke':
      return 'Giving a token back';
    case 'introspect':
      return 'Asking about a token';
    case 'userinfo':
      return 'Asking who the user is';
    case 'device':
      return 'Asking for a device code';
    case 'activate':
      return 'Typing the code';
    case 'logout':
      return 'Signing out';
    default:
      return 'A request';
  }
}
