/** Scenarios: discovery of the authorization server's metadata. */
import { cited, mcp, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const discovery = scenarioGroup('discovery', {
  conforming: {
    title: 'A server that does everything right',
    does: prose`
      Nothing unusual. Metadata at every standard address, resource_metadata and scope in the challenge, all
      registration mechanisms, PKCE with S256, iss in the authorization response, rotating refresh tokens,
      audience checked.
    `,
    knobs: {},
    conformingClient: prose`
      Discovers both documents, obtains a client identifier, authorizes with PKCE and resource, redeems the code
      and calls the MCP server with the token in the Authorization header.
    `,
    commonMistakes: [
      'No resource parameter, or only in one of the two requests.',
      prose`
        Another spelling of the resource than the metadata's, usually a slash that a URL parser added.
      `,
      'No state, and no validation of iss.',
    ],
    judgedBy: [],
    spec: [
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
      mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
      mcp('2026-07-28', 'security', 'Authorization Code Protection'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'metadata-default': {
    title: 'Both documents at their first address',
    does: prose`
      The challenge names the protected resource metadata, which is at the well-known address with the resource's
      path. The authorization server metadata is at the OAuth well-known address only. A request for resource
      metadata at the root is a mistake here, since nothing points there.
    `,
    knobs: { 'metadata.locations': ['oauth-inserted'] },
    conformingClient: prose`
      Requests the address from the challenge, then the OAuth well-known address of the issuer, and goes on with
      the endpoints found there. Sends the resource exactly as published.
    `,
    commonMistakes: [
      'Asks for the root resource metadata although the challenge names another address.',
      "Derives the issuer's well-known address by appending where it has to insert.",
      'Sends the resource through a URL parser and so with another spelling.',
    ],
    judgedBy: ['discovery.prm-requested', 'discovery.as-metadata-order', 'authorize.resource-exact'],
    spec: [
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
      rfc(9728, '3.1', 'Protected Resource Metadata Request'),
      rfc(8414, '3.1', 'Authorization Server Metadata Request'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/metadata-default', status: 'released' },
    hosting: 'variant',
    hostingNote: prose`
      The suite's issuer has no path; a hosted sandbox's has one, so that the same discovery runs through path
      insertion. A request for the root resource metadata belongs to no sandbox of a shared origin and cannot be
      held against this client. On its own origin the scenario is the suite's.
    `,
  },
  'metadata-var1': {
    title: 'No address in the challenge, OpenID metadata',
    does: prose`
      The challenge lacks resource_metadata. The resource metadata is at the well-known address with the
      resource's path; the authorization server offers only OpenID Connect discovery.
    `,
    knobs: { 'prm.inChallenge': false, 'metadata.locations': ['oidc-inserted'] },
    conformingClient: prose`
      Builds the well-known address from the server's URL, path first. Tries the OAuth metadata, gets 404, and
      finds the OpenID document at the next address of the order.
    `,
    commonMistakes: [
      'Takes a challenge without an address for the end of the road.',
      'Knows only the OAuth well-known suffix.',
      'Skips the path and asks at the root first.',
    ],
    judgedBy: ['discovery.prm-well-known-fallback', 'discovery.prm-path-before-root', 'discovery.oidc-fallback'],
    spec: [
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
      mcp('2025-11-25', 'authorization', 'Protected Resource Metadata Discovery Requirements'),
      mcp('2025-11-25', 'authorization', 'Authorization Server Metadata Discovery'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/metadata-var1', status: 'released' },
    hosting: 'variant',
    hostingNote: prose`
      The suite's OpenID document is at the root of an issuer without a path. Hosted, it is at the path-inserted
      OpenID address, the second of the three for an issuer with a path.
    `,
  },
  'metadata-var2': {
    title: 'Resource metadata at the root, issuer with a path',
    does: prose`
      The challenge lacks resource_metadata and the resource metadata is only at the root of the origin, where the
      resource is the origin itself. The issuer has a path, and its OAuth metadata is at the path-inserted
      address.
    `,
    knobs: { 'prm.inChallenge': false, 'metadata.locations': ['oauth-inserted'] },
    knobsOwnOrigin: {
      'prm.location': 'root',
      'prm.inChallenge': false,
      'metadata.locations': ['oauth-inserted'],
      issuers: ['as2'],
      'prm.authorizationServers': ['as2'],
    },
    conformingClient: prose`
      Tries the resource metadata with the path, gets 404, falls back to the root; then asks for the issuer's
      metadata with the issuer's path inserted and never at the root.
    `,
    commonMistakes: [
      'Stops after the first 404.',
      "Asks for the issuer's metadata at the root and so loses the issuer's path.",
      'Sends the MCP URL as the resource although the metadata says the origin.',
    ],
    judgedBy: ['discovery.prm-path-before-root'],
    spec: [
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
      rfc(8414, '3.1', 'Authorization Server Metadata Request'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/metadata-var2', status: 'released' },
    hosting: 'variant',
    hostingNote: prose`
      The root of a shared origin belongs to the default sandbox, so that a hosted sandbox can only show the
      issuer's half: resource metadata at its path address, path-inserted OAuth metadata. The whole scenario needs
      a sandbox that is alone on its origin.
    `,
  },
  'metadata-var3': {
    title: 'Custom metadata address, appended OpenID metadata',
    does: prose`
      The challenge names an address that follows no convention; the well-known addresses of the resource metadata
      are 404. The issuer has a path and offers only OpenID discovery with the well-known part appended.
    `,
    knobs: { 'prm.location': 'custom', 'metadata.locations': ['oidc-appended'] },
    knobsOwnOrigin: {
      'prm.location': 'custom',
      'metadata.locations': ['oidc-appended'],
      issuers: ['as2'],
      'prm.authorizationServers': ['as2'],
    },
    conformingClient: prose`
      Uses the address of the challenge as it stands, and tries the three metadata addresses of the issuer in
      order until the last one answers.
    `,
    commonMistakes: [
      'Ignores the challenge and builds the well-known address itself.',
      'Gives up after the two path-inserted addresses.',
    ],
    judgedBy: ['discovery.prm-address-from-challenge', 'discovery.oidc-fallback'],
    spec: [
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
      rfc(9728, '5.1', 'WWW-Authenticate Response'),
      cited.oidcConfigurationRequest,
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/metadata-var3', status: 'released' },
  },
  'metadata-query-params': {
    title: "A query component in the server's address",
    does: prose`
      The MCP address handed out has a query (?tenant=alpha), which is part of the resource identifier. The
      challenge lacks resource_metadata.
    `,
    knobs: { 'resource.query': 'tenant=alpha', 'prm.inChallenge': false, 'metadata.locations': ['oauth-inserted'] },
    conformingClient: prose`
      Inserts the well-known part between the host and the path, and keeps the query. Sends the resource with the
      query.
    `,
    commonMistakes: [
      'Drops the query while building the metadata address.',
      'Drops it from the resource parameter, so that the token is for another resource.',
    ],
    judgedBy: ['discovery.prm-well-known-fallback', 'discovery.prm-query-kept'],
    spec: [
      rfc(9728, '3.1', 'Protected Resource Metadata Request'),
      rfc(9728, '1.2', 'Terminology'),
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/metadata-query-params', status: 'proposed' },
    hostingNote: prose`
      The metadata is served with and without the query, so that the run goes on. RFC 9728 discourages queries in
      resource identifiers, which is why a loss is only warned of.
    `,
  },
  'metadata-issuer-mismatch': {
    title: 'Metadata that claims another issuer',
    does: prose`
      The authorization server metadata is fetched from the right address and names somebody else's issuer. Its
      endpoints lie under a path that only this document tells, so a client that calls them has believed it.
    `,
    knobs: { 'metadata.decoy': true, patch: { 'as-metadata': { issuer: 'https://attacker.example.com' } } },
    conformingClient: prose`
      Compares the issuer in the document with the one that it built the address from, and drops the document. No
      request to any endpoint in it; an error that says why.
    `,
    commonMistakes: [
      'Never compares, or compares only the host.',
      'Compares after URL normalisation.',
      'Falls back to default endpoints instead of stopping.',
    ],
    judgedBy: ['discovery.issuer-validated'],
    spec: [
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
      rfc(8414, '3.3', 'Authorization Server Metadata Validation'),
      cited.oidcConfigurationValidation,
    ],
    level: 'MUST',
    versions: ['2026-07-28', 'oauth'],
    conformance: { name: 'auth/metadata-issuer-mismatch', status: 'released' },
  },
  '2025-03-26-oauth-metadata-backcompat': {
    title: 'No resource metadata, issuer at the root (2025-03-26)',
    does: prose`
      A server of the 2025-03-26 revision: no protected resource metadata anywhere; the OAuth metadata is at the
      root of the origin on which the MCP endpoint lies, and points to endpoints that are not the default paths.
    `,
    knobs: { 'prm.location': 'none', 'prm.inChallenge': false, 'metadata.locations': ['oauth-inserted'] },
    conformingClient: prose`
      Drops the path of the server's URL, finds the metadata at the root, and uses the endpoints that it names. A
      client of a later revision may support this for compatibility; nothing obliges it to.
    `,
    commonMistakes: [
      'Ignores the endpoints in the document and uses the default paths.',
      'Keeps the path of the MCP endpoint while looking for the metadata.',
    ],
    judgedBy: ['discovery.base-url-2025-03-26'],
    spec: [
      mcp('2025-03-26', 'authorization', 'Server Metadata Discovery'),
      mcp('2025-03-26', 'authorization', 'Authorization Base URL'),
    ],
    level: 'MUST',
    versions: ['2025-03-26'],
    conformance: { name: 'auth/2025-03-26-oauth-metadata-backcompat', status: 'released' },
    hosting: 'no',
    hostingNote: prose`
      This revision discards every path, so that its requests arrive at the root of the origin and name no
      sandbox. Only for a sandbox that is alone on its origin.
    `,
  },
  '2025-03-26-oauth-endpoint-fallback': {
    title: 'No metadata at all, default endpoints (2025-03-26)',
    does: prose`
      Neither resource metadata nor authorization server metadata exist. Registration, authorization and token
      endpoint are at the default paths at the root of the origin.
    `,
    knobs: { 'prm.location': 'none', 'prm.inChallenge': false, 'metadata.locations': [], 'compat.rootEndpoints': true },
    conformingClient: prose`
      Looks for metadata first, gets 404, and then uses /register, /authorize and /token at the root of the
      server's origin.
    `,
    commonMistakes: [
      'Uses the default paths without looking for metadata.',
      'Puts the default paths under the path of the MCP endpoint.',
    ],
    judgedBy: ['discovery.base-url-2025-03-26', 'discovery.default-endpoints-2025-03-26'],
    spec: [
      mcp('2025-03-26', 'authorization', 'Fallbacks for Servers without Metadata Discovery'),
      mcp('2025-03-26', 'authorization', 'Authorization Base URL'),
    ],
    level: 'MUST',
    versions: ['2025-03-26'],
    conformance: { name: 'auth/2025-03-26-oauth-endpoint-fallback', status: 'released' },
    hosting: 'no',
    hostingNote: 'The default paths are at the root of the origin and name no sandbox.',
  },
  'metadata-no-pkce': {
    title: 'Metadata without code_challenge_methods_supported',
    does: prose`
      The authorization server metadata lacks code_challenge_methods_supported. PKCE works all the same, as at
      several large providers.
    `,
    knobs: { patch: { 'as-metadata': { code_challenge_methods_supported: null } } },
    conformingClient: 'Refuses to go on, and names the missing member.',
    commonMistakes: [
      'Assumes S256 and goes on.',
      'Refuses without a word, so that the user sees only that the connection failed.',
    ],
    judgedBy: ['discovery.pkce-support-checked'],
    spec: [
      mcp('2026-07-28', 'security', 'Authorization Code Protection'),
      mcp('2025-11-25', 'authorization', 'Authorization Code Protection'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
  },
  'metadata-dangerous-endpoint': {
    title: 'An authorization endpoint that is a script',
    does: "The metadata's authorization_endpoint is a harmless javascript URL.",
    knobs: { patch: { 'as-metadata': { authorization_endpoint: 'javascript:void(0)' } } },
    conformingClient: 'Accepts only https, or http on loopback, refuses this one, and opens nothing.',
    commonMistakes: ['Passes the URL to the browser or to a shell as it came.'],
    judgedBy: [],
    notJudged: {
      why: 'A browser that opens this address sends no request, and a client that refuses it sends none either.',
      look: 'Check that your client opens nothing and names the address in its error.',
    },
    spec: [cited.mcpAuthorizationUrl],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    hostingNote: prose`
      The outcome is visible at the client only. The report says what to look for there, and gives no verdict.
    `,
  },
});
