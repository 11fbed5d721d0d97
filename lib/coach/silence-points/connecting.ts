/** Where a client stops before the user is asked: on its way to the documents and to a client identifier. */
import type { SilencePoint } from './point.ts';

export const connecting: readonly SilencePoint[] = [
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
];
