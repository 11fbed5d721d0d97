import { jsonOf } from '#lib/exchange/read.ts';
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

/** Every endpoint that the metadata names is held, whether a step speaks of it or not. */
export const endpoints: readonly Read[] = NAMES.map((value) => ({
  value,
  with: '*',
  read: (exchange) => (exchange.endpoint === 'as-metadata' ? text(jsonOf(exchange.response)?.[value]) : null),
}));
