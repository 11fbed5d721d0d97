/** Scenarios: faults. */
import { mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const faults = scenarioGroup('faults', {
  'metadata-flaky': {
    title: 'Metadata is briefly unavailable',
    does: prose`
      The first request for authorization server metadata, at whichever address, gets 503 with Retry-After 2;
      later ones work.
    `,
    knobs: {
      faults: [{ endpoint: 'as-metadata', nth: 1, times: 1, effect: { status: 503, headers: { 'Retry-After': '2' } } }],
    },
    conformingClient: prose`
      Waits and tries again, or tries the next address of the order, which works. It does not take 503 for a
      document that does not exist.
    `,
    commonMistakes: ['Remembers the failure and never looks again.', 'Falls back to default endpoints.'],
    judgedBy: ['token.retry-after-heeded'],
    spec: [
      rfc(9110, '15.6.4', '503 Service Unavailable'),
      rfc(9110, '10.2.3', 'Retry-After'),
      mcp('2026-07-28', 'discovery', 'Authorization Server Metadata Discovery'),
    ],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'again', 'list'],
  },
  'register-rate-limited': {
    title: 'Registration is rate limited',
    does: 'The first registration gets 429 with Retry-After 3; the next works.',
    knobs: {
      'cimd.support': false,
      faults: [
        {
          endpoint: 'register',
          nth: 1,
          times: 1,
          effect: { status: 429, headers: { 'Retry-After': '3' }, error: 'rate_limit_exceeded' },
        },
      ],
    },
    conformingClient: 'Waits as told and registers again, or tells the user to try later.',
    commonMistakes: ['Repeats at once.', 'Takes the failure for a server without registration.'],
    judgedBy: ['token.retry-after-heeded'],
    spec: [rfc(6585, '4', '429 Too Many Requests'), rfc(9110, '10.2.3', 'Retry-After')],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'again', 'list'],
  },
  'token-endpoint-503': {
    title: 'The token endpoint is unavailable',
    does: prose`
      The first token request gets 503 with Retry-After 2 and is not carried out; the code stays good.
    `,
    knobs: {
      faults: [
        {
          endpoint: 'token',
          nth: 1,
          times: 1,
          effect: { status: 503, headers: { 'Retry-After': '2' }, error: 'temporarily_unavailable' },
        },
      ],
    },
    conformingClient: 'Waits and tries again, or reports a passing fault and lets the user try again.',
    commonMistakes: ['Throws the registration away.', 'Repeats without a pause.'],
    judgedBy: ['token.retry-after-heeded'],
    spec: [rfc(9110, '15.6.4', '503 Service Unavailable'), rfc(9110, '10.2.3', 'Retry-After')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'again', 'list'],
  },
  'token-endpoint-slow': {
    title: 'The token endpoint takes 20 seconds',
    does: 'Every token response comes after 20 seconds, and is good.',
    knobs: { faults: [{ endpoint: 'token', times: 'always', effect: { delay_ms: 20000 } }] },
    conformingClient: 'Waits, within reason, and shows that it waits.',
    commonMistakes: ['Gives up after ten seconds and repeats the code, which is then used twice.'],
    judgedBy: ['token.code-once'],
    spec: [rfc(6749, '4.1.2', 'Authorization Response'), oauth21('7.5.3', 'Reuse of Authorization Codes')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-endpoint-html': {
    title: 'The token endpoint answers with a page',
    does: 'The first token request gets 502 with an HTML page, as from a gateway.',
    knobs: {
      faults: [
        {
          endpoint: 'token',
          nth: 1,
          times: 1,
          effect: { status: 502, content_type: 'text/html', body: '<html><body>Bad Gateway</body></html>' },
        },
      ],
    },
    conformingClient: "Reports the status, not a parser's message, and treats it as a passing fault.",
    commonMistakes: [
      'Fails with an unexpected character in JSON.',
      'Takes it for invalid_grant and deletes its tokens.',
    ],
    judgedBy: [],
    notJudged: {
      why: 'After a passing fault a client may send the code again, begin anew or stop. All three are right.',
      look: 'Check that its error names the status 502 and not a fault of its parser.',
    },
    spec: [oauth21('3.2.4', 'Error Response'), rfc(6749, '5.2', 'Error Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-endpoint-dropped': {
    title: 'The token endpoint hangs up',
    does: prose`
      The first token request is cut off without an answer and is not carried out; the code stays good.
    `,
    knobs: { faults: [{ endpoint: 'token', nth: 1, times: 1, effect: { drop: true } }] },
    conformingClient: 'Tries once more, or starts anew.',
    commonMistakes: ['Leaves the user with a spinner.'],
    judgedBy: [],
    notJudged: {
      why: 'After a closed connection a client may send the code again, begin anew or stop. All three are right.',
      look: prose`
        Check that your client does not stay in a waiting state, and that its error says that the connection was
        closed.
      `,
    },
    spec: [oauth21('7.5.3', 'Reuse of Authorization Codes')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    hostingNote: 'HTTP libraries repeat some requests on a closed connection by themselves.',
  },
  'token-response-lost': {
    title: 'The token response gets lost',
    does: prose`
      The first token request is carried out and its answer is lost. The code is used; a second try is
      invalid_grant and revokes what the first one issued.
    `,
    knobs: {
      faults: [
        {
          endpoint: 'token',
          match: { grant_type: 'authorization_code' },
          nth: 1,
          times: 1,
          effect: { drop: true, committed: true },
        },
      ],
    },
    conformingClient: 'Starts a new authorization, at once or after one more try.',
    commonMistakes: ['Repeats the code for ever.'],
    judgedBy: ['token.code-once'],
    spec: [
      rfc(6749, '4.1.2', 'Authorization Response'),
      oauth21('4.1.3', 'Token Endpoint Extension'),
      oauth21('7.5.3', 'Reuse of Authorization Codes'),
    ],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-endpoint-rate-limited': {
    title: 'The token endpoint is rate limited',
    does: 'The first two token requests get 429 with Retry-After 3 and are not carried out.',
    knobs: {
      faults: [
        {
          endpoint: 'token',
          nth: 1,
          times: 2,
          effect: { status: 429, headers: { 'Retry-After': '3' }, error: 'rate_limit_exceeded' },
        },
      ],
    },
    conformingClient: 'Waits three seconds each time.',
    commonMistakes: ['Repeats at once and makes it worse.', 'Takes 429 for a rejected code.'],
    judgedBy: ['token.retry-after-heeded'],
    spec: [rfc(6585, '4', '429 Too Many Requests'), rfc(9110, '10.2.3', 'Retry-After')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'again', 'list'],
  },
  'token-malformed-json': {
    title: 'A token response that breaks off',
    does: prose`
      The first token request is carried out, and the 200 answer ends in the middle of the JSON text.
    `,
    knobs: {
      faults: [
        {
          endpoint: 'token',
          nth: 1,
          times: 1,
          effect: {
            status: 200,
            content_type: 'application/json',
            body: '{"access_token":"abc","token_ty',
            committed: true,
          },
        },
      ],
    },
    conformingClient: 'Reports an invalid answer, stores nothing, and starts anew.',
    commonMistakes: ['Stores half a token.'],
    judgedBy: ['resource.no-placeholder-token'],
    spec: [oauth21('3.2.3', 'Token Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-missing-access-token': {
    title: 'A token response without a token',
    does: 'The 200 answer has token_type and expires_in, and no access_token.',
    knobs: { patch: { token: { access_token: null } } },
    conformingClient: 'Reports an invalid answer and calls nothing.',
    commonMistakes: ['Sends the word undefined as a token.'],
    judgedBy: ['resource.no-placeholder-token'],
    spec: [rfc(6749, '5.1', 'Successful Response'), oauth21('3.2.3', 'Token Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'resource-unavailable': {
    title: 'The MCP server is unavailable',
    does: 'The second and third authenticated call get 503 with Retry-After 2.',
    knobs: {
      faults: [
        {
          endpoint: 'mcp',
          match: { authenticated: true },
          nth: 2,
          times: 2,
          effect: { status: 503, headers: { 'Retry-After': '2' } },
        },
      ],
    },
    conformingClient: 'Keeps its tokens and tries again with pauses.',
    commonMistakes: ['Takes any failure for a failed authentication and starts over.'],
    judgedBy: ['token.retry-after-heeded'],
    spec: [rfc(9110, '15.6.4', '503 Service Unavailable'), mcp('2026-07-28', 'authorization', 'Error Handling')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'resource-rate-limited': {
    title: 'The MCP server is rate limited',
    does: 'The second authenticated call gets 429 with Retry-After 3.',
    knobs: {
      faults: [
        {
          endpoint: 'mcp',
          match: { authenticated: true },
          nth: 2,
          times: 1,
          effect: { status: 429, headers: { 'Retry-After': '3' } },
        },
      ],
    },
    conformingClient: 'Waits as told, keeps its tokens.',
    commonMistakes: ['Refreshes or authorizes anew.'],
    judgedBy: ['token.retry-after-heeded'],
    spec: [rfc(6585, '4', '429 Too Many Requests'), rfc(9110, '10.2.3', 'Retry-After')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'cors-missing': {
    title: 'No CORS at all',
    does: prose`
      No answer carries a header of cross-origin sharing, so that a page on another origin can read nothing. Clients
      that are no browser notice no difference.
    `,
    knobs: { cors: 'none' },
    conformingClient: prose`
      A client in a browser says that this server cannot be used from a page, and why; it does not take it for a server
      that is down. Other clients go on.
    `,
    commonMistakes: ['Shows "Failed to fetch" and nothing else.', 'Retries without an end.'],
    judgedBy: [],
    notJudged: {
      why: prose`
        A client that is no browser notices no difference. In a browser, a server that cannot be read and a server
        that is down look the same to the page.
      `,
      look: prose`
        Check that your page says that this server cannot be used from a page, and that it stops. The record shows how
        often it tries.
      `,
    },
    spec: [],
    level: 'none',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'cors-challenge-hidden': {
    title: 'WWW-Authenticate cannot be read by pages',
    does: prose`
      Answers can be read from other origins, but Access-Control-Expose-Headers is missing, so that a page cannot see
      WWW-Authenticate. Clients that are no browser see it.
    `,
    knobs: { cors: 'no-expose' },
    conformingClient: prose`
      A client in a browser that sees a 401 without a challenge falls back to the well-known addresses of the resource
      metadata, path first.
    `,
    commonMistakes: ['Reads a property of the missing header and fails.', 'Takes the server for one without OAuth.'],
    judgedBy: ['discovery.responds-to-401'],
    spec: [mcp('2026-07-28', 'discovery', 'Protected Resource Metadata Discovery Requirements')],
    level: 'none',
    versions: ['2025-11-25', '2026-07-28'],
  },
  'stream-silent': {
    title: 'A stream that opens and stays silent',
    does: prose`
      The first tool call is answered with an event stream that carries nothing for 20 seconds, and then ends without a
      result. The next call is answered as usual.
    `,
    knobs: {
      faults: [
        {
          endpoint: 'mcp',
          match: { rpc_method: 'tools/call', authenticated: true },
          effect: { content_type: 'text/event-stream', hang_ms: 20_000 },
        },
      ],
    },
    conformingClient: prose`
      Gives the request a time of its own, tells the user that no answer came, and stays usable: the next call works.
      The token was not refused, so that it is neither refreshed nor thrown away.
    `,
    commonMistakes: [
      'Waits for ever, because the connection is open.',
      'Takes the silence for a refused token and starts a new authorization.',
    ],
    judgedBy: [],
    notJudged: {
      why: prose`
        The record shows what the client does, but the rules judge authorization, and no clause says how long a client
        waits for an answer.
      `,
      look: prose`
        Check that your client tells its user that no answer came. Look in the record: no authorization and no refresh
        follow, and the next call works.
      `,
    },
    spec: [mcp('2025-11-25', 'lifecycle', 'Timeouts')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'],
    drive: ['connect', 'list', { call: 'whoami' }, 'again'],
  },
});
