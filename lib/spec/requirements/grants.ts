import type { Requirement } from './types.ts';

/** Grants beside the authorization code: token exchange, assertions and devices. */
export const grants = {
  'exchange.subject-token': {
    says: 'A token exchange verifies the subject token and says which type it issued.',
    level: 'MUST',
    clause: 'rfc8693-2.2.1',
    also: ['rfc8693-2.1', 'rfc8693-2.2.2'],
    at: 'lib/oauth/grants/token-exchange.ts',
  },
  'exchange.no-more': {
    says: 'An exchange narrows and moves a token: no further scope, no foreign target, no longer life.',
    level: 'SHOULD',
    clause: 'rfc8693-2.1',
    also: ['rfc8693-2.2.1'],
    at: 'lib/oauth/grants/token-exchange.ts',
  },
  'exchange.client': {
    says: 'Only confidential clients that registered for it exchange tokens.',
    level: 'SHOULD',
    clause: 'rfc8693-2.1',
    at: 'lib/oauth/checks/grant-registered.ts',
  },
  'exchange.id-jag': {
    says:
      'The identity provider gives an assertion for an ID token of the same client, and only for a server ' +
      'that it knows.',
    level: 'MUST',
    clause: 'rfc8693-2.2.1',
    at: 'lib/oauth/grants/id-jag.ts',
  },
  'exchange.actor': {
    says: 'If an actor token comes along, the new token names the actor in act.',
    level: 'SHOULD',
    clause: 'rfc8693-4.1',
    at: 'lib/oauth/grants/token-exchange.ts',
  },
  'jwt-bearer.assertion': {
    says:
      'An assertion as a grant is from a trusted issuer, for this server and unexpired; one that the client signed ' +
      'itself is used once.',
    level: 'MUST',
    clause: 'rfc7523-3',
    at: 'lib/oauth/checks/grant-assertion.ts',
  },
  'jwt-bearer.again': {
    says: 'A client may present an ID-JAG again until it expires: it takes the place of a refresh token.',
    level: 'MAY',
    clause: 'id-jag-4.4.3',
    also: ['rfc7523-3'],
    at: 'lib/oauth/grants/jwt-bearer.ts',
  },
  'jwt-bearer.id-jag': {
    says:
      'An identity assertion is taken from the client that it was made for, at the server that it was made ' +
      'for, and is no access token.',
    level: 'MUST',
    clause: 'rfc7523-3',
    at: 'lib/oauth/checks/grant-assertion.ts',
  },
  'device.codes': {
    says: 'A device gets a long secret code, a short user code, where to go, how long and how often.',
    level: 'MUST',
    clause: 'rfc8628-3.2',
    at: 'lib/oauth/endpoints/device-authorization.ts',
  },
  'device.client': {
    says: 'Only a client that registered for the grant begins one, authenticated as it registered, within its scopes.',
    level: 'MUST',
    clause: 'rfc8628-3.1',
    at: 'lib/oauth/endpoints/device-authorization.ts',
  },
  'device.pending': {
    says: 'Polls before the decision are authorization_pending.',
    level: 'MUST',
    clause: 'rfc8628-3.5',
    at: 'lib/oauth/checks/device-answered.ts',
  },
  'device.slow-down': {
    says: 'Polls that come too fast are slow_down, and the interval grows by five seconds.',
    level: 'MUST',
    clause: 'rfc8628-3.5',
    at: 'lib/oauth/checks/device-pace.ts',
  },
  'device.denied-expired': {
    says: 'A refusal is access_denied, a pair that is too old expired_token.',
    level: 'MUST',
    clause: 'rfc8628-3.5',
    at: 'lib/oauth/checks/device-answered.ts',
  },
  'device.once': {
    says: 'A device code gives tokens once.',
    level: 'OWN',
    clause: 'rfc8628-3.5',
    at: 'lib/store/device.ts',
  },
  'device.bound-to-client': {
    says: 'A device code is good for the client that it was given to.',
    level: 'MUST',
    clause: 'rfc8628-3.4',
    at: 'lib/oauth/checks/device-known.ts',
  },
  'device.own-page-only': {
    says: 'The decision on a device is taken only from the page that asked, in the browser that it asked.',
    level: 'MUST',
    clause: 'oauth21-7.9',
    also: ['rfc9700-4.7.1'],
    at: 'lib/oauth/checks/form-ticket.ts',
  },
  'device.guessing': {
    says: 'Guessing user codes is limited.',
    level: 'SHOULD',
    clause: 'rfc8628-5.1',
    at: 'lib/oauth/interaction/guesses.ts',
  },
} as const satisfies Record<string, Requirement>;
