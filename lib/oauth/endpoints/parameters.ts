/**
 * The parameters that each endpoint reads, once. An endpoint can read no other: the names type its reader. The table
 * of endpoints, and with it the reference and the OpenAPI document, shows these. Those of grants stand in `grants/`.
 */
import type { ClauseId } from '#lib/spec/clauses.ts';

/** One parameter that the engine reads itself. */
export interface EndpointParameter {
  readonly name: string;
  readonly required?: boolean;
  readonly says: string;
  readonly clause?: ClauseId;
}

/** The names of a list of parameters. */
export type NameOf<List extends readonly { readonly name: string }[]> = List[number]['name'];

/** Client authentication in the form: every endpoint that clients call takes it. */
export const CLIENT = [
  {
    name: 'client_id',
    says: 'Who asks, unless HTTP Basic or an assertion says so.',
    clause: 'oauth21-2.4.1',
  },
  { name: 'client_secret', says: 'The secret, for client_secret_post.', clause: 'oauth21-2.4.1' },
  {
    name: 'client_assertion_type',
    says: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer, for private_key_jwt.',
    clause: 'rfc7523-3',
  },
  { name: 'client_assertion', says: 'A JWT signed by a key of the client.', clause: 'rfc7523-3' },
] as const satisfies readonly EndpointParameter[];
export type ClientParameter = NameOf<typeof CLIENT>;

/** An authorization request, as it is sent in the URL, by form, or pushed. */
export const AUTHORIZATION_REQUEST = [
  {
    name: 'client_id',
    required: true,
    says: 'A registered client, or the https address of a client ID metadata document.',
    clause: 'oauth21-4.1.1',
  },
  {
    name: 'redirect_uri',
    says:
      'Where the answer goes; required if more than one is registered. Compared character by character, ' +
      'except for the port of a loopback address.',
    clause: 'oauth21-2.3.1',
  },
  {
    name: 'response_type',
    says: 'code, which is also the default if the knob authorize.responseType allows it.',
    clause: 'oauth21-4.1.1',
  },
  { name: 'response_mode', says: 'query, which is the default, fragment or form_post.', clause: 'oidc-core-3.1.2.1' },
  {
    name: 'code_challenge',
    required: true,
    says: 'The base64url SHA-256 of the verifier.',
    clause: 'rfc7636-4.2',
  },
  { name: 'code_challenge_method', required: true, says: 'S256.', clause: 'rfc7636-4.3' },
  {
    name: 'state',
    says: 'Comes back unchanged; ties the answer to the browser that asked.',
    clause: 'oauth21-4.1.1',
  },
  { name: 'scope', says: 'The scopes that are asked for, separated by spaces.', clause: 'rfc6749-3.3' },
  {
    name: 'resource',
    says: 'The protected resource that the token is for; may be repeated.',
    clause: 'rfc8707-2',
  },
  { name: 'audience', says: 'Any absolute URI, which joins aud.' },
  { name: 'nonce', says: 'Comes back in the ID token.', clause: 'oidc-core-3.1.2.1' },
  { name: 'prompt', says: 'none, login, consent or select_account.', clause: 'oidc-core-3.1.2.1' },
  {
    name: 'max_age',
    says: 'Seconds since the last login that are acceptable.',
    clause: 'oidc-core-3.1.2.1',
  },
  { name: 'login_hint', says: 'Fills in the email address.', clause: 'oidc-core-3.1.2.1' },
  { name: 'id_token_hint', says: 'An ID token of the user who is expected.', clause: 'oidc-core-3.1.2.1' },
  { name: 'acr_values', says: 'Authentication contexts, separated by spaces.', clause: 'oidc-core-3.1.2.1' },
  { name: 'dpop_jkt', says: 'Binds the code to a key.', clause: 'rfc9449-5' },
  { name: 'expires_in', says: 'Seconds that access tokens live, 1 to 31 536 000.' },
  { name: 'request', says: 'Refused: request objects are not supported.', clause: 'oidc-core-3.1.2.1' },
  { name: 'registration', says: 'Refused: clients register beforehand.', clause: 'oidc-core-3.1.2.6' },
  { name: 'auto_approve', says: 'true: no consent page; a new temporary user is made up.' },
] as const satisfies readonly EndpointParameter[];
export type RequestParameter = NameOf<typeof AUTHORIZATION_REQUEST>;

