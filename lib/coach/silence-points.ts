/** Where clients fall silent: what came last, what was to come, and the likeliest reasons in order. */

import type { Conditions } from '#lib/exchange/conditions.ts';

/** Something that may have stopped a client. */
export interface Cause {
  readonly cause: string;
  readonly lookAt: string;
  /** The rule that would tell. */
  readonly rule?: string;
  /** Of which latest exchanges it can be true; of all if it says nothing. */
  readonly when?: Conditions;
}

export interface SilencePoint {
  readonly id: string;
  readonly point: string;
  readonly lastSeen: string;
  readonly nextExpected: string;
  /** Seconds of real time. */
  readonly silentAfter: number;
  /** In order of likelihood. */
  readonly causes: readonly Cause[];
}

export const silencePoints: readonly SilencePoint[] = [
  {
    id: 'before-anything',
    point: 'No request has arrived',
    lastSeen: 'nothing',
    nextExpected: 'a POST to the MCP endpoint, or a request for metadata',
    silentAfter: 30,
    causes: [
      {
        cause: 'The client has not been told to connect, or waits for the user to enable the server.',
        lookAt: "The client's list of servers, and its own log.",
      },
      {
        cause: 'A hosted client cannot reach this address: it is on loopback or in a private network.',
        lookAt:
          'The host in the MCP address. A hosted client needs a public https address; a desktop client ' + 'does not.',
      },
      {
        cause:
          'A proxy, tunnel or firewall in between refuses the client, often by its user agent, with 403 ' +
          'or a challenge page.',
        lookAt: "The log of that intermediary. Ask for the MCP address with the client's user agent.",
      },
      {
        cause: 'The address is another one: http for https, a missing path, another sandbox.',
        lookAt:
          'Copy the address from this page again. A request with a foreign host name gets 421 and is ' +
          'listed under refused requests.',
      },
      {
        cause: 'The client refuses http, or does not trust the certificate.',
        lookAt: "The scheme, and the certificate chain as seen from the client's machine.",
      },
    ],
  },
  {
    id: 'after-401',
    point: 'Stopped after the challenge',
    lastSeen: '401 from the MCP endpoint',
    nextExpected: 'a request for the protected resource metadata',
    silentAfter: 30,
    causes: [
      {
        cause: 'The client waits for the user to press a button such as Connect or Sign in.',
        lookAt: "The client's page of this server.",
      },
      {
        cause: 'A client in a browser cannot read WWW-Authenticate across origins.',
        when: { request_has: 'origin' },
        lookAt:
          'Origin in the request. The sandbox exposes the header; an intermediary may drop ' +
          'Access-Control-Expose-Headers.',
      },
      {
        cause: 'The client was given a fixed header or key and takes the 401 for a wrong one.',
        when: { request_has: 'authorization' },
        lookAt: 'Whether the request carried an Authorization header.',
      },
      {
        cause: 'It does not understand this challenge: no resource_metadata, several schemes, DPoP, none at ' + 'all.',
        when: { acted: true },
        lookAt: 'WWW-Authenticate, and the scenario of the sandbox.',
        rule: 'discovery.prm-well-known-fallback',
      },
      {
        cause: 'The client has no OAuth support for this transport.',
        lookAt: 'Its documentation; a request with GET and text/event-stream in Accept comes from an old one.',
      },
      {
        cause: 'It remembers an earlier failure and does not try again.',
        lookAt: 'Remove the server from the client and add it again.',
      },
    ],
  },
  {
    id: 'after-prm',
    point: 'Stopped after the resource metadata',
    lastSeen: 'protected resource metadata with 200',
    nextExpected: 'a request for authorization server metadata',
    silentAfter: 20,
    causes: [
      {
        cause:
          'resource is not the address that the user entered, byte for byte: a trailing slash, ' +
          'localhost for 127.0.0.1, http for https, a port, an alias.',
        lookAt: "resource in the document beside the address in the client's settings.",
        rule: 'discovery.prm-resource-validated',
      },
      {
        cause:
          'The client cannot or will not reach the issuer: another host, loopback, a private address, ' + 'plain http.',
        lookAt: 'authorization_servers, as seen from where the client runs.',
      },
      {
        cause: 'It asked for metadata at the root of the origin, which belongs to another sandbox.',
        lookAt: 'Refused and unattributed requests of the same minute.',
      },
      {
        cause: 'The document lacks authorization_servers or is no JSON.',
        when: { response_lacks: 'authorization_servers' },
        lookAt: 'The body that was sent, and the scenario.',
      },
      {
        cause: 'The client holds metadata of this issuer already and goes on elsewhere.',
        lookAt: 'Whether a registration or authorization request arrived.',
      },
    ],
  },
  {
    id: 'after-as-metadata',
    point: 'Stopped after the authorization server metadata',
    lastSeen: 'authorization server metadata with 200',
    nextExpected: "a registration, or the user's browser at the authorization endpoint",
    silentAfter: 30,
    causes: [
      {
        cause: 'issuer is not the identifier that the address was built from. A trailing slash is enough.',
        lookAt: 'issuer in the document beside authorization_servers.',
        rule: 'discovery.issuer-validated',
      },
      {
        cause: 'code_challenge_methods_supported is missing.',
        when: { response_lacks: 'code_challenge_methods_supported' },
        lookAt: 'The document.',
        rule: 'discovery.pkce-support-checked',
      },
      {
        cause: 'There is no way to an identifier: no registration_endpoint, no metadata documents, none ' + 'entered.',
        when: { response_lacks: ['registration_endpoint', 'client_id_metadata_document_supported'] },
        lookAt: "registration_endpoint, client_id_metadata_document_supported, and the client's settings.",
      },
      {
        cause: 'The client could use its identifier at once and is waiting for the user to open the browser.',
        lookAt: "The client's page of this server.",
      },
      {
        cause: 'An endpoint is on another origin than the issuer, or on plain http, and the client refuses ' + 'that.',
        lookAt: 'The endpoints in the document, behind a proxy especially.',
      },
      {
        cause: 'The grant or authentication method that it needs is not listed.',
        lookAt: 'grant_types_supported and token_endpoint_auth_methods_supported.',
      },
    ],
  },
  {
    id: 'after-register',
    point: 'Stopped after the registration',
    lastSeen: 'registration with 201',
    nextExpected: "the user's browser at the authorization endpoint",
    silentAfter: 60,
    causes: [
      {
        cause: 'The browser did not open: no display, a blocked popup, a remote machine.',
        lookAt: "The client's log for an address to open by hand.",
      },
      {
        cause: 'The client waits for the user to confirm.',
        lookAt: "The client's page of this server.",
      },
      {
        cause:
          'The answer is not what it wanted: another authentication method, changed redirect URIs, an ' +
          'unexpected secret.',
        lookAt: 'Request and answer side by side.',
        rule: 'registration.answer-used',
      },
      {
        cause: 'The loopback port is taken.',
        lookAt: 'Whether another instance of the client is waiting on it.',
      },
      {
        cause: 'The client has authorization for another server on its screen.',
        lookAt: 'Whether several servers ask at once.',
      },
    ],
  },
  {
    id: 'after-register-refused',
    point: 'Stopped after a refused registration',
    lastSeen: 'registration with 4xx',
    nextExpected: 'another registration, or a message to the user',
    silentAfter: 20,
    causes: [
      {
        cause: 'The server refuses this redirect URI or this kind of application.',
        when: { error: ['invalid_redirect_uri', 'invalid_client_metadata'] },
        lookAt: 'error and error_description.',
        rule: 'registration.application-type',
      },
      {
        cause: 'Registration is rate limited, and the client did not wait.',
        when: { status: 429 },
        lookAt: 'Status and Retry-After.',
      },
      {
        cause: 'The request is not valid JSON or lacks redirect_uris.',
        when: { status: [400, 415] },
        lookAt: 'The body as it arrived.',
      },
    ],
  },
  {
    id: 'consent-open',
    point: 'The user is at the consent page',
    lastSeen: 'an authorization request that led to the consent page',
    nextExpected: 'a decision',
    silentAfter: 120,
    causes: [
      {
        cause: 'Nobody has decided yet. The page may be in another window or profile.',
        when: { refused: false },
        lookAt: 'Open windows. The page can be opened from here.',
      },
      {
        cause:
          'The user met an error page: unknown client, unregistered redirect URI, a metadata document ' +
          'that could not be fetched.',
        when: { refused: true },
        lookAt: 'Status and message of the authorization request.',
        rule: 'authorize.redirect-uri-registered',
      },
      {
        cause: 'The client uses an identifier from before a reset.',
        when: { reason: 'client-unknown' },
        lookAt: 'client_id, and when it was issued.',
        rule: 'authorize.client-id-issued',
      },
      {
        cause: 'An embedded browser lost its cookies or cannot show the page.',
        when: { reason: ['interaction-foreign', null] },
        lookAt: 'The user agent of the request.',
      },
    ],
  },
  {
    id: 'after-redirect',
    point: 'Stopped after the redirect',
    lastSeen: 'a redirect with a code',
    nextExpected: 'a token request',
    silentAfter: 15,
    causes: [
      {
        cause:
          'Nobody listens at the redirect URI any more: the client timed out, was closed, or listens on ' +
          'another port or only on IPv4 or IPv6.',
        when: { redirect_to: 'http' },
        lookAt: 'The redirect URI, and whether the browser shows a connection error.',
      },
      {
        cause: "state does not match, most often since a second flow replaced the first one's.",
        lookAt: 'How many authorization requests there are, and which state came back.',
        rule: 'authorize.state-verified',
      },
      {
        cause: 'iss is missing, foreign or compared with something else.',
        lookAt: 'iss of the redirect beside issuer of the metadata, and the scenario.',
        rule: 'authorize.iss-validated',
      },
      {
        cause: 'The client was restarted in between and has lost the verifier.',
        lookAt: 'Whether it made another discovery since.',
      },
      {
        cause: 'The operating system does not know the private-use scheme, or asks the user whether to open ' + 'it.',
        when: { redirect_to: 'private-use' },
        lookAt: 'The scheme of the redirect URI.',
      },
      {
        cause:
          "A hosted client's callback lost its session, as third-party cookies are blocked or another " +
          'browser came back.',
        when: { redirect_to: 'https' },
        lookAt: 'Whether the browser that came back is the one that started.',
      },
      {
        cause: 'The browser forces https on the loopback address, or an extension blocks it.',
        when: { redirect_to: 'http' },
        lookAt: "The browser's address bar.",
      },
    ],
  },
  {
    id: 'after-error-redirect',
    point: 'Stopped after an error redirect',
    lastSeen: 'a redirect with error',
    nextExpected: 'nothing, or a new authorization by the user',
    silentAfter: 60,
    causes: [
      {
        cause: 'As it should be: the client reports the error and waits.',
        lookAt: 'The message in the client.',
      },
      {
        cause: 'The client waits for a code and will time out.',
        lookAt: 'Whether its page still spins.',
      },
    ],
  },
  {
    id: 'after-token-error',
    point: 'Stopped after a refused token request',
    lastSeen: 'a token request with 4xx',
    nextExpected: 'a new authorization, or a message to the user',
    silentAfter: 20,
    causes: [
      {
        cause: "invalid_grant: the code had expired, was used before, or the verifier is another flow's.",
        when: { error: 'invalid_grant' },
        lookAt: 'error_description, the age of the code, and other open authorization requests.',
        rule: 'token.pkce-verifier-matches',
      },
      {
        cause:
          'invalid_client: another authentication method than registered, a lost registration, a raw ' +
          'secret in HTTP Basic.',
        when: { error: 'invalid_client' },
        lookAt: 'The registered method and the one used.',
        rule: 'token.auth-method',
      },
      {
        cause: "invalid_target: resource is not this server's.",
        when: { error: 'invalid_target' },
        lookAt: 'resource in both requests.',
        rule: 'token.resource-consistent',
      },
      {
        cause: 'invalid_request: JSON for a form, or a parameter twice.',
        when: { error: 'invalid_request' },
        lookAt: 'Content type and body.',
        rule: 'token.form-encoded',
      },
      {
        cause: 'use_dpop_nonce, and the client knows no nonces.',
        when: { error: 'use_dpop_nonce' },
        lookAt: 'The proof.',
        rule: 'dpop.as-nonce',
      },
    ],
  },
  {
    id: 'after-token',
    point: 'Stopped after the token response',
    lastSeen: 'a token response with 200',
    nextExpected: 'an MCP request with the token',
    silentAfter: 15,
    causes: [
      {
        cause: 'The answer never arrived: the client gave up earlier, or the connection closed.',
        when: { delivered: false },
        lookAt: 'Whether the answer is marked as delivered, and how long it took.',
      },
      {
        cause:
          'The client refuses the answer: token_type in another case, no expires_in, no refresh token, ' +
          'another scope than requested.',
        lookAt: 'The token response beside a plain one.',
        rule: 'token.variations-tolerated',
      },
      {
        cause:
          'The MCP address has a redirect or a slash more or less, and the client drops the token on ' + 'the way.',
        lookAt: 'Unauthenticated requests of the same minute, and refused ones.',
      },
      {
        cause:
          'The call comes from another machine of a hosted client, or with another user agent, and is ' +
          'refused on the way.',
        lookAt: 'The log of the proxy or firewall in front, for refused POST requests.',
      },
      {
        cause: 'The token was stored by another process than the one that calls.',
        lookAt: 'User agents of discovery, token request and MCP requests.',
      },
      {
        cause: 'The client connects again only when the user asks for it.',
        lookAt: "The client's page of this server.",
      },
      {
        cause: 'It checked the token itself, by its audience or scope, and did not like it.',
        lookAt: 'aud and scope in the token beside resource and the requested scope.',
      },
      {
        cause: 'It could not store the token.',
        lookAt: "The client's log for its keychain or file.",
      },
    ],
  },
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
    id: 'after-device-code',
    point: 'Stopped after the device code',
    lastSeen: 'a device authorization response',
    nextExpected: 'a poll',
    silentAfter: 30,
    causes: [
      {
        cause: 'The client shows the code and waits for the user to say that it is done.',
        lookAt: "The client's screen.",
      },
      {
        cause: 'It waits for a longer interval than five seconds.',
        lookAt: 'interval in the response.',
      },
      {
        cause: 'It does not understand the response, for instance without verification_uri_complete.',
        when: { response_lacks: 'verification_uri_complete' },
        lookAt: 'The response.',
      },
    ],
  },
  {
    id: 'polling-stopped',
    point: 'Stopped polling',
    lastSeen: 'a poll with authorization_pending or slow_down',
    nextExpected: 'another poll',
    silentAfter: 45,
    causes: [
      {
        cause: 'It decides by the status, which is 403 here.',
        lookAt: 'Status and scenario.',
        rule: 'device.goes-on',
      },
      {
        cause: 'It takes slow_down for a failure.',
        lookAt: 'The last answer.',
        rule: 'device.slow-down',
      },
      {
        cause: 'It waits longer and longer after lost connections.',
        lookAt: 'The times between polls.',
      },
      {
        cause: 'The user gave up.',
        lookAt: "The client's screen.",
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
