/**
 * What the error codes mean, and what to do: the words of `/reference`, where every `error_uri`
 * leads. Statuses, reasons and clauses come from `reasons.ts`.
 */
export interface ErrorWords {
  /** The status that it usually has. */
  readonly status: number;
  /** Where it comes from: the authorization endpoint redirects, other endpoints answer, resources challenge. */
  readonly from: 'authorization' | 'endpoints' | 'resources' | 'registration' | 'everywhere';
  readonly says: string;
  /** What the client does next. */
  readonly next: string;
}

export const errorWords = {
  invalid_request: {
    status: 400,
    from: 'everywhere',
    says: 'Something is missing, comes twice, or is not of the form that it has to have.',
    next: 'Read `error_description`: it names the parameter and what was expected. Sending the same again brings the same.',
  },
  invalid_client: {
    status: 401,
    from: 'endpoints',
    says: 'The server does not know the client, or the client did not prove that it is the one.',
    next: 'Compare the method with `token_endpoint_auth_method` of the registration. A registration belongs to one issuer: look whose it is, then register again.',
  },
  invalid_grant: {
    status: 400,
    from: 'endpoints',
    says: 'What the client brought to be redeemed (code, verifier, refresh token, assertion) is not good, or no longer.',
    next: 'Throw it away and begin a new authorization. Trying again cannot help, and a second use of a code or a refresh token ends what the first one gave.',
  },
  unauthorized_client: {
    status: 400,
    from: 'endpoints',
    says: 'The grant exists, and this client may not use it.',
    next: 'Register the grant in `grant_types`.',
  },
  unsupported_grant_type: {
    status: 400,
    from: 'endpoints',
    says: 'The server does not offer this grant.',
    next: 'Look at `grant_types_supported` in the metadata. `password` and the implicit grant are gone with OAuth 2.1.',
  },
  unsupported_response_type: {
    status: 302,
    from: 'authorization',
    says: 'Something other than a code was asked for.',
    next: 'Send `response_type=code`.',
  },
  invalid_scope: {
    status: 400,
    from: 'everywhere',
    says: 'A scope is unknown, was not registered, or is more than was granted.',
    next: 'Ask for what the challenge named, or for what `scopes_supported` lists. To get more than was granted, ask the user again.',
  },
  invalid_target: {
    status: 400,
    from: 'everywhere',
    says: 'The server issues no token for this `resource`, or not from this grant.',
    next: 'Send the `resource` of the protected resource’s own metadata, letter by letter, in both the authorization and the token request.',
  },
  invalid_dpop_proof: {
    status: 400,
    from: 'everywhere',
    says: 'The proof of possession is for another request, another moment, or was shown before.',
    next: 'Make a new proof for each request, with its method, its address, the time and a new `jti`.',
  },
  use_dpop_nonce: {
    status: 400,
    from: 'everywhere',
    says: 'The server wants a nonce of its own in the proof.',
    next: 'Take it from the header `DPoP-Nonce` of this answer, and send the request again with it in the proof.',
  },
  authorization_pending: {
    status: 400,
    from: 'endpoints',
    says: 'The user has not answered yet.',
    next: 'Wait for `interval` seconds, and ask again.',
  },
  slow_down: {
    status: 400,
    from: 'endpoints',
    says: 'The device asked too soon.',
    next: 'Wait five seconds longer between requests, from now on.',
  },
  expired_token: {
    status: 400,
    from: 'endpoints',
    says: 'The device code is too old.',
    next: 'Begin again at `/oauth/device_authorization`.',
  },
  access_denied: {
    status: 302,
    from: 'everywhere',
    says: 'The user, or the server, said no.',
    next: 'Accept it, and let the user begin again if they want to. Do not ask in a loop.',
  },
  invalid_redirect_uri: {
    status: 400,
    from: 'registration',
    says: 'The server does not take this redirect URI.',
    next: 'Register an `https` address, a loopback `http` one, or a private-use scheme, without a fragment.',
  },
  invalid_client_metadata: {
    status: 400,
    from: 'registration',
    says: 'A member of the registration cannot be met.',
    next: 'Read `error_description`: it names the member, and what it may be.',
  },
  invalid_request_uri: {
    status: 400,
    from: 'authorization',
    says: 'The reference to a pushed request is unknown, used, or too old.',
    next: 'Push the request again, and use the reference at once.',
  },
  request_not_supported: {
    status: 302,
    from: 'authorization',
    says: 'The request came as a signed object, which this server does not read.',
    next: 'Send the parameters themselves, or push them: `request_parameter_supported` is false in the metadata.',
  },
  login_required: {
    status: 302,
    from: 'authorization',
    says: 'Nobody is signed in, and `prompt=none` forbids to ask.',
    next: 'Send the request again without `prompt=none`.',
  },
  consent_required: {
    status: 302,
    from: 'authorization',
    says: 'The user has to agree first, and `prompt=none` forbids to ask.',
    next: 'Send the request again without `prompt=none`.',
  },
  interaction_required: {
    status: 302,
    from: 'authorization',
    says: 'The user has to do something first, and `prompt=none` forbids to ask.',
    next: 'Send the request again without `prompt=none`.',
  },
  invalid_token: {
    status: 401,
    from: 'resources',
    says: 'The access token is missing, has run out, was revoked, or is not for this resource.',
    next: 'Use the refresh token, if there is one; else begin at `resource_metadata` in the challenge. The same token will not get better.',
  },
  insufficient_scope: {
    status: 403,
    from: 'resources',
    says: 'The token is good, and does not cover this operation.',
    next: 'Authorize again with the scopes that the challenge names, beside those that you have. Give up after a few attempts.',
  },
  server_error: {
    status: 500,
    from: 'everywhere',
    says: 'The server, or a fault that somebody scripted into the sandbox, failed.',
    next: 'Try again later, and wait longer each time.',
  },
  temporarily_unavailable: {
    status: 503,
    from: 'everywhere',
    says: 'The server cannot answer at the moment.',
    next: 'Try again after `Retry-After`, or wait longer each time.',
  },
  rate_limit_exceeded: {
    status: 429,
    from: 'everywhere',
    says: 'Too many requests, or a bound of the sandbox is reached.',
    next: 'Wait for `Retry-After` seconds.',
  },
  not_found: {
    status: 404,
    from: 'everywhere',
    says: 'Nothing lives at this address, or the time of its sandbox is over.',
    next: 'Compare the address with the metadata. A sandbox goes 24 hours after its last use: make a new one.',
  },
} as const satisfies Record<string, ErrorWords>;
