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
  'session-lost': {
    title: 'The session is lost',
    does: prose`
      Hands out a session at initialize (Mcp-Session-Id), and forgets it: from the third request in it on, requests with
      that session get 404. A session that is opened afterwards works.
    `,
    knobs: {
      'mcp.versions': ['2025-03-26', '2025-06-18', '2025-11-25'],
      faults: [
        {
          endpoint: 'mcp',
          match: { rpc_method: 'initialize', authenticated: true },
          effect: { headers: { 'Mcp-Session-Id': 'walk-session-1' } },
        },
        {
          endpoint: 'mcp',
          match: { rpc_method: 'initialize', authenticated: true },
          nth: 2,
          times: 'always',
          effect: { headers: { 'Mcp-Session-Id': 'walk-session-2' } },
        },
        {
          endpoint: 'mcp',
          match: { headers: { 'mcp-session-id': 'walk-session-1' } },
          nth: 3,
          times: 'always',
          effect: {
            status: 404,
            body: '{"jsonrpc":"2.0","id":{rpc_id},"error":{"code":-32001,"message":"Session not found"}}',
          },
        },
      ],
    },
    conformingClient: prose`
      Takes the 404 for what it says: it sends initialize without a session, with the same access token, and goes on in
      the new session.
    `,
    commonMistakes: [
      'Sends the lost session again and again.',
      'Starts a new authorization, although the token is still good.',
      'Takes the 404 for a wrong address and gives up.',
    ],
    judgedBy: [],
    notJudged: {
      why: prose`
        The record shows what the client does, but the rules judge authorization, and the session belongs to the
        transport of MCP.
      `,
      look: prose`
        Look in the record: after the 404 an initialize without Mcp-Session-Id follows, with the same access token,
        and the calls go on.
      `,
    },
    spec: [
      mcp('2025-11-25', 'transports', 'Session Management'),
      mcp('2025-03-26', 'transports', 'Session Management'),
    ],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }],
  },
  'older-revisions-only': {
    title: 'Older revisions of MCP alone',
    does: 'Speaks only the revisions 2025-03-26 and 2025-06-18, and says so to a client that asks for a later one.',
    knobs: { 'mcp.versions': ['2025-03-26', '2025-06-18'] },
    conformingClient: prose`
      Reads which revisions there are, and goes on in one that it speaks too: with initialize, and with the revision
      agreed on in MCP-Protocol-Version. If it speaks none of them, it ends the connection and says why.
    `,
    commonMistakes: [
      'Knows the latest revision alone, and shows an internal error.',
      'Goes on sending the revision that it asked for in MCP-Protocol-Version.',
    ],
    judgedBy: [],
    notJudged: {
      why: prose`
        The record shows what the client does, but the rules judge authorization, and the choice of a revision belongs
        to the transport of MCP.
      `,
      look: prose`
        Look in the record: after the first answer the client sends a revision that both speak, or sends nothing more
        and says why.
      `,
    },
    spec: [mcp('2025-11-25', 'lifecycle', 'Version Negotiation'), mcp('2026-07-28', 'http', 'Protocol Version Header')],
    level: 'MUST',
    versions: ['2025-11-25', '2026-07-28'],
  },
  'resource-without-path': {
    title: 'A resource without a path, compared exactly',
    does: prose`
      The resource metadata lies at the root of the origin, and the resource is the origin, without a slash at its end.
      The authorization server compares the resource parameter with it character by character.
    `,
    knobs: { 'prm.location': 'root', resources: 'own' },
    conformingClient: prose`
      Sends the resource exactly as the metadata has it. A URL library that adds a slash to an origin is not asked.
    `,
    commonMistakes: [
      'Sends the origin with a slash at its end, because a URL object was made of it, and gets invalid_target.',
      'Sends the address of the MCP endpoint although the metadata names another resource.',
    ],
    judgedBy: ['discovery.prm-resource-validated'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Canonical Server URI'),
      rfc(9728, '3.3', 'Protected Resource Metadata Validation'),
    ],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28'],
    hosting: 'no',
    hostingNote: 'Only a sandbox that is alone on its origin has a resource without a path.',
  },
});