/** What only a visit to the authorization endpoint can bring: it is never kept with a pushed request. */
export const VISIT = [
  {
    name: 'request_uri',
    says: 'The reference that a pushed authorization request gave.',
    clause: 'rfc9126-4',
  },
  {
    name: 'auto_approve_email',
    says: 'With auto_approve_password: signs that user in, and skips consent.',
  },
  { name: 'auto_approve_password', says: 'With auto_approve_email.' },
  {
    name: 'control_token',
    says: 'The control token of the sandbox, if a navigation has to prove it. Never recorded.',
  },
] as const satisfies readonly EndpointParameter[];
export type AuthorizationParameter = RequestParameter | NameOf<typeof VISIT>;

/** The decision of the user, from the consent page. */
export const DECISION = [
  { name: 'interaction', says: 'The visit to the consent page that is decided.' },
  { name: 'action', says: 'auto, login, continue or deny.' },
  { name: 'email', says: 'With login; an unknown one is created and kept.' },
  { name: 'password', says: 'With login.' },
  { name: 'scope', says: 'Repeated for each scope that is granted.', clause: 'rfc6749-3.3' },
  {
    name: 'misbehave',
    says: 'Faults of the redirect that the owner of the sandbox asks for on the consent page, separated by spaces.',
  },
] as const satisfies readonly EndpointParameter[];
export type DecisionParameter = NameOf<typeof DECISION>;

/** What every grant takes; its own parameters come from the grants. */
export const TOKEN = [
  {
    name: 'grant_type',
    required: true,
    says: 'authorization_code, refresh_token, client_credentials, or the URN of another grant.',
    clause: 'oauth21-3.2.2',
  },
] as const satisfies readonly EndpointParameter[];

/** Introspection, which RFC 7009 took its parameters from. */
export const INTROSPECTION = [
  { name: 'token', required: true, says: 'The token.', clause: 'rfc7662-2.1' },
  { name: 'token_type_hint', says: 'access_token or refresh_token.', clause: 'rfc7662-2.1' },
] as const satisfies readonly EndpointParameter[];
export type IntrospectionParameter = NameOf<typeof INTROSPECTION> | ClientParameter;

export const REVOCATION = [
  { name: 'token', required: true, says: 'The token.', clause: 'rfc7009-2.1' },
  { name: 'token_type_hint', says: 'access_token or refresh_token.', clause: 'rfc7009-2.1' },
] as const satisfies readonly EndpointParameter[];
export type RevocationParameter = NameOf<typeof REVOCATION> | ClientParameter;

export const DEVICE_AUTHORIZATION = [
  { name: 'scope', says: 'The scopes that are asked for, separated by spaces.', clause: 'rfc8628-3.1' },
  { name: 'resource', says: 'The protected resource; may be repeated.', clause: 'rfc8707-2' },
  { name: 'audience', says: 'Any absolute URI, which joins aud.' },
] as const satisfies readonly EndpointParameter[];
export type DeviceParameter = NameOf<typeof DEVICE_AUTHORIZATION> | ClientParameter;

const TICKET = {
  name: 'ticket',
  says: 'What the page put into its form; it proves that the form is from there.',
} as const satisfies EndpointParameter;

/** The page where the user of a device enters its code. */
export const ACTIVATION = [
  {
    name: 'user_code',
    says: 'As the device shows it; case and dashes do not matter.',
    clause: 'rfc8628-3.3',
  },
] as const satisfies readonly EndpointParameter[];

/** The decision of the user of a device. */
export const ACTIVATION_DECISION = [
  { name: 'user_code', required: true, says: 'Which device.', clause: 'rfc8628-3.3' },
  TICKET,
  { name: 'action', says: 'auto, login, continue or deny.' },
  { name: 'deny', says: 'Present if the button “Deny” was pressed.' },
  { name: 'email', says: 'With login; an unknown one is created and kept.' },
  { name: 'password', says: 'With login.' },
  { name: 'scope', says: 'Repeated for each scope that is granted.' },
] as const satisfies readonly EndpointParameter[];
export type ActivationParameter = NameOf<typeof ACTIVATION_DECISION>;

