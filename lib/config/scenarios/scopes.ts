/** Scenarios: scopes. */
import { cited, mcp, oauth21, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const scopes = scenarioGroup('scopes', {
  'scope-from-www-authenticate': {
    title: 'The challenge names the scope',
    does: 'The 401 challenge says scope=notes:read. The resource metadata lists another scope.',
    // What is needed is to be had from the challenge alone: a client that asks for what is listed shows itself.
    knobs: { 'resource.challengeScope': ['notes:read'], 'scopes.resource': ['notes:write'] },
    conformingClient: 'Requests the scope of the challenge, whatever the metadata lists.',
    commonMistakes: ['Requests what the metadata lists.', 'Requests nothing, or a scope of its own.'],
    judgedBy: ['authorize.scope-from-challenge'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
      mcp('2025-11-25', 'authorization', 'Scope Selection Strategy'),
      rfc(6750, '3', 'The WWW-Authenticate Response Header Field'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/scope-from-www-authenticate', status: 'released' },
  },
  'scope-from-scopes-supported': {
    title: 'Only the resource metadata names scopes',
    does: prose`
      The challenge has no scope. The resource metadata lists three, and operations need them.
    `,
    knobs: {
      'resource.challengeScope': null,
      'scopes.known': ['tools:basic', 'tools:read', 'tools:write', 'offline_access'],
      'scopes.resource': ['tools:basic', 'tools:read', 'tools:write'],
      'resource.requiredScopes': { '*': ['tools:basic', 'tools:read', 'tools:write'] },
    },
    conformingClient: 'Requests all scopes of the resource metadata.',
    commonMistakes: [
      'Requests the scopes_supported of the authorization server.',
      'Requests none and is refused later.',
    ],
    judgedBy: ['authorize.scope-from-prm'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
      mcp('2025-11-25', 'authorization', 'Scope Selection Strategy'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/scope-from-scopes-supported', status: 'released' },
  },
  'scope-omitted-when-undefined': {
    title: 'No scope is named',
    does: 'The challenge and the resource metadata name no scopes. No operation needs one.',
    knobs: {
      'resource.challengeScope': null,
      patch: { prm: { scopes_supported: null } },
      'resource.requiredScopes': {},
    },
    conformingClient: 'Leaves the scope parameter out, and lets the authorization server take its default.',
    commonMistakes: ["Sends the scopes of the authorization server's metadata.", 'Sends an invented default.'],
    judgedBy: ['authorize.scope-omitted'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Scope Selection Strategy'),
      mcp('2025-11-25', 'authorization', 'Scope Selection Strategy'),
      rfc(6749, '3.3', 'Access Token Scope'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/scope-omitted-when-undefined', status: 'released' },
  },
  'scope-step-up': {
    title: 'A tool needs more',
    does: prose`
      The 401 challenge asks for tools:basic. Calling a tool needs tools:write and gets 403 insufficient_scope,
      with a challenge that names tools:write alone. The resource metadata lists neither. No refresh token is
      issued.
    `,
    knobs: {
      'scopes.known': ['tools:basic', 'tools:write', 'tools:profile', 'offline_access'],
      'scopes.resource': ['tools:profile'],
      'resource.challengeScope': ['tools:basic'],
      'resource.open': ['initialize', 'notifications/*'],
      'resource.requiredScopes': { 'tools/list': ['tools:basic'], 'tools/call': ['tools:write'] },
      'resource.scopeHint': 'operation',
      'refresh.issue': 'never',
    },
    conformingClient: prose`
      Authorizes again for the scope of the challenge, from 2026-07-28 on joined with what it had requested
      before, and repeats the call once.
    `,
    commonMistakes: [
      'Reports 403 as a failed tool.',
      prose`
        Requests only the new scope and loses the old one, so that the next listing is refused.
      `,
    ],
    judgedBy: ['authorize.scope-from-challenge', 'authorize.step-up-scope', 'authorize.step-up-union'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
      mcp('2026-07-28', 'authorization', 'Scope Challenge Handling'),
      mcp('2025-11-25', 'authorization', 'Step-Up Authorization Flow'),
      rfc(6750, '3.1', 'Error Codes'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/scope-step-up', status: 'released' },
    hostingNote: 'The set-wise union is required of clients of 2026-07-28 only.',
    drive: ['connect', 'list', { call: 'whoami' }],
  },
  'scope-step-up-with-refresh-token': {
    title: 'A tool needs more, and a refresh token is at hand',
    does: prose`
      As scope-step-up, with a refresh token in the first token response, and with a challenge that names
      everything that the call needs.
    `,
    knobs: {
      'scopes.known': ['tools:basic', 'tools:write', 'offline_access'],
      'scopes.resource': ['tools:basic'],
      'resource.challengeScope': ['tools:basic'],
      'resource.open': ['initialize', 'notifications/*'],
      'resource.requiredScopes': { 'tools/list': ['tools:basic'], 'tools/call': ['tools:basic', 'tools:write'] },
      'refresh.issue': 'always',
    },
    conformingClient: 'Starts a new authorization. A refresh returns the old scope at best.',
    commonMistakes: [
      'Refreshes, gets the same scope, is refused again, and gives up.',
      'Adds the new scope to the refresh request, which is invalid_scope.',
    ],
    judgedBy: ['authorize.step-up-scope', 'refresh.scope-within-grant'],
    spec: [
      rfc(6749, '6', 'Refreshing an Access Token'),
      oauth21('4.3.1', 'Token Endpoint Extension'),
      mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/scope-step-up-with-refresh-token', status: 'proposed' },
    drive: ['connect', 'list', { call: 'whoami' }],
  },
  'scope-retry-limit': {
    title: 'The scope is never enough',
    does: prose`
      Every call gets 403 insufficient_scope with the same challenge, whatever the token holds. No refresh token is
      issued.
    `,
    knobs: {
      'scopes.known': ['tools:admin', 'offline_access'],
      'scopes.resource': ['tools:admin'],
      'resource.challengeScope': ['tools:admin'],
      'resource.open': ['initialize', 'notifications/*'],
      'resource.requiredScopes': { '*': ['tools:admin'] },
      'resource.insufficient': 'always',
      'refresh.issue': 'never',
    },
    conformingClient: prose`
      Stops after at most three authorizations, and says that the permission is not to be had.
    `,
    commonMistakes: ['Opens the browser again and again.'],
    judgedBy: ['authorize.step-up-limit'],
    spec: [
      mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
      mcp('2025-11-25', 'authorization', 'Step-Up Authorization Flow'),
    ],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    conformance: { name: 'auth/scope-retry-limit', status: 'released' },
    drive: ['connect', 'list', { call: 'whoami' }],
  },
  'offline-access-scope': {
    title: 'offline_access is on offer',
    does: prose`
      The authorization server lists offline_access; the resource metadata and the challenge do not. A refresh
      token comes only with it.
    `,
    knobs: { 'refresh.issue': 'offline-access' },
    conformingClient: prose`
      If it wants a refresh token: declares refresh_token in its grant_types, and may add offline_access to the
      scopes that the challenge names.
    `,
    commonMistakes: [
      'Registers without the refresh_token grant and wonders why none comes.',
      "Drops the challenge's scope while adding offline_access.",
    ],
    judgedBy: ['registration.refresh-grant-declared'],
    spec: [mcp('2026-07-28', 'authorization', 'Refresh Tokens'), cited.sep2207],
    level: 'SHOULD',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/offline-access-scope', status: 'released' },
    feature: 'refresh',
  },
  'offline-access-not-supported': {
    title: 'offline_access is not on offer',
    does: prose`
      The authorization server's scopes_supported has no offline_access, and asking for it is invalid_scope.
    `,
    knobs: { 'scopes.known': ['notes:read', 'notes:write'] },
    conformingClient: 'Does not ask for it.',
    commonMistakes: ['Adds offline_access everywhere, which strict servers refuse.'],
    judgedBy: ['authorize.offline-access-listed'],
    spec: [mcp('2026-07-28', 'authorization', 'Refresh Tokens'), cited.sep2207],
    level: 'SHOULD',
    versions: ['2026-07-28'],
    conformance: { name: 'auth/offline-access-not-supported', status: 'released' },
    hostingNote: prose`
      The suite counts a request for it as a failure. The specification permits adding the scope where it is
      listed and does not word the opposite as a prohibition.
    `,
    feature: 'refresh',
  },
  'scope-downgrade': {
    title: 'Less is granted than requested',
    does: prose`
      Grants all requested scopes but notes:write, and says so in the scope of the token response. Adding a note
      gets 403.
    `,
    knobs: { 'scopes.grant': { drop: ['notes:write'] }, 'resource.challengeScope': ['notes:read', 'notes:write'] },
    conformingClient: prose`
      Reads the scope that it got and not the one that it asked for, works with that, and asks again only when an
      operation needs more, no more than a few times.
    `,
    commonMistakes: ['Refuses the token because it is not what it asked for.', 'Asks again at once, and again.'],
    judgedBy: ['authorize.step-up-limit'],
    spec: [
      rfc(6749, '3.3', 'Access Token Scope'),
      oauth21('3.2.3', 'Token Response'),
      mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'),
    ],
    level: 'SHOULD',
    versions: ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'],
    drive: ['connect', 'list', { call: 'notes_list' }, { call: 'notes_add' }],
  },
  'scope-step-up-denied': {
    title: 'The user refuses the step up',
    does: prose`
      The first authorization is approved. Calling a tool gets 403, and from then on every authorization is
      denied.
    `,
    knobs: {
      'consent.outcome': 'approve',
      'scopes.known': ['tools:basic', 'tools:write', 'offline_access'],
      'scopes.resource': ['tools:basic'],
      'resource.challengeScope': ['tools:basic'],
      'resource.requiredScopes': { 'tools/list': ['tools:basic'], 'tools/call': ['tools:write'] },
      stages: [{ after: { event: 'tool-call', count: 1 }, set: { 'consent.outcome': 'deny' } }],
    },
    conformingClient: prose`
      Says that the operation needs a permission that was refused, and goes on with what it still has.
    `,
    commonMistakes: ['Throws away the token that is still good for everything else.', 'Asks again at once.'],
    judgedBy: ['authorize.denial-respected'],
    spec: [mcp('2026-07-28', 'authorization', 'Step-Up Authorization Flow'), cited.mcpScopeMinimization],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    drive: ['connect', 'list', { call: 'whoami' }],
  },
  'scope-challenge-without-scope': {
    title: '403 that does not say what is missing',
    does: 'insufficient_scope without a scope parameter.',
    knobs: { 'resource.scopeHint': 'none' },
    conformingClient: prose`
      Has nothing to ask for. Falls back to the scopes of the resource metadata joined with its own, or reports
      the refusal; in neither case does it loop.
    `,
    commonMistakes: ['Authorizes again with the same scopes, again and again.'],
    judgedBy: ['authorize.step-up-limit'],
    spec: [mcp('2026-07-28', 'authorization', 'Scope Challenge Handling'), rfc(6750, '3.1', 'Error Codes')],
    level: 'SHOULD',
    versions: ['2025-11-25', '2026-07-28'],
    drive: ['connect', 'list', { call: 'notes_list' }, { call: 'notes_add' }],
  },
});
