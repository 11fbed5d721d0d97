import { jsonOf } from '#lib/exchange/read.ts';
import type { StepRequest } from '../../types.ts';
import { type Read, text } from '../value.ts';

/**
 * Addresses in the metadata of an authorization server.
 * @see https://datatracker.ietf.org/doc/html/rfc8414#section-2
 */
const NAMES = [
  'registration_endpoint',
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'device_authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'jwks_uri',
] as const;

/** Whether a request is for the metadata of the company's identity provider: a client then knows two servers. */
const isProvider = (request: StepRequest): boolean => request.url.startsWith('{idp_');

/** An endpoint of the authorization server of the MCP server, or of the provider. */
function endpointOf(value: string, member: string, ofProvider: boolean): Read {
  return {
    value,
    with: '*',
    read: (exchange, request) =>
      exchange.endpoint === 'as-metadata' && isProvider(request) === ofProvider
        ? text(jsonOf(exchange.response)?.[member])
        : null,
  };
}

/** Every endpoint that the metadata names is held, whether a step speaks of it or not. */
export const endpoints: readonly Read[] = [
  ...NAMES.map((name) => endpointOf(name, name, false)),
  endpointOf('idp_authorization_endpoint', 'authorization_endpoint', true),
  endpointOf('idp_token_endpoint', 'token_endpoint', true),
];
