/** Where a client stops that has tokens. */
import type { SilencePoint } from './point.ts';

export const calling: readonly SilencePoint[] = [
  {
    id: 'after-token-refused',
    point: 'Stopped when the token was refused',
    lastSeen: '401 for an MCP request with a token',
    nextExpected: 'a refresh or a new authorization',
    silentAfter: 20,
    causes: [
      {
        cause: 'The token is for another resource, as the resource parameter was missing or misspelled.',
        when: { reason: 'token-audience' },
        lookAt: 'aud of the token beside resource of the metadata.',
        rule: 'authorize.resource-exact',
      },
      {
        cause: "It has expired on the sandbox's clock, which was moved.",
        when: { reason: 'token-expired' },
        lookAt: 'The clock at the top of the page.',
      },
      {
        cause: 'It was revoked, or the sandbox was reset.',
        when: { reason: ['token-revoked', 'token-malformed', 'token-signature'] },
        lookAt: 'The exchanges before the 401.',
      },
      {
        cause: 'It is bound to a key and came without proof, or with the Bearer scheme.',
        when: { reason: ['token-binding', 'proof-missing', 'proof-invalid', 'proof-key-differs', 'proof-nonce'] },
        lookAt: 'token_type, scheme and the DPoP header.',
        rule: 'dpop.scheme',
      },
      {
        cause: 'The client takes the second 401 for final.',
        lookAt: 'Whether a refresh token was issued.',
        rule: 'resource.recovers',
      },
    ],
  },
  {
    id: 'after-first-call',
    point: 'Stopped after the first authenticated call',
    lastSeen: 'an MCP answer with 200 to a request with a token',
    nextExpected: 'further MCP requests, tools/list as a rule',
    silentAfter: 30,
    causes: [
      {
        cause: 'All is well: the client has what it needs and waits for the user.',
        lookAt: 'Whether tools/list was answered.',
      },
      {
        cause:
          'The protocol failed, and not the authorization: a version, a header or an answer that the ' +
          'client does not take.',
        lookAt: 'The JSON-RPC answers with an error, MCP-Protocol-Version, and Accept.',
      },
      {
        cause: 'The client expects a stream by GET and does not take 405.',
        lookAt: 'GET requests to the MCP endpoint.',
      },
      {
        cause: 'It does not keep the session identifier.',
        lookAt: 'Mcp-Session-Id in later requests.',
      },
      {
        cause: 'It does not accept the schema of a tool.',
        lookAt: "The client's log.",
      },
    ],
  },
  {
    id: 'after-403',
    point: 'Stopped when a scope was missing',
    lastSeen: '403 insufficient_scope',
    nextExpected: 'an authorization request with more scope',
    silentAfter: 30,
    causes: [
      {
        cause: 'The client takes 403 for the failure of a tool and reports it to the user or the model.',
        lookAt: 'What the client shows.',
        rule: 'authorize.step-up-scope',
      },
      {
        cause: 'It refreshed, got the same scope, and gave up.',
        lookAt: 'A refresh after the 403.',
      },
      {
        cause: 'It asks the user first whether to grant more.',
        lookAt: "The client's page.",
      },
      {
        cause: 'It has reached its own limit of attempts.',
        lookAt: 'The authorization requests before.',
        rule: 'authorize.step-up-limit',
      },
      {
        cause: 'The challenge has no scope, and the client does not know what to ask for.',
        when: { challenge_lacks: 'scope' },
        lookAt: 'WWW-Authenticate of the 403.',
      },
    ],
  },
  {
    id: 'after-refresh-refused',
    point: 'Stopped after a refused refresh',
    lastSeen: 'a refresh request with invalid_grant',
    nextExpected: 'an authorization request',
    silentAfter: 30,
    causes: [
      {
        cause: 'The token was used before, by another process or a repetition, and the family is revoked.',
        when: { reason: 'refresh-spent' },
        lookAt: 'Refresh requests with the same token, with their times and user agents.',
        rule: 'refresh.single-flight',
      },
      {
        cause: 'It expired by idleness or age.',
        when: { reason: 'refresh-expired' },
        lookAt: "Its lifetimes, and the sandbox's clock.",
      },
      {
        cause: 'It belongs to another client_id, since the client registered anew.',
        when: { reason: 'refresh-other-client' },
        lookAt: 'Registrations since the token was issued.',
        rule: 'refresh.same-client',
      },
      {
        cause: 'The client waits for the user to sign in again.',
        lookAt: "The client's page of this server.",
      },
    ],
  },
  {
    id: 'migration-ignored',
    point: 'Stays with the old authorization server',
    lastSeen: '401 after the issuer changed',
    nextExpected: 'a request for the protected resource metadata',
    silentAfter: 30,
    causes: [
      {
        cause: 'The client keeps the metadata for the life of its process.',
        lookAt: 'Restart the client.',
        rule: 'discovery.prm-refreshed-on-challenge',
      },
      {
        cause: 'It found the new issuer and has no identifier for it.',
        lookAt: 'Whether metadata of the new issuer was requested.',
        rule: 'registration.anew-at-new-issuer',
      },
      {
        cause: 'Its credentials were entered by hand for the old issuer, and it says so to the user.',
        lookAt: 'What the client shows. That is right.',
      },
    ],
  },
];
