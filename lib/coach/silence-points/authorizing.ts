/** Where a client stops between the consent page and the tokens. */
import type { SilencePoint } from './point.ts';

export const authorizing: readonly SilencePoint[] = [
  {
    id: 'consent-open',
    point: 'The user is at the consent page',
    lastSeen: 'an authorization request that led to the consent page',
    nextExpected: 'a decision',
    silentAfter: 120,
    causes: [
      {
        cause: 'The user has not decided yet. The page may be in another window or profile.',
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
          'No client listens at the redirect URI any more: it timed out, was closed, or listens on ' +
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
        cause: 'The code had expired when it came.',
        when: { error: 'invalid_grant', reason: 'code-expired' },
        lookAt: 'The time between the redirect and the token request.',
      },
      {
        cause: 'The code was redeemed twice: by a retry, or by two handlers of one callback.',
        when: { error: 'invalid_grant', reason: 'code-spent' },
        lookAt: 'The token requests with the same code.',
      },
      {
        cause: "The verifier is another flow's: two authorizations at once overwrote it, or it was not kept.",
        when: { error: 'invalid_grant', reason: ['verifier-mismatch', 'verifier-missing', 'verifier-malformed'] },
        lookAt: 'Where the client keeps the verifier, and other open authorization requests.',
        rule: 'token.pkce-verifier-matches',
      },
      {
        cause: 'The code, or its redirect URI, is of another registration of this client, or of another server.',
        when: { error: 'invalid_grant', reason: ['code-unknown', 'code-other-client', 'redirect-uri-differs'] },
        lookAt: 'client_id and redirect_uri of the authorization request and of the token request.',
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
];
