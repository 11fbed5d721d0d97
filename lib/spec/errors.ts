/**
 * What the error codes mean, and what to do: the words of `/reference`, where every `error_uri`
 * leads. Statuses, reasons and clauses come from `reasons.ts`.
 */
import { DEFAULT_TTL, lifeInWords } from './lifetimes.ts';
export interface ErrorWords {
  /** The status that it usually has. */
  readonly status: number;
  /** Where it comes from: the authorization endpoint redirects, other endpoints answer, resources challenge. */
  readonly from: 'authorization' | 'endpoints' | 'resources' | 'registration' | 'control' | 'mcp' | 'everywhere';
  readonly says: string;
  /** What the client does next. */
  readonly next: string;
}

export const errorWords = {
  invalid_request: {
    status: 400,
    from: 'everywhere',
    says: 'A parameter is missing, is sent twice, or has the wrong form.',
    next: 'Read `error_description`: it names the parameter and what was expected. The same request ' + 'fails again.',
  },
  invalid_client: {
    status: 401,
    from: 'endpoints',
    says: 'The server does not know the client, or the client did not prove its identity.',
    next:
      'Compare the method with `token_endpoint_auth_method` of the registration. A registration is ' +
      'valid at one issuer only: check that it is this one, else register here.',
  },
  invalid_grant: {
    status: 400,
    from: 'endpoints',
    says:
      'The code, verifier, refresh token or assertion that the client sent is not valid, or is no longer ' + 'valid.',
    next:
      'Discard it and begin a new authorization. Another try cannot help, and a second use of a code or a ' +
      'refresh token revokes the tokens that the first use gave.',
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
    says: 'The request asked for something other than a code.',
    next: 'Send `response_type=code`.',
  },
  invalid_scope: {
    status: 400,
    from: 'everywhere',
    says: 'A scope is unknown, was not registered, or is more than was granted.',
    next:
      'Ask for what the challenge named, or for what `scopes_supported` lists. To get more than was ' +
      'granted, ask the user again.',
  },
  invalid_target: {
    status: 400,
    from: 'everywhere',
    says: 'The server issues no token for this `resource`, or not from this grant.',
    next:
      'Send the `resource` of the protected resource’s own metadata, letter by letter, in both the ' +
      'authorization and the token request.',
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
    says: 'The user or the server denied the request.',
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
    says: 'The server does not accept a member of the registration.',
    next: 'Read `error_description`: it names the member and the values that are accepted.',
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
  request_uri_not_supported: {
    status: 302,
    from: 'authorization',
    says: 'The `request_uri` leads to a request object elsewhere, which this server does not fetch.',
    next: 'Send the parameters themselves, or push them, and use the reference that comes back.',
  },
  registration_not_supported: {
    status: 302,
    from: 'authorization',
    says: 'The client describes itself in the parameter `registration`, which this server does not read.',
    next: 'Register at the `registration_endpoint`, or use the address of a client metadata document as `client_id`.',
  },
  login_required: {
    status: 302,
    from: 'authorization',
    says: 'No user is signed in, and `prompt=none` forbids asking.',
    next: 'Send the request again without `prompt=none`.',
  },
  consent_required: {
    status: 302,
    from: 'authorization',
    says: 'The user has to agree first, and `prompt=none` forbids asking.',
    next: 'Send the request again without `prompt=none`.',
  },
  interaction_required: {
    status: 302,
    from: 'authorization',
    says: 'The user has to do something first, and `prompt=none` forbids asking.',
    next: 'Send the request again without `prompt=none`.',
  },
  invalid_token: {
    status: 401,
    from: 'resources',
    says: 'The access token is missing, has run out, was revoked, or is not for this resource.',
    next:
      'Use the refresh token, if there is one; else begin at `resource_metadata` in the challenge. The ' +
      'same token fails again.',
  },
  insufficient_scope: {
    status: 403,
    from: 'resources',
    says: 'The token is valid, but does not cover this operation.',
    next:
      'Authorize again with the scopes that the challenge names, in addition to those that you have. Give up after ' +
      'a few attempts.',
  },
  server_error: {
    status: 500,
    from: 'everywhere',
    says: 'The server failed, or a fault of the sandbox made it answer so.',
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
    says: 'Too many requests, or a limit of the sandbox is reached.',
    next: 'Wait for `Retry-After` seconds.',
  },
  not_found: {
    status: 404,
    from: 'everywhere',
    says: 'There is nothing at this address, or its sandbox has expired.',
    next:
      `Compare the address with the metadata. A sandbox expires ${lifeInWords(DEFAULT_TTL)} after its last use, ` +
      'unless its maker chose another time: create a new one.',
  },
  conflict: {
    status: 409,
    from: 'control',
    says: 'Two requests made or changed the same thing at the same moment, and the other one was first.',
    next: 'Read the current state, and send the request again if it is still needed.',
  },
  invalid_config: {
    status: 400,
    from: 'control',
    says: 'A knob does not exist, has a value that it does not take, or is refused at this place.',
    next: 'Read `faults` of the answer: it names each knob and what it takes.',
  },
  eventing_disabled: {
    status: 503,
    from: 'control',
    says: 'The operator of this instance has not turned events on.',
    next: 'If you run this instance, set AUTHWALK_EVENTS=on. Else read the exchanges of the sandbox, or its stream.',
  },
  not_translated: {
    status: 400,
    from: 'control',
    says: 'A request in the form of another tool asks for something that has no counterpart here.',
    next: 'Read `error_description`: it names the part. docs/compat says what translates, and to what.',
  },
  invalid_fault: {
    status: 400,
    from: 'control',
    says: 'The fault could not act as it is written, or could never match.',
    next: 'Read `error_description`: it names the part. This reference lists what a fault may set, at its endpoint.',
  },
  invalid_key: {
    status: 400,
    from: 'control',
    says: 'A key is not a private JWK that can sign.',
    next: 'Send private keys with their `alg`.',
  },
  limit_exceeded: {
    status: 429,
    from: 'control',
    says: 'A limit of the sandbox is reached; the answer names it.',
    next: 'Delete what is no longer needed, reset the sandbox, or create another one.',
  },
  not_built: {
    status: 400,
    from: 'control',
    says: 'The scenario needs a behaviour that this server, or this place, does not have.',
    next: 'Read `faults` of the answer: it names what is missing.',
  },
  unknown_scenario: {
    status: 400,
    from: 'control',
    says: 'There is no scenario with this name.',
    next: 'Use a name from `GET /api/scenarios`.',
  },
  refused_here: {
    status: 400,
    from: 'control',
    says: 'The request is well formed, but this instance or this sandbox does not allow it.',
    next: 'Read `error_description`: it says where it is allowed.',
  },
  '-32700': {
    status: 400,
    from: 'mcp',
    says: 'JSON-RPC Parse error: the body is not JSON.',
    next: 'Send one JSON-RPC message as `application/json`.',
  },
  '-32600': {
    status: 400,
    from: 'mcp',
    says: 'JSON-RPC Invalid Request: the body is JSON, but not a JSON-RPC message that this revision takes.',
    next: 'Compare it with the revision in `MCP-Protocol-Version`. Batches exist in 2025-03-26 only.',
  },
  '-32601': {
    status: 404,
    from: 'mcp',
    says: 'JSON-RPC Method not found: the server has no such method.',
    next: 'Call only methods that the capabilities of the server name.',
  },
  '-32602': {
    status: 400,
    from: 'mcp',
    says: 'JSON-RPC Invalid params: a parameter is missing or has the wrong form.',
    next: 'Compare the arguments with the input schema of the tool.',
  },
  '-32603': {
    status: 500,
    from: 'mcp',
    says: 'JSON-RPC Internal error: the method failed.',
    next: 'Try again later, and wait longer each time.',
  },
  '-32000': {
    status: 400,
    from: 'mcp',
    says: 'The transport refused the request: its method, its media types or its address.',
    next: 'Send `POST` with `Accept: application/json, text/event-stream`, at the address in the resource metadata.',
  },
  '-32001': {
    status: 404,
    from: 'mcp',
    says: 'The session in the request is unknown.',
    next: 'Initialize again without a session.',
  },
  '-32002': {
    status: 404,
    from: 'mcp',
    says: 'There is no resource with this URI.',
    next: 'Use a URI from `resources/list`.',
  },
  '-32020': {
    status: 400,
    from: 'mcp',
    says: 'A header and the body contradict each other.',
    next: 'Set the headers from the body: method, name and protocol version.',
  },
} as const satisfies Record<string, ErrorWords>;

/** A code that the reference explains. */
export type ExplainedCode = keyof typeof errorWords;

/** Whether the reference explains a code. */
export function isExplained(code: string): code is ExplainedCode {
  return Object.hasOwn(errorWords, code);
}
