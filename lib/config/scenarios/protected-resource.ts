/** Scenarios: discovery of the protected resource's metadata, and the challenge that names it. */
import { cited, mcp, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const protectedResource = scenarioGroup('discovery', {
  'challenge-missing': {
    title: '401 without WWW-Authenticate',
    does: prose`
      Unauthenticated requests get 401 and no challenge at all. The resource metadata is at its well-known
      address.
    `,
    knobs: { 'resource.challenge': 'none', 'prm.inChallenge': false },
    conformingClient: 'Falls back to the well-known addresses, path first.',
    commonMistakes: [
      'Takes the server for one with static keys and asks the user for a header.',
      'Reads a property of the missing header and fails.',
    ],
    judgedBy: ['discovery.prm-well-known-fallback', 'discovery.prm-path-before-root'],
    spec: [
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      mcp('2025-11-25', 'authorization', 'Protected Resource Metadata Discovery Requirements'),
    ],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
    hostingNote: 'The server breaks RFC 9110 here on purpose; servers like it are common.',
  },
  'challenge-several-schemes': {
    title: 'Two challenges in one header',
    does: prose`
      WWW-Authenticate carries a Basic challenge, with a comma inside its quoted realm, and after it the Bearer
      challenge with resource_metadata and scope.
    `,
    knobs: { 'resource.challenge': 'several-schemes', 'prm.location': 'custom' },
    conformingClient: prose`
      Parses the header as a list of challenges, picks the Bearer one, and uses its resource_metadata.
    `,
    commonMistakes: [
      'Looks only at the beginning of the header and finds no Bearer.',
      'Splits at commas without regard to quotes.',
    ],
    judgedBy: ['discovery.prm-address-from-challenge'],
    spec: [
      rfc(9110, '11.6.1', 'WWW-Authenticate'),
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      rfc(9728, '5.1', 'WWW-Authenticate Response'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
  },
  'prm-not-found': {
    title: 'Resource metadata is missing',
    does: prose`
      The challenge names the metadata's address, and that address and the well-known one are 404.
    `,
    knobs: { 'prm.location': 'none', 'prm.inChallenge': true },
    conformingClient: prose`
      Tries the addresses that there are, then stops with an error that names the address and the status, or goes
      on with settings that the user has made beforehand. It does not invent an authorization server.
    `,
    commonMistakes: [
      "Takes the MCP server's origin for the issuer without a word.",
      'Reports only that the server needs authentication.',
    ],
    judgedBy: [],
    notJudged: {
      why: prose`
        A client that guesses the authorization server and a client that uses settings from its user send the same
        requests.
      `,
      look: prose`
        Check that your client names the address and the status in its error, and asks its user before it uses another
        authorization server.
      `,
    },
    spec: [
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
      rfc(9728, '3.2', 'Protected Resource Metadata Response'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
    hostingNote: prose`
      On a shared origin the last fallback, the root, belongs to the default sandbox. Its resource does not match,
      so that a client that validates it drops it.
    `,
  },
  'prm-invalid-json': {
    title: 'Resource metadata is not JSON',
    does: prose`
      The metadata answers 200 with an HTML page, as behind a login wall or a single-page app.
    `,
    knobs: {
      faults: [
        {
          endpoint: 'prm',
          times: 'always',
          effect: { status: 200, content_type: 'text/html', body: '<!doctype html><title>Sign in</title>' },
        },
      ],
    },
    conformingClient: 'Stops with an error that names the address and says that no JSON came back.',
    commonMistakes: ["Shows the parser's message and nothing else.", 'Goes on as if no metadata existed.'],
    judgedBy: [],
    notJudged: {
      why: prose`
        After the answer a client stops, or goes on with settings from its user. No clause forbids either, and its
        error message never reaches the server.
      `,
      look: 'Check that its error names the address and says that the answer is not JSON.',
    },
    spec: [rfc(9728, '3.2', 'Protected Resource Metadata Response')],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
  },
  'prm-redirect': {
    title: 'Resource metadata redirects',
    does: prose`
      The challenge lacks resource_metadata. The well-known address redirects with 302 to another address of the
      sandbox, where the document is.
    `,
    knobs: {
      'prm.location': 'custom',
      'prm.inChallenge': false,
      faults: [
        {
          endpoint: 'prm',
          match: { location: 'path' },
          times: 'always',
          effect: { status: 302, headers: { Location: '{base}/resource-metadata.json' } },
        },
      ],
    },
    conformingClient: prose`
      May follow, with the same checks on the target as on the first address, and validates the resource against
      the server's URL and not against the redirect's target. May also refuse, and say so.
    `,
    commonMistakes: ['Follows to any host and any scheme.', "Takes the target's path for the resource."],
    judgedBy: ['authorize.resource-identifies-server'],
    spec: [
      cited.mcpRequestForgery,
      rfc(9728, '3.2', 'Protected Resource Metadata Response'),
      rfc(9728, '3.3', 'Protected Resource Metadata Validation'),
    ],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
  },
  'prm-two-authorization-servers': {
    title: 'Two authorization servers to choose from',
    does: prose`
      The resource metadata lists two issuers, the second authorization server first. Both work.
    `,
    knobs: { issuers: ['as2'], 'prm.authorizationServers': ['as2', 'own'] },
    conformingClient: 'Chooses one, keeps everything of it apart from the other, and gets through.',
    commonMistakes: [
      'Registers at one and authorizes at the other.',
      'Takes the first entry and fails for good where that one is unreachable.',
    ],
    judgedBy: ['registration.bound-to-issuer'],
    spec: [mcp('2026-07-28', 'discovery', 'Authorization Server Location'), rfc(9728, '7.6', 'Authorization Servers')],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
  },
  'prm-no-authorization-servers': {
    title: 'Resource metadata without authorization servers',
    does: 'The document is valid and has no authorization_servers.',
    knobs: { patch: { prm: { authorization_servers: null } } },
    conformingClient: 'Stops and says that the server names no authorization server.',
    commonMistakes: [
      'Reads the first element of a missing list and fails.',
      "Falls back to the MCP server's origin as the issuer.",
    ],
    judgedBy: [],
    notJudged: {
      why: prose`
        A client that falls back to the origin of the MCP server and a client that uses settings from its user send
        the same requests.
      `,
      look: 'Check that its error says that the server names no authorization server.',
    },
    spec: [mcp('2026-07-28', 'discovery', 'Authorization Server Location')],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
    hostingNote: 'RFC 9728 makes the member optional; MCP makes the server provide it.',
  },
});
