/** Scenarios: quirks. */
import { cited, mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const quirks = scenarioGroup('quirks', {
  'prm-parent-resource': {
    title: "The resource is a parent of the server's address",
    does: prose`
      The resource of the metadata is the sandbox's base, one level above the MCP endpoint, as many deployed
      servers have it. Tokens for that resource are accepted.
    `,
    knobs: { patch: { prm: { resource: '{base}' } }, 'resource.audience': 'lax' },
    conformingClient: prose`
      By the letter of RFC 9728 it refuses, since the value is not the URL that it asked. Many clients accept a
      parent on the same origin, and a draft update of the RFC would permit that. Either way it says what it
      found.
    `,
    commonMistakes: ['Sends the MCP URL as resource after accepting a parent.'],
    judgedBy: [],
    notJudged: {
      why: 'The client may refuse this resource or accept it, so that neither is wrong.',
      look: prose`
        Check that your client says what it found. If it goes on, look in the record for the resource that it sends:
        it is the one of the metadata.
      `,
    },
    spec: [
      rfc(9728, '3.3', 'Protected Resource Metadata Validation'),
      mcp('2026-07-28', 'authorization', 'Canonical Server URI'),
    ],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
    hostingNote: 'No rule judges the choice. The scenario shows what a client does.',
  },
  'metadata-unknown-members': {
    title: 'Metadata with members nobody knows',
    does: 'Both documents carry additional members of several types, among them nested objects.',
    knobs: {
      patch: {
        prm: { x_tier: 'gold', x_limits: { per_minute: 60 } },
        'as-metadata': { x_region: 'eu', x_features: ['a', 'b'], mtls_endpoint_aliases: {} },
      },
    },
    conformingClient: 'Ignores what it does not know.',
    commonMistakes: ['Validates against a closed schema and refuses the document.'],
    judgedBy: ['discovery.unknown-members-ignored'],
    spec: [
      rfc(9728, '3.2', 'Protected Resource Metadata Response'),
      rfc(8414, '3.2', 'Authorization Server Metadata Response'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'secret-special-characters': {
    title: 'A secret that has to be encoded',
    does: prose`
      Registers confidential clients with HTTP Basic and issues secrets with characters that form encoding
      changes.
    `,
    knobs: {
      'registration.authMethod': 'client_secret_basic',
      'registration.secretAlphabet': 'special',
      'cimd.support': false,
    },
    conformingClient: prose`
      Form-encodes identifier and secret before it joins them with a colon and encodes the whole in base64.
    `,
    commonMistakes: [
      prose`
        Skips the form encoding. Nothing shows until a secret contains one of these characters.
      `,
      'Splits at the wrong colon.',
    ],
    judgedBy: ['registration.answer-used', 'token.basic-encoding'],
    spec: [rfc(6749, '2.3.1', 'Client Password'), oauth21('2.4.1', 'Client Secret')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'redirect-port-exact': {
    title: 'The port of the redirect URI must match',
    does: 'Compares redirect URIs byte for byte, loopback ports included, as several servers do.',
    knobs: { 'authorize.redirectPort': 'exact' },
    conformingClient: prose`
      Relies on RFC 8252, which lets native clients choose a port per request, and so fails here; one that
      registers with the port it then uses gets through.
    `,
    commonMistakes: ['Registers once with one port and listens on another later.'],
    judgedBy: [],
    notJudged: {
      why: 'The server is at fault here: RFC 8252 lets a native client choose the port for each request.',
      look: 'Check that the error tells the user which redirect URI was refused.',
    },
    spec: [
      rfc(8252, '7.3', 'Loopback Interface Redirection'),
      oauth21('8.4.2', 'Loopback Interface Redirection'),
      oauth21('4.1.1', 'Authorization Request'),
    ],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    hostingNote: 'The server is at fault here. No rule fails a client for it.',
  },
  'token-extra-members': {
    title: 'The token response has more in it',
    does: 'Adds unknown members, among them a nested object and a number as a string.',
    knobs: { patch: { token: { x_tenant: { id: 7 }, ext_expires_in: '7199', not_before: 0 } } },
    conformingClient: 'Ignores what it does not know.',
    commonMistakes: ['Validates against a closed schema and refuses the answer.'],
    judgedBy: ['token.variations-tolerated'],
    spec: [rfc(6749, '5.1', 'Successful Response'), oauth21('3.2.3', 'Token Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'entra-like': {
    title: 'Like Microsoft Entra ID',
    does: prose`
      OpenID metadata at the appended address only, without code_challenge_methods_supported. No registration, no
      metadata documents as identifiers, no iss in responses. A resource parameter beside scopes is refused. A
      refresh token comes only with offline_access, and the old one keeps working after a refresh. Tokens are
      RS256.
    `,
    knobs: {
      'metadata.locations': ['oidc-appended'],
      patch: { 'as-metadata': { code_challenge_methods_supported: null } },
      'registration.dynamic': false,
      'cimd.support': false,
      clients: [{ client_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', auth_method: 'none' }],
      'authorize.iss': 'omit',
      'authorize.redirectPort': 'loopback-any',
      resourceParameter: 'reject',
      'refresh.issue': 'offline-access',
      'refresh.reuse': 'accept',
      'tokens.alg': 'RS256',
    },
    conformingClient: prose`
      By the letter an MCP client stops at the metadata, since PKCE is not advertised, and must send resource,
      which is refused. A client that works here has switches for both, and says when they are on.
    `,
    commonMistakes: ['Loops on the refusal instead of showing it.', 'Registers at a guessed address.'],
    judgedBy: ['discovery.oidc-fallback', 'discovery.pkce-support-checked'],
    spec: [
      mcp('2026-07-28', 'security', 'Authorization Code Protection'),
      mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
      mcp('2026-07-28', 'registration'),
      cited.oidcConfigurationRequest,
    ],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    hostingNote: prose`
      A likeness of what clients have met there up to autumn 2026, not a copy; the real one accepts a resource
      where the application is set up for it.
    `,
    feature: 'pre-registered',
  },
  'auth0-like': {
    title: 'Like Auth0',
    does: prose`
      The issuer ends in a slash everywhere. resource is ignored; without audience the access token is opaque and
      good for the userinfo endpoint only. Pending device polls get 403. A refresh token comes only with
      offline_access, rotates, and its reuse ends the family.
    `,
    knobs: {
      'issuer.trailingSlash': true,
      resourceParameter: 'ignore',
      audienceParameter: 'needed-for-jwt',
      'device.errorStatus': 403,
      'refresh.issue': 'offline-access',
      'refresh.rotate': true,
      'refresh.reuse': 'revoke-family',
      'tokens.alg': 'RS256',
      'authorize.iss': 'omit',
    },
    conformingClient: prose`
      Compares issuers with their slash, and drops it only for the well-known address. Lets the user set an
      audience. Shows the 401 that an opaque token brings.
    `,
    commonMistakes: [
      'Loses the slash and finds the issuers different.',
      'Authorizes in circles with a token that can never be good.',
    ],
    judgedBy: ['authorize.rejection-limit'],
    spec: [
      rfc(8414, '3.1', 'Authorization Server Metadata Request'),
      rfc(8414, '3.3', 'Authorization Server Metadata Validation'),
      mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
      rfc(8628, '3.5', 'Device Access Token Response'),
    ],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    hostingNote: prose`
      A likeness, not a copy. It shows how such tenants behave with their defaults; a tenant can be set up to
      honour resource.
    `,
  },
});
