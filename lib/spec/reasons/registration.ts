/** Why a registration is refused. */
import type { Reason } from './reason.ts';

export const registrationReasons = {
  'redirect-uris-missing': {
    at: 'as',
    status: 400,
    error: 'invalid_redirect_uri',
    delivery: 'json',
    says: 'A client that wants codes has to say where they may be sent.',
    clause: 'rfc7591-2',
  },
  'redirect-uri-fragment': {
    at: 'as',
    status: 400,
    error: 'invalid_redirect_uri',
    delivery: 'json',
    says: 'A redirect URI is not what it has to be: a URI by RFC 3986, absolute, without a fragment.',
    clause: 'rfc7591-3.2.2',
  },
  'redirect-uri-policy': {
    at: 'as',
    status: 400,
    error: 'invalid_redirect_uri',
    delivery: 'json',
    says: 'This server does not take such a redirect URI for this kind of application.',
    clause: 'mcp-reg-type',
  },
  'client-metadata-invalid': {
    at: 'as',
    status: 400,
    error: 'invalid_client_metadata',
    delivery: 'json',
    says: 'The server cannot accept one of the members of the registration.',
    clause: 'rfc7591-3.2.2',
  },
  'registration-token-wrong': {
    at: 'as',
    status: 401,
    error: 'invalid_token',
    delivery: 'challenge',
    says: 'A registration is managed with the token that it came with, and with no other.',
    clause: 'rfc7592-2',
  },
} as const satisfies Record<string, Reason>;
