/** Scenarios: extensions. */
import { cited, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

/**
 * No grant here uses the authorization endpoint, and RFC 8414 §2 lets a server leave it out then. It is listed all the
 * same, as the MCP conformance suite has it: version 1 of the MCP SDK reads no metadata without it.
 */
const LISTED = {
  'as-metadata': { authorization_endpoint: '{base}/oauth/authorize', code_challenge_methods_supported: ['S256'] },
};

export const extensions = scenarioGroup('extensions', {
  'client-credentials-jwt': {
    title: 'A machine with a key',
    does: prose`
      Only the client credentials grant, and only private_key_jwt. One client exists; its key pair is shown with
      the sandbox.
    `,
    knobs: {
      grants: ['client_credentials'],
      'clientAuth.methods': ['private_key_jwt'],
      'registration.dynamic': false,
      'cimd.support': false,
      patch: LISTED,
      clients: [{ client_id: 'walk-machine', auth_method: 'private_key_jwt', grant_types: ['client_credentials'] }],
    },
    conformingClient: prose`
      Discovers as usual, signs an assertion with iss and sub its client_id and the issuer as audience, and asks
      for a token with resource and scope.
    `,
    commonMistakes: [
      'Opens a browser.',
      'Uses the jwt-bearer grant in place of the jwt-bearer assertion.',
      'Signs for another audience.',
    ],
    judgedBy: [
      'token.assertion-valid',
      'token.assertion-audience-issuer',
      'token.client-credentials-grant',
      'token.resource',
    ],
    spec: [
      cited.mcpClientCredentials,
      rfc(7523, '2.2', 'Using JWTs for Client Authentication'),
      rfc(7523, '3', 'JWT Format and Processing Requirements'),
      oauth21('4.2', 'Client Credentials Grant'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/client-credentials-jwt', status: 'released' },
    hostingNote: prose`
      An optional extension. Its specification leaves the audience to RFC 7523, its documentation page says the
      token endpoint, the suite demands the issuer. The sandbox takes both, and warns of the token endpoint.
    `,
    feature: 'client-credentials',
  },
  'client-credentials-basic': {
    title: 'A machine with a secret',
    does: 'Only the client credentials grant, and only client_secret_basic. One client exists.',
    knobs: {
      grants: ['client_credentials'],
      'clientAuth.methods': ['client_secret_basic'],
      'registration.dynamic': false,
      'cimd.support': false,
      patch: LISTED,
      clients: [{ client_id: 'walk-machine', auth_method: 'client_secret_basic', grant_types: ['client_credentials'] }],
    },
    conformingClient: 'Authenticates with HTTP Basic and asks for a token with resource and scope.',
    commonMistakes: ['Sends the secret in the body.', 'Expects a refresh token.'],
    judgedBy: ['token.client-credentials-grant', 'token.auth-method', 'token.resource'],
    spec: [
      cited.mcpClientCredentials,
      oauth21('4.2', 'Client Credentials Grant'),
      rfc(6749, '4.4', 'Client Credentials Grant'),
      rfc(6749, '2.3.1', 'Client Password'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/client-credentials-basic', status: 'released' },
    hostingNote: 'An optional extension.',
    feature: 'client-credentials',
  },
  'enterprise-managed-authorization': {
    title: 'The company decides',
    does: prose`
      An identity provider issues an ID token for the client, exchanges it for an ID-JAG, and the authorization
      server takes that as a grant. There is no other grant. The client's credentials at both are shown with the
      sandbox.
    `,
    knobs: {
      issuers: ['idp'],
      'idp.clientAuth': 'optional',
      grants: ['jwt-bearer'],
      'clientAuth.methods': ['client_secret_basic'],
      'registration.dynamic': false,
      'cimd.support': false,
      patch: LISTED,
      clients: [{ client_id: 'walk-enterprise', auth_method: 'client_secret_basic', grant_types: ['jwt-bearer'] }],
    },
    conformingClient: prose`
      Exchanges its ID token at the identity provider for an ID-JAG, with the authorization server's issuer as
      audience and the MCP server as resource, and presents that at the authorization server's token endpoint with
      its own credentials.
    `,
    commonMistakes: [
      'Sends the ID token itself as the assertion.',
      'Names the MCP server as audience, or leaves the resource out.',
      'Redirects the user to the authorization server.',
    ],
    judgedBy: ['token.client-credentials-grant', 'token.id-jag-exchange', 'token.id-jag-presented'],
    spec: [
      cited.mcpEnterpriseExchange,
      cited.mcpEnterpriseRequest,
      rfc(8693, '2.1', 'Request'),
      rfc(7523, '2.1', 'Using JWTs as Authorization Grants'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/enterprise-managed-authorization', status: 'released' },
    hosting: 'variant',
    hostingNote: prose`
      The suite runs three origins; here the identity provider is at {base}/idp on the same one. An optional
      extension.
    `,
    feature: 'enterprise',
  },
  'wif-jwt-bearer': {
    title: 'The platform vouches for the workload',
    does: prose`
      Only the JWT bearer grant, no client authentication and no registration. The identity provider's key signs
      workload assertions; a good one, an expired one and one for another audience are handed out with the
      sandbox. Two scopes make it refuse: wif.trigger-unauthorized with unauthorized_client, wif.rejected with
      invalid_scope.
    `,
    knobs: {
      issuers: ['idp'],
      grants: ['jwt-bearer'],
      'clientAuth.methods': ['none'],
      'registration.dynamic': false,
      'cimd.support': false,
      patch: LISTED,
      clients: [{ client_id: 'walk-workload', auth_method: 'none', grant_types: ['jwt-bearer'] }],
    },
    conformingClient: prose`
      Presents the workload's JWT as the assertion. On an error it reports the code, and neither repeats the
      request nor turns to another grant.
    `,
    commonMistakes: [
      'Sends it as a client assertion.',
      'Presents an expired JWT instead of reading a fresh one.',
      'Falls back to the browser, or to client credentials.',
    ],
    judgedBy: ['token.client-credentials-grant', 'token.workload-assertion', 'token.no-grant-fallback'],
    spec: [
      rfc(7523, '2.1', 'Using JWTs as Authorization Grants'),
      rfc(7523, '3', 'JWT Format and Processing Requirements'),
      cited.sep1933,
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/wif-jwt-bearer', status: 'released' },
    hostingNote: 'An optional extension whose specification is still a proposal.',
    feature: 'workload',
  },
});