/** UserInfo by form, which OpenID Connect allows beside the header. */
export const USERINFO_FORM = [
  { name: 'access_token', says: 'The token, if no Authorization header has it.', clause: 'oidc-core-5.3' },
] as const satisfies readonly EndpointParameter[];

export const LOGOUT = [
  {
    name: 'id_token_hint',
    says: 'An ID token that was issued to the client.',
    clause: 'oidc-logout-2',
  },
  { name: 'client_id', says: 'The client, if no ID token says it.', clause: 'oidc-logout-2' },
  {
    name: 'post_logout_redirect_uri',
    says: 'Where to go afterwards: one that the client registered.',
    clause: 'oidc-logout-3',
  },
  { name: 'state', says: 'Comes back unchanged.', clause: 'oidc-logout-3' },
] as const satisfies readonly EndpointParameter[];

/** The answer to the question of the logout page. */
export const LOGOUT_ANSWER = [
  { name: 'answer', says: 'stay, or anything else to sign out.' },
  TICKET,
] as const satisfies readonly EndpointParameter[];
export type LogoutParameter = NameOf<typeof LOGOUT> | NameOf<typeof LOGOUT_ANSWER>;

/** The form of the page that says who is signed in. */
export const SIGN_OUT = [TICKET] as const satisfies readonly EndpointParameter[];

/** The members of a registration that are understood; others are ignored (RFC 7591 §2). */
export const CLIENT_METADATA = [
  {
    name: 'redirect_uris',
    says: 'Where answers may go. Needed for the authorization code flow.',
    clause: 'rfc7591-2',
  },
  { name: 'client_name', says: 'The name that users see at consent.', clause: 'rfc7591-2' },
  {
    name: 'token_endpoint_auth_method',
    says: 'none, client_secret_basic, client_secret_post or private_key_jwt.',
    clause: 'rfc7591-2',
  },
  { name: 'token_endpoint_auth_signing_alg', says: 'The algorithm of its assertions.', clause: 'oidc-reg-2' },
  {
    name: 'grant_types',
    says: 'authorization_code and refresh_token by default.',
    clause: 'rfc7591-2',
  },
  { name: 'response_types', says: 'code.', clause: 'rfc7591-2' },
  { name: 'scope', says: 'The scopes that the client may ask for; all by default.', clause: 'rfc7591-2' },
  { name: 'application_type', says: 'web or native.', clause: 'oidc-reg-2' },
  { name: 'jwks', says: 'Public keys, for private_key_jwt; or jwks_uri.', clause: 'rfc7591-2' },
  { name: 'jwks_uri', says: 'Where the public keys are.', clause: 'rfc7591-2' },
  { name: 'client_uri', says: 'The home page of the client.', clause: 'rfc7591-2' },
  { name: 'logo_uri', says: 'Its logo. It is kept and never fetched.', clause: 'rfc7591-2' },
  { name: 'tos_uri', says: 'Its terms of service.', clause: 'rfc7591-2' },
  { name: 'policy_uri', says: 'Its privacy policy.', clause: 'rfc7591-2' },
  { name: 'contacts', says: 'Who answers for the client.', clause: 'rfc7591-2' },
  { name: 'software_id', says: 'The same for every instance of the software.', clause: 'rfc7591-2' },
  { name: 'software_version', says: 'The version of the software.', clause: 'rfc7591-2' },
  { name: 'id_token_signed_response_alg', says: 'The algorithm of its ID tokens.', clause: 'oidc-reg-2' },
  { name: 'subject_type', says: 'public.', clause: 'oidc-reg-2' },
  { name: 'default_max_age', says: 'max_age of requests that have none, in seconds.', clause: 'oidc-reg-2' },
  { name: 'require_auth_time', says: 'Whether ID tokens have auth_time.', clause: 'oidc-reg-2' },
  { name: 'post_logout_redirect_uris', says: 'Where a logout may lead.', clause: 'oidc-logout-3' },
  { name: 'dpop_bound_access_tokens', says: 'Whether every token request needs a proof.' },
  {
    name: 'require_pushed_authorization_requests',
    says: 'Whether every authorization request has to be pushed.',
  },
] as const satisfies readonly EndpointParameter[];
export type ClientMetadataName = NameOf<typeof CLIENT_METADATA>;
