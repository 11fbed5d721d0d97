/** Scenarios: refresh. */
import { mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const refresh = scenarioGroup('refresh', {
  'token-refresh-basic': {
    title: 'A refresh without rotation',
    does: prose`
      Access tokens live 10 seconds. A refresh brings a new access token and no new refresh token; the old one
      goes on.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.rotate': false,
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 11 }],
    },
    conformingClient: prose`
      Refreshes when the token has expired or is about to, and keeps the refresh token that it has.
    `,
    commonMistakes: ['Opens the browser instead.', 'Stores the missing member over the refresh token.'],
    judgedBy: ['refresh.used', 'refresh.old-token-kept'],
    spec: [
      oauth21('4.3', 'Refresh Token Grant'),
      oauth21('4.3.2', 'Refresh Token Response'),
      rfc(6749, '6', 'Refreshing an Access Token'),
    ],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    conformance: { name: 'auth/token-refresh-basic', status: 'proposed' },
    hostingNote: prose`
      The suite's proposal waits out a real lifetime of two seconds; here the sandbox's clock can be moved.
    `,
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'token-refresh-rotation': {
    title: 'A refresh with rotation',
    does: prose`
      Access tokens live 10 seconds. Each refresh brings a new refresh token and ends the old one.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.rotate': true,
      stages: [
        { after: { event: 'tool-call', count: 1 }, advance: 11 },
        { after: { event: 'tool-call', count: 2 }, advance: 11 },
      ],
    },
    conformingClient: prose`
      Stores the new refresh token before it uses the new access token, and never presents the old one.
    `,
    commonMistakes: [
      'Keeps presenting the first refresh token.',
      'Stores it in one process while another still holds the old one.',
    ],
    judgedBy: ['refresh.used', 'refresh.new-token-replaces-old'],
    spec: [
      oauth21('4.3.2', 'Refresh Token Response'),
      oauth21('4.3.1', 'Token Endpoint Extension'),
      mcp('2026-07-28', 'security', 'Token Theft'),
    ],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    conformance: { name: 'auth/token-refresh-rotation', status: 'proposed' },
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-reuse-revokes-family': {
    title: 'A used refresh token ends everything',
    does: prose`
      Access tokens live 10 seconds. A rotated refresh token that comes back is invalid_grant and revokes the
      whole family, the good refresh token included.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.rotate': true,
      'refresh.reuse': 'revoke-family',
      'refresh.grace': 0,
      stages: [
        { after: { event: 'tool-call', count: 1 }, advance: 11 },
        { after: { event: 'tool-call', count: 2 }, advance: 11 },
      ],
    },
    conformingClient: 'Never gets there. If it does, it drops all tokens and authorizes anew.',
    commonMistakes: [
      'Refreshes in parallel from several places.',
      "Deletes, on the loser's invalid_grant, the tokens that the winner has just stored.",
    ],
    judgedBy: ['refresh.new-token-replaces-old', 'refresh.dead-token-dropped', 'refresh.single-flight'],
    spec: [oauth21('4.3.1', 'Token Endpoint Extension'), rfc(9700, '4.14', 'Refresh Token Protection')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-grace': {
    title: 'A second chance after rotation',
    does: prose`
      Access tokens live 10 seconds. For 30 seconds after a rotation the old refresh token brings the same new one
      again.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.rotate': true,
      'refresh.grace': 30,
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 11 }],
    },
    conformingClient: 'Works, races included.',
    commonMistakes: ['Relies on it, and breaks at the next server.'],
    judgedBy: ['refresh.new-token-replaces-old'],
    spec: [oauth21('4.3.2', 'Refresh Token Response'), rfc(9700, '4.14', 'Refresh Token Protection')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-lost-response': {
    title: 'The answer to a refresh gets lost',
    does: prose`
      Access tokens live 10 seconds. The first refresh is carried out, and the connection is closed without an
      answer. The old refresh token is used up.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.rotate': true,
      faults: [
        {
          endpoint: 'token',
          match: { grant_type: 'refresh_token' },
          nth: 1,
          times: 1,
          effect: { drop: true, committed: true },
        },
      ],
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 11 }],
    },
    conformingClient: prose`
      Cannot know whether the refresh happened. Tries once more, meets invalid_grant, and authorizes anew with the
      user.
    `,
    commonMistakes: ['Tries the used token for ever.', 'Reports a network error and stays broken.'],
    judgedBy: ['refresh.dead-token-dropped'],
    spec: [oauth21('4.3.1', 'Token Endpoint Extension'), rfc(9700, '4.14', 'Refresh Token Protection')],
    level: 'none',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    hostingNote: 'Set refresh.grace to see the same loss do no harm.',
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-idle-expiry': {
    title: 'The refresh token has lain idle too long',
    does: prose`
      Access tokens live 10 seconds, refresh tokens 30 seconds without use. Then invalid_grant.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.idleLifetime': 30,
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 31 }],
    },
    conformingClient: 'Drops the refresh token on invalid_grant and authorizes anew.',
    commonMistakes: ['Repeats the refresh.', 'Refreshes in the background only to keep the token alive.'],
    judgedBy: ['refresh.dead-token-dropped'],
    spec: [oauth21('4.3.3', 'Refresh Token Recommendations'), oauth21('3.2.4', 'Error Response')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-absolute-expiry': {
    title: 'The session ends, however busy',
    does: 'Access tokens live 10 seconds, the family 45 seconds from the authorization on.',
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.absoluteLifetime': 45,
      stages: [
        { after: { event: 'tool-call', count: 1 }, advance: 11 },
        { after: { event: 'tool-call', count: 2 }, advance: 46 },
      ],
    },
    conformingClient: 'Drops the refresh token on invalid_grant and authorizes anew, with a word to the user.',
    commonMistakes: ['Takes a refresh that always worked for one that always will.'],
    judgedBy: ['refresh.dead-token-dropped'],
    spec: [oauth21('4.3.3', 'Refresh Token Recommendations'), oauth21('3.2.4', 'Error Response')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-not-issued': {
    title: 'There is no refresh token',
    does: 'Access tokens live 10 seconds and no refresh token is ever issued.',
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.issue': 'never',
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 11 }],
    },
    conformingClient: 'Authorizes anew when the token has expired.',
    commonMistakes: [
      'Refuses a token response without a refresh token.',
      'Sends a refresh request with nothing in it.',
    ],
    judgedBy: ['token.variations-tolerated', 'refresh.not-assumed'],
    spec: [mcp('2026-07-28', 'authorization', 'Refresh Tokens'), oauth21('3.2.3', 'Token Response')],
    level: 'MUST',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-unavailable': {
    title: 'The token endpoint is down while refreshing',
    does: prose`
      Access tokens live 10 seconds. The first two refreshes get 503 and are not carried out; the third works.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      faults: [
        {
          endpoint: 'token',
          match: { grant_type: 'refresh_token' },
          nth: 1,
          times: 2,
          effect: { status: 503, error: 'temporarily_unavailable', headers: { 'Retry-After': '1' } },
        },
      ],
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 11 }],
    },
    conformingClient: 'Keeps the refresh token and tries again with pauses.',
    commonMistakes: ['Takes any failure for a dead refresh token and opens the browser.', 'Repeats without a pause.'],
    judgedBy: ['token.retry-after-heeded', 'refresh.survives-outage'],
    spec: [rfc(9110, '15.6.4', '503 Service Unavailable'), rfc(9110, '10.2.3', 'Retry-After')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
  'refresh-race': {
    title: 'Refreshing takes long',
    does: prose`
      Access tokens live 10 seconds and each refresh takes three seconds to answer, so that parallel calls meet in
      the middle of one. Reuse revokes the family.
    `,
    knobs: {
      'tokens.accessLifetime': 10,
      'refresh.reuse': 'revoke-family',
      faults: [
        { endpoint: 'token', match: { grant_type: 'refresh_token' }, times: 'always', effect: { delay_ms: 3000 } },
      ],
      stages: [{ after: { event: 'tool-call', count: 1 }, advance: 11 }],
    },
    conformingClient: 'Lets all calls that need a token wait for one refresh.',
    commonMistakes: ['One refresh per failed call.'],
    judgedBy: ['refresh.single-flight'],
    spec: [oauth21('4.3.1', 'Token Endpoint Extension'), rfc(9700, '4.14', 'Refresh Token Protection')],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    feature: 'refresh',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'whoami' }, { call: 'echo' }],
  },
});
