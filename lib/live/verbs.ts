/** What an exchange is in a sentence about its client: "asks for the tools", "redeems the code". */
import type { Exchange } from './types.ts';

/** @returns a verb phrase without its subject */
export function verbsOf(exchange: Exchange): string {
  const refused = (exchange.response?.status ?? 0) >= 400;
  switch (exchange.endpoint) {
    case 'mcp':
    case 'bearer':
    case 'no-auth':
      if (exchange.tool) return `calls ${exchange.tool}`;
      if (exchange.rpcMethod === 'tools/list') return 'asks for the tools';
      if (exchange.rpcMethod === 'initialize') return 'opens a session';
      if (exchange.request.method === 'GET') return 'asks for a stream';
      if (exchange.request.method === 'DELETE') return 'ends the session';
      return exchange.rpcMethod ? `sends ${exchange.rpcMethod}` : 'asks the MCP server';
    case 'prm':
      return 'finds the auth server';
    case 'as-metadata':
      return 'reads how to sign in';
    case 'jwks':
      return 'reads the public keys';
    case 'register':
      return refused ? 'tries to register' : 'registers';
    case 'par':
      return 'pushes its request';
    case 'authorize':
      return exchange.request.method === 'POST' ? 'the user decides' : 'asks the user';
    case 'consent':
      return 'the user decides';
    case 'device':
      return 'asks for a device code';
    case 'token':
      if (exchange.grantType === 'refresh_token') return 'renews the token';
      if (exchange.grantType === 'authorization_code') return 'redeems the code';
      if (exchange.grantType?.endsWith('device_code')) return 'asks whether the user has decided';
      return 'asks for a token';
    case 'revoke':
      return 'revokes a token';
    case 'introspect':
      return 'asks about a token';
    case 'userinfo':
      return 'asks who the user is';
    case 'logout':
      return 'signs the user out';
    default:
      return `asks for ${exchange.endpoint}`;
  }
}
