/** Scenarios: authorization response. */
import { cited, mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const authorizationResponse = scenarioGroup('authorization response', {
  'iss-supported': {
    title: 'iss is promised and right',
    does: 'Advertises the iss parameter and sends its own issuer in every authorization response.',
    knobs: {},
    conformingClient: prose`
      Compares iss with the issuer recorded before the redirect, byte for byte, and redeems the code.
    `,
    commonMistakes: ['Does not pass iss from the callback to where it could be compared.'],
    judgedBy: [],
    notJudged: {
      why: prose`
        A client that compares iss and a client that never reads it redeem the code in the same way. The scenarios
        with a wrong or a missing iss tell them apart.
      `,
      look: 'Start iss-wrong-issuer and iss-supported-missing as well. Here the client only has to connect.',
    },
    spec: [
      mcp('2026-07-28', 'authorization', 'Authorization Response Validation'),
      rfc(9207, '2', 'Response Parameter iss'),
      rfc(9207, '2.4', 'Validating the Issuer Identifier'),
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/iss-supported', status: 'released' },
  },
  'iss-not-advertised': {
    title: 'iss is neither promised nor sent',
    does: 'Does not advertise the parameter and does not send it.',
    knobs: { 'authorize.iss': 'omit' },
    conformingClient: 'Goes on as without the extension.',
    commonMistakes: ['Demands iss from every server.'],
    judgedBy: ['authorize.iss-optional-accepted'],
    spec: [mcp('2026-07-28', 'authorization', 'Authorization Response Validation')],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/iss-not-advertised', status: 'released' },
  },
  'iss-supported-missing': {
    title: 'iss is promised and missing',
    does: 'Advertises the parameter and leaves it out of the response.',
    knobs: {
      'authorize.iss': 'omit',
      patch: { 'as-metadata': { authorization_response_iss_parameter_supported: true } },
    },
    conformingClient: 'Rejects the response. The code goes to no token endpoint.',
    commonMistakes: ['Compares only where there is something to compare, which an attacker can see to.'],
    judgedBy: ['authorize.iss-required-when-advertised'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Authorization Response Validation'),
      rfc(9207, '2.4', 'Validating the Issuer Identifier'),
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/iss-supported-missing', status: 'released' },
  },
  'iss-wrong-issuer': {
    title: "iss is somebody else's",
    does: 'Advertises the parameter and sends another issuer.',
    knobs: { 'authorize.iss': 'other-issuer' },
    conformingClient: 'Rejects the response. The code goes to no token endpoint.',
    commonMistakes: ['Redeems first and looks at iss later, or never.'],
    judgedBy: ['authorize.iss-validated'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Authorization Response Validation'),
      mcp('2026-07-28', 'security', 'Mix-Up Attacks'),
      rfc(9207, '2.4', 'Validating the Issuer Identifier'),
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/iss-wrong-issuer', status: 'released' },
  },
  'iss-unexpected': {
    title: "iss is not promised, and somebody else's",
    does: 'Does not advertise the parameter and sends another issuer.',
    knobs: {
      'authorize.iss': 'other-issuer',
      patch: { 'as-metadata': { authorization_response_iss_parameter_supported: null } },
    },
    conformingClient: 'Compares whatever it gets, and rejects.',
    commonMistakes: ['Looks at iss only where the metadata advertises it.'],
    judgedBy: ['authorize.iss-validated'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Authorization Response Validation'),
      rfc(9207, '2.4', 'Validating the Issuer Identifier'),
    ],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/iss-unexpected', status: 'released' },
  },
  'iss-normalized': {
    title: 'iss is equal only after normalisation',
    does: prose`
      Advertises the parameter and sends a string that is the issuer for a URL library, and is not byte for byte.
    `,
    knobs: { 'authorize.iss': 'equivalent' },
    conformingClient: 'Compares strings, and rejects.',
    commonMistakes: ['Parses both sides into URL objects first.', 'Strips trailing slashes before the comparison.'],
    judgedBy: ['authorize.iss-compared-as-string'],
    spec: [mcp('2026-07-28', 'authorization', 'Authorization Response Validation')],
    level: 'MUST',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/iss-normalized', status: 'released' },
    hosting: 'variant',
    hostingNote: prose`
      The suite appends a slash to an issuer without a path, which is what URL libraries do by themselves. They
      add none to a path, so that a hosted sandbox writes the host in upper case instead.
    `,
  },
  'consent-denied': {
    title: 'The user says no',
    does: 'Redirects with error=access_denied, a description, state and iss.',
    knobs: { 'consent.outcome': 'deny' },
    conformingClient: prose`
      Checks iss and state as with a success, tells the user that access was denied, and leaves it at that until
      the user asks again.
    `,
    commonMistakes: ['Starts over by itself and shows the same page for ever.', 'Waits for a code until it times out.'],
    judgedBy: ['authorize.denial-respected'],
    spec: [oauth21('4.1.2.1', 'Error Response'), rfc(6749, '4.1.2.1', 'Error Response'), cited.mcpScopeMinimization],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', { decide: 'deny' }],
  },
  'consent-slow': {
    title: 'The user takes their time',
    does: 'The redirect comes 30 seconds after the decision.',
    knobs: { 'consent.delay': 30 },
    conformingClient: 'Keeps listening, keeps state and verifier, and redeems the code when it comes.',
    commonMistakes: [
      'Closes the loopback listener after a few seconds.',
      "Starts a second flow meanwhile, whose verifier replaces the first one's.",
    ],
    judgedBy: ['token.pkce-verifier-matches'],
    spec: [oauth21('4.1.2', 'Authorization Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'consent-never-returns': {
    title: 'The user closes the page',
    does: 'The consent page never comes to an end.',
    knobs: { 'consent.outcome': 'silent' },
    conformingClient: 'Offers to cancel, gives up after a time, frees the port, and can start over.',
    commonMistakes: ['Blocks everything else for ever.', 'Keeps the port, so that the next attempt cannot listen.'],
    judgedBy: [],
    notJudged: {
      why: 'A client that waits for ever and a client that has given up both send nothing.',
      look: 'Check that your client offers to cancel, gives up after a time, and can listen on its port again.',
    },
    spec: [oauth21('4.1.2', 'Authorization Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', { wait: 30 }],
  },
  'state-wrong': {
    title: 'Another state comes back',
    does: 'Redirects with a valid code and a state that the client never sent.',
    knobs: { 'authorize.state': 'wrong' },
    conformingClient: 'Discards the response. The code goes to no token endpoint.',
    commonMistakes: [
      'Sends a state and never looks at it again.',
      'Finds its flow by the state and takes the only pending one where nothing matches.',
    ],
    judgedBy: ['authorize.state-verified'],
    spec: [
      mcp('2026-07-28', 'security', 'Open Redirection'),
      oauth21('2.3.3', 'Preventing CSRF Attacks'),
      rfc(6749, '10.12', 'Cross-Site Request Forgery'),
    ],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'state-missing': {
    title: 'No state comes back',
    does: 'Redirects with a valid code and without the state that the client sent.',
    knobs: { 'authorize.state': 'omit' },
    conformingClient: 'Discards the response.',
    commonMistakes: ['Compares only where there is a state.'],
    judgedBy: ['authorize.state-verified'],
    spec: [mcp('2026-07-28', 'security', 'Open Redirection'), oauth21('4.1.2', 'Authorization Response')],
    level: 'SHOULD',
    versions: ['2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'code-wrong': {
    title: 'A code that nobody issued',
    does: prose`
      Redirects with a code that the token endpoint does not know, and answers it invalid_grant.
    `,
    knobs: { 'authorize.code': 'wrong' },
    conformingClient: 'Tries once, shows the error, and starts anew only when the user asks.',
    commonMistakes: ['Repeats the same code.', 'Starts anew by itself without an end.'],
    judgedBy: ['token.code-once'],
    spec: [
      oauth21('3.2.4', 'Error Response'),
      rfc(6749, '5.2', 'Error Response'),
      rfc(6749, '4.1.2', 'Authorization Response'),
    ],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'code-expired': {
    title: 'The code has expired',
    does: 'Codes are dead on arrival. The token endpoint answers invalid_grant.',
    knobs: { 'code.lifetime': 0 },
    conformingClient: 'Starts a new authorization, once, or tells the user.',
    commonMistakes: ['Repeats the same code.'],
    judgedBy: ['token.code-once'],
    spec: [oauth21('4.1.2', 'Authorization Response'), oauth21('3.2.4', 'Error Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'code-missing': {
    title: 'A callback without a code',
    does: 'Redirects with state and iss, and with neither code nor error.',
    knobs: { 'authorize.code': 'omit' },
    conformingClient: 'Shows that the response was incomplete. Makes no token request.',
    commonMistakes: ['Redeems the word undefined.'],
    judgedBy: ['token.code-present'],
    spec: [oauth21('4.1.2', 'Authorization Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'authorize-server-error': {
    title: 'The authorization server fails',
    does: 'Redirects with error=server_error.',
    knobs: { 'consent.outcome': 'server_error' },
    conformingClient: 'Shows the error and offers to try again.',
    commonMistakes: ['Waits for a code until it times out.'],
    judgedBy: [],
    notJudged: {
      why: prose`
        No request has to follow the error. A client that shows it and a client that waits for a code both send
        nothing.
      `,
      look: 'Check that your client shows the error at once and offers to try again.',
    },
    spec: [oauth21('4.1.2.1', 'Error Response'), rfc(6749, '4.1.2.1', 'Error Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
  'authorize-temporarily-unavailable': {
    title: 'The authorization server is overloaded',
    does: 'Redirects with error=temporarily_unavailable.',
    knobs: { 'consent.outcome': 'temporarily_unavailable' },
    conformingClient: 'Shows it as a passing fault and offers to try again later. Keeps its registration.',
    commonMistakes: ['Deletes its registration and everything else.'],
    judgedBy: [],
    notJudged: {
      why: prose`
        No request has to follow the error, and no clause says what the client keeps. The next authorization request
        may come from a new installation.
      `,
      look: prose`
        Check that your client shows a passing fault. Then connect again: the record shows whether it registers anew.
      `,
    },
    spec: [oauth21('4.1.2.1', 'Error Response')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
  },
});
