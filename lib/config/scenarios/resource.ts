/** Scenarios: resource. */
import { cited, mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const resource = scenarioGroup('resource', {
  'resource-mismatch': {
    title: "The metadata is another server's",
    does: prose`
      The resource of the protected resource metadata is on another host. Everything else works.
    `,
    knobs: { patch: { prm: { resource: 'https://evil.example.com/mcp' } } },
    conformingClient: 'Compares it with the URL that it asked, drops the document, and authorizes nothing.',
    commonMistakes: [
      'Does not compare.',
      'Sends the foreign resource to the authorization server and so gets a token for it.',
    ],
    judgedBy: ['discovery.prm-resource-validated'],
    spec: [
      rfc(9728, '3.3', 'Protected Resource Metadata Validation'),
      mcp('2026-07-28', 'authorization', 'Resource Parameter Implementation'),
      mcp('2026-07-28', 'authorization', 'Canonical Server URI'),
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/resource-mismatch', status: 'released' },
  },
  'unauthorized-forever': {
    title: 'No token is ever good enough',
    does: 'Every authenticated call gets 401 invalid_token with the usual challenge.',
    knobs: {
      faults: [
        {
          endpoint: 'mcp',
          match: { authenticated: true },
          times: 'always',
          effect: {
            status: 401,
            headers: { 'WWW-Authenticate': 'Bearer error="invalid_token", resource_metadata="{prm}"' },
            error: 'invalid_token',
          },
        },
      ],
    },
    conformingClient: 'Tries a refresh or a new authorization once or twice, then reports the refusal.',
    commonMistakes: ['Opens the browser in circles.', 'Refreshes in circles.'],
    judgedBy: ['authorize.rejection-limit'],
    spec: [rfc(9110, '15.5.2', '401 Unauthorized'), oauth21('5.3.2', 'Error Codes')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'auth-on-tools-only': {
    title: 'Only calling a tool needs a token',
    does: prose`
      Everything but tools/call is answered without a token, so that a client can look around before it signs in.
    `,
    knobs: {
      'resource.open': [
        'initialize',
        'notifications/*',
        'server/discover',
        'tools/list',
        'resources/list',
        'prompts/list',
        'ping',
      ],
    },
    conformingClient: 'Authorizes at the first 401, whenever that comes, with one flow, and repeats the call.',
    commonMistakes: [
      'Authorizes only while connecting.',
      prose`
        Starts a flow for each of several parallel 401s, which overwrite each other's verifier.
      `,
      'Sends the token to some requests and not to others.',
    ],
    judgedBy: ['discovery.responds-to-401'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Token Requirements'),
      mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements'),
    ],
    level: 'MUST',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'revoked-mid-session': {
    title: 'The grant is revoked in the middle',
    does: prose`
      After the second authenticated call the grant is revoked, access and refresh token alike. The call gets 401;
      the refresh gets invalid_grant.
    `,
    knobs: {
      stages: [{ after: { event: 'authenticated-call', count: 2 }, do: ['revoke-grants', 'revoke-access-tokens'] }],
    },
    conformingClient: prose`
      Tries the refresh token once, drops it on invalid_grant, and authorizes anew with the user.
    `,
    commonMistakes: ['Repeats the refresh.', 'Reports a broken connection and keeps both tokens.'],
    judgedBy: ['resource.refused-token-dropped', 'resource.recovers', 'refresh.dead-token-dropped'],
    spec: [
      oauth21('5.3.2', 'Error Codes'),
      oauth21('3.2.4', 'Error Response'),
      oauth21('4.3.3', 'Refresh Token Recommendations'),
    ],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'revoked-token-lives-on': {
    title: 'Revoked, and still accepted',
    does: prose`
      As revoked-mid-session, but the access token stays good until it expires after 30 seconds, as a
      self-contained token does.
    `,
    knobs: {
      'revocation.effect': 'at-expiry',
      'tokens.accessLifetime': 30,
      stages: [
        { after: { event: 'authenticated-call', count: 2 }, do: ['revoke-grants', 'revoke-access-tokens'] },
        { after: { event: 'tool-call', count: 3 }, advance: 31 },
      ],
    },
    conformingClient: 'Meets invalid_grant when it refreshes, and authorizes anew.',
    commonMistakes: ['Expects a revocation to be felt at once.'],
    judgedBy: ['refresh.dead-token-dropped'],
    spec: [rfc(7009, '2', 'Token Revocation'), oauth21('3.2.4', 'Error Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'authorization-server-migration': {
    title: 'The server moves to another authorization server',
    does: prose`
      After the first authenticated call the resource metadata names another issuer. The old token gets 401 with a
      challenge that points to the metadata; only tokens of the new issuer are accepted.
    `,
    knobs: {
      issuers: ['as2'],
      'prm.authorizationServers': ['own'],
      stages: [{ after: { event: 'authenticated-call', count: 1 }, set: { 'prm.authorizationServers': ['as2'] } }],
    },
    conformingClient: prose`
      Fetches the resource metadata again, finds the new issuer, registers there, and authorizes. Nothing of the
      old issuer goes to the new one. Metadata documents as identifiers carry over.
    `,
    commonMistakes: [
      'Uses the cached metadata and refreshes at the old issuer for ever.',
      prose`
        Sends the old client_id to the new issuer, because credentials are kept by server URL.
      `,
    ],
    judgedBy: [
      'discovery.prm-refreshed-on-challenge',
      'registration.bound-to-issuer',
      'registration.anew-at-new-issuer',
      'resource.recovers',
    ],
    spec: [
      mcp('2026-07-28', 'registration', 'Authorization Server Binding'),
      mcp('2026-07-28', 'discovery', 'Authorization Server Location'),
      rfc(9728, '5.2', 'Changes to Resource Metadata'),
      cited.sep2352,
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/authorization-server-migration', status: 'released' },
    hosting: 'variant',
    hostingNote: prose`
      The suite's two servers have two origins. Here both issuers share one and differ in path, so that a client
      that keys credentials by host instead of issuer is found out as well.
    `,
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
});
