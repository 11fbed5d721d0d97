/** Scenarios: tokens. */
import { cited, mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const tokens = scenarioGroup('tokens', {
  'token-expires-midway': {
    title: 'The access token expires in the middle',
    does: prose`
      The third authenticated call finds the token expired: 401 invalid_token. Tokens issued later live as long as
      usual.
    `,
    knobs: { stages: [{ after: { event: 'authenticated-call', count: 2 }, do: ['expire-access-tokens'] }] },
    conformingClient: prose`
      Gets a new token with its refresh token, repeats the call, and the user notices nothing.
    `,
    commonMistakes: [
      'Fails the call and keeps the dead token.',
      'Trusts expires_in and takes the 401 for something else.',
    ],
    judgedBy: ['resource.refused-token-dropped', 'resource.recovers', 'refresh.used'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Token Handling'),
      oauth21('5.3.2', 'Error Codes'),
      oauth21('3.2.3', 'Token Response'),
      oauth21('4.3', 'Refresh Token Grant'),
    ],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'token-tampered-signature': {
    title: 'The first token has a broken signature',
    does: prose`
      The first access token's signature does not verify. The MCP server answers 401 invalid_token. The next one
      is good.
    `,
    knobs: { 'tokens.defect': 'tampered-signature', 'tokens.defectOn': [1] },
    conformingClient: 'Gets another token and goes on. A resource server under test refuses the token.',
    commonMistakes: ['Repeats the same token.', '(resource server) Decodes the token without verifying it.'],
    judgedBy: ['resource.refused-token-dropped'],
    spec: [oauth21('5.3.2', 'Error Codes'), rfc(9068, '4', 'Validating JWT Access Tokens')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-unknown-kid': {
    title: 'A token signed with an unpublished key',
    does: 'The first access token names a kid that the key set lacks.',
    knobs: { 'tokens.defect': 'unknown-kid', 'tokens.defectOn': [1] },
    conformingClient: prose`
      Gets another token and goes on. A resource server or OpenID client under test fetches the key set once more,
      and then refuses.
    `,
    commonMistakes: [
      '(resource server) Fetches the key set for every unknown kid without a limit.',
      '(resource server) Tries all keys regardless of kid.',
    ],
    judgedBy: ['resource.refused-token-dropped'],
    spec: [rfc(7517, '4.5', '"kid" (Key ID) Parameter'), rfc(9068, '4', 'Validating JWT Access Tokens')],
    level: 'SHOULD',
    versions: ['oauth', '2025-11-25', '2026-07-28'],
  },
  'key-rollover': {
    title: 'The signing key changes',
    does: prose`
      After the second authenticated call the signing key is replaced. The old key stays published for an hour,
      and old tokens stay valid.
    `,
    knobs: {
      stages: [{ after: { event: 'authenticated-call', count: 2 }, do: ['rotate-keys'] }],
      'keys.overlap': 3600,
    },
    conformingClient: prose`
      Notices nothing. A resource server or OpenID client under test finds the new kid, refreshes its copy of the
      key set, and accepts both.
    `,
    commonMistakes: [
      '(resource server) Caches the key set for ever.',
      '(resource server) Drops the old key with the first sight of the new one.',
    ],
    judgedBy: [],
    notJudged: {
      why: prose`
        A client does not read the signing keys. A resource server reads them, but which tokens it then accepts is
        never sent to the sandbox.
      `,
      look: prose`
        Check that your client goes on as before. Check that your resource server accepts tokens of both keys. The
        record shows when it fetches the key set.
      `,
    },
    spec: [
      rfc(7517, '4.5', '"kid" (Key ID) Parameter'),
      rfc(9068, '4', 'Validating JWT Access Tokens'),
      cited.oidcIdToken,
    ],
    level: 'SHOULD',
    versions: ['oauth', '2025-11-25', '2026-07-28'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'key-rollover-no-overlap': {
    title: 'The signing key changes overnight',
    does: prose`
      After the second authenticated call the key is replaced and the old one is gone. Old tokens get 401.
    `,
    knobs: { stages: [{ after: { event: 'authenticated-call', count: 2 }, do: ['rotate-keys'] }], 'keys.overlap': 0 },
    conformingClient: 'Treats it as any rejected token, refreshes, and goes on.',
    commonMistakes: ['Repeats the old token.'],
    judgedBy: ['resource.refused-token-dropped', 'resource.recovers'],
    spec: [oauth21('5.3.2', 'Error Codes'), rfc(7517, '4.5', '"kid" (Key ID) Parameter')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'token-alg-switch': {
    title: 'The signature algorithm changes',
    does: 'After the second authenticated call new tokens are signed with RS256 instead of ES256.',
    knobs: {
      'tokens.alg': 'ES256',
      stages: [
        {
          after: { event: 'authenticated-call', count: 2 },
          set: { 'tokens.alg': 'RS256' },
          do: ['rotate-keys', 'expire-access-tokens'],
        },
      ],
    },
    conformingClient: prose`
      Notices nothing but an expired token. A resource server under test reads the algorithm of the key.
    `,
    commonMistakes: [
      "(resource server) Takes the algorithm from the token's header alone.",
      '(resource server) Is fixed to one algorithm.',
    ],
    judgedBy: ['resource.recovers'],
    spec: [rfc(9068, '4', 'Validating JWT Access Tokens')],
    level: 'SHOULD',
    versions: ['oauth', '2025-11-25', '2026-07-28'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'token-wrong-audience': {
    title: 'A token for another resource',
    does: prose`
      Access tokens are for another resource. The MCP server answers every call 401 invalid_token.
    `,
    knobs: { 'tokens.defect': 'wrong-audience', 'tokens.defectOn': 'all' },
    conformingClient: 'Tries once more with a new token, then reports that the server refuses its own tokens.',
    commonMistakes: ['Authorizes in circles.', '(resource server) Accepts any token of the issuer.'],
    judgedBy: ['authorize.rejection-limit'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Token Handling'),
      rfc(9068, '4', 'Validating JWT Access Tokens'),
      rfc(9110, '15.5.2', '401 Unauthorized'),
    ],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-not-yet-valid': {
    title: "The server's clock is ahead",
    does: 'The first access token is valid only from two minutes on. The next one is good.',
    knobs: { 'tokens.defect': 'not-yet-valid', 'tokens.defectOn': [1] },
    conformingClient: 'Treats it as any rejected token.',
    commonMistakes: ['Repeats the same token until it becomes valid.'],
    judgedBy: ['resource.refused-token-dropped'],
    spec: [oauth21('5.3.2', 'Error Codes'), rfc(9068, '4', 'Validating JWT Access Tokens')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'id-token-wrong-issuer': {
    title: 'An ID token of another issuer',
    does: "The ID token's iss is not the issuer. The access token is good.",
    knobs: { 'tokens.defect': 'wrong-issuer', 'tokens.defectIn': ['id'] },
    conformingClient: prose`
      A client that uses the ID token rejects the whole response. One that does not ask for openid never sees it.
    `,
    commonMistakes: ['Reads claims from an ID token that it never validated.'],
    judgedBy: [],
    notJudged: {
      why: 'The ID token is not sent on, and a client may use the access token without reading it.',
      look: 'Check that your client signs nobody in with this ID token, and that its error names iss.',
    },
    spec: [cited.oidcIdToken],
    level: 'MUST',
    versions: ['oauth'],
  },
  'opaque-token': {
    title: 'The access token is opaque',
    does: 'Access tokens are random strings without a structure.',
    knobs: { 'tokens.format': 'opaque' },
    conformingClient: 'Uses the token as it is.',
    commonMistakes: [
      'Decodes the token to learn its expiry or scope, and fails.',
      'Tells an expired token by its claims and so never tells one.',
    ],
    judgedBy: ['token.variations-tolerated'],
    spec: [rfc(9068, '6', 'Privacy Considerations'), oauth21('3.2.3', 'Token Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-missing-scope': {
    title: 'The token response has no scope',
    does: 'Grants what was requested and leaves scope out of the response, as it may.',
    knobs: { patch: { token: { scope: null } } },
    conformingClient: 'Takes the requested scope for granted.',
    commonMistakes: ['Takes the missing member for no scope at all.'],
    judgedBy: ['token.variations-tolerated'],
    spec: [rfc(6749, '5.1', 'Successful Response'), oauth21('3.2.3', 'Token Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-missing-expires-in': {
    title: 'The token response has no expires_in',
    does: 'Leaves expires_in out. The token lives 60 seconds.',
    knobs: {
      patch: { token: { expires_in: null } },
      'tokens.accessLifetime': 60,
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 61 }],
    },
    conformingClient: 'Uses the token until it is refused, then refreshes.',
    commonMistakes: [
      'Takes the missing number for zero and refreshes before each call.',
      'Takes it for ever and never refreshes after a 401.',
    ],
    judgedBy: ['token.variations-tolerated'],
    spec: [rfc(6749, '5.1', 'Successful Response'), oauth21('3.2.3', 'Token Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'token-expires-in-too-long': {
    title: 'expires_in promises too much',
    does: 'expires_in says an hour; the token is refused after 30 seconds.',
    knobs: {
      'tokens.accessLifetime': 30,
      patch: { token: { expires_in: 3600 } },
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 31 }],
    },
    conformingClient: 'Does not rely on the promise. On 401 it refreshes at once.',
    commonMistakes: ['Refreshes by the clock alone.'],
    judgedBy: ['resource.refused-token-dropped', 'resource.recovers', 'refresh.used'],
    spec: [oauth21('3.2.3', 'Token Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'token-type-lowercase': {
    title: 'token_type is written small',
    does: 'token_type is bearer.',
    knobs: { patch: { token: { token_type: 'bearer' } } },
    conformingClient: 'Compares without regard to case and sends the Bearer scheme.',
    commonMistakes: ['Discards the token without a word.'],
    judgedBy: ['token.variations-tolerated'],
    spec: [
      rfc(6749, '5.1', 'Successful Response'),
      oauth21('3.2.3', 'Token Response'),
      oauth21('5.1.1', 'Authorization Request Header Field'),
    ],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'token-type-unknown': {
    title: 'token_type that nobody knows',
    does: 'token_type is a made-up one (walk+test). The token would work as a bearer token.',
    knobs: { patch: { token: { token_type: 'walk+test' } } },
    conformingClient: 'Does not use a token whose type it does not understand, and says so.',
    commonMistakes: ['Never reads token_type.'],
    judgedBy: ['token.unknown-type-refused'],
    spec: [rfc(6749, '7.1', 'Access Token Types')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
});
