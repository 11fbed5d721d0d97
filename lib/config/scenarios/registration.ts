/** Scenarios: registration. */
import { cited, mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

const ERROR_PAGE = prose`
  The error page goes to the browser of the user. A client that waits for ever and one that has given up both send
  nothing.
`;

export const registration = scenarioGroup('registration', {
  'metadata-no-registration': {
    title: 'No way to register',
    does: prose`
      No registration_endpoint and no metadata documents as client identifiers. Only clients that were registered
      beforehand get in, and this one was not.
    `,
    knobs: { 'registration.dynamic': false, 'cimd.support': false },
    conformingClient: prose`
      Asks the user for a client identifier, or says that one is needed and where to enter it.
    `,
    commonMistakes: [
      'Posts to a guessed registration address.',
      'Uses a URL as client identifier although the server does not advertise that.',
    ],
    judgedBy: ['registration.cimd-only-if-supported'],
    spec: [
      mcp('2026-07-28', 'registration'),
      mcp('2025-11-25', 'authorization', 'Client Registration Approaches'),
      mcp('2025-06-18', 'authorization', 'Dynamic Client Registration'),
    ],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
  },
  'basic-cimd': {
    title: 'Client identifiers that are metadata documents',
    does: prose`
      The metadata advertises client_id_metadata_document_supported. Registration is offered as well.
    `,
    knobs: {},
    conformingClient: prose`
      Uses the URL of its metadata document as client_id and does not register. A client without such a document
      registers.
    `,
    commonMistakes: [
      'Registers although it has a document.',
      'Serves a document whose client_id is not its own address byte for byte.',
      'Lists redirect URIs that it does not use.',
    ],
    judgedBy: [
      'registration.cimd-preferred',
      'registration.cimd-url-valid',
      'registration.cimd-document-reachable',
      'registration.cimd-client-id-matches',
      'registration.cimd-required-members',
      'registration.cimd-redirect-listed',
      'registration.cimd-no-shared-secret',
    ],
    spec: [
      mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
      mcp('2025-11-25', 'authorization', 'Client ID Metadata Documents'),
      cited.cimdIdentifier,
      cited.cimdServerMetadata,
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/basic-cimd', status: 'released' },
    hostingNote: prose`
      The suite believes the URL without fetching it. Here the document is fetched; set cimd.fetch to assume where
      there is no network.
    `,
    feature: 'cimd',
  },
  'pre-registration': {
    title: 'Only a client registered beforehand',
    does: prose`
      No dynamic registration, no metadata documents. One confidential client exists, and its identifier, secret
      and issuer are shown with the sandbox.
    `,
    knobs: {
      'registration.dynamic': false,
      'cimd.support': false,
      'clientAuth.methods': ['client_secret_basic'],
      clients: [{ client_id: 'walk-preregistered', auth_method: 'client_secret_basic' }],
    },
    conformingClient: prose`
      Takes the credentials that the user entered, keeps them together with the issuer, and authenticates with
      HTTP Basic.
    `,
    commonMistakes: [
      'Has no place to enter credentials.',
      'Sends the secret in the body although only Basic is offered.',
    ],
    judgedBy: ['registration.cimd-only-if-supported', 'token.auth-method'],
    spec: [
      mcp('2026-07-28', 'registration', 'Pre-registration'),
      mcp('2025-11-25', 'authorization', 'Preregistration'),
      mcp('2026-07-28', 'registration', 'Authorization Server Binding'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/pre-registration', status: 'released' },
    feature: 'pre-registered',
  },
  'token-endpoint-auth-basic': {
    title: 'Only HTTP Basic at the token endpoint',
    does: 'Offers client_secret_basic alone, registers with it and issues a secret.',
    knobs: { 'clientAuth.methods': ['client_secret_basic'], 'cimd.support': false },
    conformingClient: prose`
      Sends identifier and secret, form-encoded, in the Authorization header of every token request.
    `,
    commonMistakes: ['Sends the secret in the body.', 'Leaves the form encoding out.', 'Sends both.'],
    judgedBy: ['token.auth-method', 'token.one-auth-method'],
    spec: [
      oauth21('2.4', 'Client Authentication'),
      oauth21('2.4.1', 'Client Secret'),
      rfc(6749, '2.3.1', 'Client Password'),
      rfc(7591, '2', 'Client Metadata'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    conformance: { name: 'auth/token-endpoint-auth-basic', status: 'released' },
  },
  'token-endpoint-auth-post': {
    title: 'Only the secret in the body',
    does: 'Offers client_secret_post alone, registers with it and issues a secret.',
    knobs: { 'clientAuth.methods': ['client_secret_post'], 'cimd.support': false },
    conformingClient: prose`
      Sends client_id and client_secret in the body of every token request, and no Authorization header.
    `,
    commonMistakes: ['Uses Basic because it holds a secret.', 'Puts the secret into the query.'],
    judgedBy: ['token.auth-method', 'token.one-auth-method'],
    spec: [
      oauth21('2.4', 'Client Authentication'),
      oauth21('2.4.1', 'Client Secret'),
      rfc(7591, '2', 'Client Metadata'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    conformance: { name: 'auth/token-endpoint-auth-post', status: 'released' },
  },
  'token-endpoint-auth-none': {
    title: 'Only public clients',
    does: 'Offers none alone and issues no secret.',
    knobs: { 'clientAuth.methods': ['none'], 'cimd.support': false },
    conformingClient: 'Sends client_id in the body and no credential of any kind.',
    commonMistakes: [
      'Asks for a secret in its registration and breaks when it gets none.',
      'Sends an empty secret or an Authorization header with one.',
    ],
    judgedBy: ['token.auth-method', 'token.public-client-id'],
    spec: [
      oauth21('2.4', 'Client Authentication'),
      oauth21('4.1.3', 'Token Endpoint Extension'),
      rfc(7591, '2', 'Client Metadata'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    conformance: { name: 'auth/token-endpoint-auth-none', status: 'released' },
  },
  'register-rejects-redirect-uri': {
    title: 'Registration refuses the redirect URI',
    does: 'Every registration gets 400 invalid_redirect_uri with a description.',
    knobs: { 'registration.redirectPolicy': 'closed', 'cimd.support': false },
    conformingClient: prose`
      Shows the server's description, and does not authorize with an identifier that it never got.
    `,
    commonMistakes: ['Repeats the same request.', 'Goes on with an empty client_id.'],
    judgedBy: ['registration.refusal-heeded'],
    spec: [
      rfc(7591, '3.2.2', 'Client Registration Error Response'),
      mcp('2026-07-28', 'registration', 'Application Type and Redirect URI Constraints'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect'],
  },
  'register-requires-application-type': {
    title: 'Loopback only for native applications',
    does: prose`
      Follows OpenID Connect registration: without application_type a client is a web application, and a web
      application with a loopback redirect is refused.
    `,
    knobs: { 'registration.redirectPolicy': 'oidc', 'cimd.support': false },
    conformingClient: prose`
      Sends application_type native where its redirects are loopback or a private scheme, web where they are
      remote. May try once more with the other value after a refusal.
    `,
    commonMistakes: ['Leaves the member out.', 'Says web with a loopback redirect.'],
    judgedBy: ['registration.refusal-heeded'],
    spec: [
      mcp('2026-07-28', 'registration', 'Application Type and Redirect URI Constraints'),
      cited.oidcClientMetadata,
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    hostingNote: prose`
      OpenID Connect itself forbids http and localhost only to web clients of the implicit grant; servers commonly
      extend it to all web clients, which is what MCP 2026-07-28 warns of.
    `,
  },
  'register-changes-auth-method': {
    title: 'The registration comes back different',
    does: prose`
      Whatever a client asks for, it is registered with client_secret_basic and gets a secret. The answer says so.
    `,
    knobs: { 'registration.authMethod': 'client_secret_basic', 'cimd.support': false },
    conformingClient: prose`
      Reads the answer, not its own request, and authenticates with HTTP Basic. Or finds that it cannot, and says
      so.
    `,
    commonMistakes: ['Sticks to what it had asked for.', 'Ignores the secret.'],
    judgedBy: ['registration.answer-used'],
    spec: [rfc(7591, '3.2.1', 'Client Information Response'), rfc(7591, '2', 'Client Metadata')],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'client-secret-expires': {
    title: 'The client secret expires',
    does: prose`
      Registers with HTTP Basic; the secret lives 60 seconds, which client_secret_expires_at says. Access tokens
      live 30 seconds. Afterwards the token endpoint answers invalid_client.
    `,
    knobs: {
      'registration.authMethod': 'client_secret_basic',
      'registration.secretLifetime': 60,
      'tokens.accessLifetime': 30,
      'cimd.support': false,
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 61 }],
    },
    conformingClient: prose`
      Registers anew, or renews the registration, when the secret has expired, and starts over with it.
    `,
    commonMistakes: ['Ignores client_secret_expires_at.', 'Answers invalid_client with the same request.'],
    judgedBy: ['registration.dead-client-dropped'],
    spec: [rfc(7591, '3.2.1', 'Client Information Response'), rfc(6749, '5.2', 'Error Response')],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'client-forgotten': {
    title: 'The server has forgotten the client',
    does: prose`
      After the first authenticated call it deletes all dynamic registrations and their grants. From then on the
      token endpoint answers invalid_client, the MCP server 401, and the authorization endpoint shows an unknown
      client.
    `,
    knobs: {
      'cimd.support': false,
      stages: [
        {
          after: { event: 'authenticated-call', count: 1 },
          do: ['revoke-grants', 'revoke-access-tokens', 'forget-clients'],
        },
      ],
    },
    conformingClient: prose`
      Takes invalid_client at the token endpoint for the end of its registration, drops identifier and tokens,
      registers anew and authorizes.
    `,
    commonMistakes: [
      prose`
        Keeps the dead client_id for ever, so that the user meets the same error page each time.
      `,
      prose`
        Never tries the token endpoint and sends the user to the authorization endpoint, where no error can come
        back.
      `,
    ],
    judgedBy: ['registration.dead-client-dropped'],
    spec: [
      rfc(6749, '5.2', 'Error Response'),
      oauth21('3.2.4', 'Error Response'),
      rfc(7591, '3.2.1', 'Client Information Response'),
    ],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: [
      'connect',
      'list',
      { call: 'whoami' },
      { call: 'echo' },
      { call: 'whoami' },
      { call: 'echo' },
      'reconnect',
      { call: 'whoami' },
    ],
  },
  'cimd-not-supported': {
    title: 'Metadata documents are not supported',
    does: prose`
      The metadata does not advertise them; a URL as client_id is an unknown client. Registration works.
    `,
    knobs: { 'cimd.support': false },
    conformingClient: 'Checks for the capability and registers.',
    commonMistakes: ['Uses its URL without checking, so that the user meets an error page.'],
    judgedBy: ['registration.cimd-only-if-supported'],
    spec: [
      mcp('2026-07-28', 'registration', 'Client ID Metadata Documents'),
      mcp('2026-07-28', 'registration'),
      cited.cimdServerMetadata,
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    feature: 'cimd',
  },
  'cimd-unreachable': {
    title: "The client's metadata document cannot be fetched",
    does: prose`
      Behaves as though the client's host did not answer. The user sees an error page; nothing is redirected,
      since no redirect URI is known to be the client's.
    `,
    knobs: { 'cimd.fetch': 'unreachable' },
    conformingClient: prose`
      Learns of it only by waiting. Gives the user a way to cancel, times out, and can register instead.
    `,
    commonMistakes: ['Waits for ever for a callback.'],
    judgedBy: [],
    notJudged: {
      why: ERROR_PAGE,
      look: 'Check that your client offers its user a way to cancel, and gives up after a time.',
    },
    spec: [cited.cimdErrors, mcp('2026-07-28', 'registration', 'Client ID Metadata Documents')],
    level: 'none',
    versions: ['2025-11-25', '2026-07-28'],
    feature: 'cimd',
  },
  'cimd-document-invalid': {
    title: "The client's metadata document is refused",
    does: prose`
      Behaves as though the document named another client_id than its address. The user sees an error page that
      says so.
    `,
    knobs: { 'cimd.fetch': 'wrong-client-id' },
    conformingClient: prose`
      Learns of it only by waiting, offers the user a way to cancel, and can register instead. The real document
      is checked by the rules whenever it can be fetched.
    `,
    commonMistakes: ['Serves the document under two addresses, with and without a slash or www.'],
    judgedBy: [],
    notJudged: {
      why: ERROR_PAGE,
      look: 'Check that your client offers a way to cancel, and gives up after a time.',
    },
    spec: [cited.cimdMetadata, mcp('2026-07-28', 'registration', 'Client ID Metadata Documents')],
    level: 'none',
    versions: ['2025-11-25', '2026-07-28'],
    feature: 'cimd',
  },
});
