/** The endpoints of the authorization server. */
import { z } from 'zod';
import { INSTANCE_LIMITS } from '#lib/spec/limits.ts';
import {
  claimsAnswer,
  deviceAnswer,
  introspectionAnswer,
  pushedAnswer,
  registrationAnswer,
  tokenAnswer,
} from '#lib/spec/answers.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import type { ParameterDoc, Route } from '../route.ts';
import { lazy } from './lazy.ts';

const register = lazy(async () => (await import('#lib/oauth/endpoints/register.ts')).register);
const readRegistration = lazy(async () => (await import('#lib/oauth/endpoints/registration.ts')).readRegistration);
const replaceRegistration = lazy(
  async () => (await import('#lib/oauth/endpoints/registration.ts')).replaceRegistration,
);
const deleteRegistration = lazy(async () => (await import('#lib/oauth/endpoints/registration.ts')).deleteRegistration);
const authorize = lazy(async () => (await import('#lib/oauth/endpoints/authorize.ts')).authorize);
const decide = lazy(async () => (await import('#lib/oauth/endpoints/consent.ts')).decide);
const par = lazy(async () => (await import('#lib/oauth/endpoints/par.ts')).pushAuthorizationRequest);
const token = lazy(async () => (await import('#lib/oauth/endpoints/token.ts')).token);
const introspect = lazy(async () => (await import('#lib/oauth/endpoints/introspect.ts')).introspect);
const revoke = lazy(async () => (await import('#lib/oauth/endpoints/revoke.ts')).revoke);
const device = lazy(async () => (await import('#lib/oauth/endpoints/device-authorization.ts')).deviceAuthorization);
const userinfo = lazy(async () => (await import('#lib/oauth/endpoints/userinfo.ts')).userinfo);
const logout = lazy(async () => (await import('#lib/oauth/endpoints/logout.ts')).logout);

const activate = lazy(async () => (await import('#lib/oauth/endpoints/activate.ts')).activate);
const decideActivation = lazy(async () => (await import('#lib/oauth/endpoints/activate.ts')).decideActivation);
const clientMetadata = lazy(async () => (await import('#lib/oauth/endpoints/client-metadata.ts')).clientMetadata);

const shared = { scope: 'base', issuers: 'all', decoy: true, recorded: true } as const;
const open = { ...shared, cors: 'open' } as const;

/** Client authentication in the form: what every endpoint that clients call takes. */
const CLIENT: readonly ParameterDoc[] = [
  {
    name: 'client_id',
    in: 'form',
    says: 'Who asks, unless HTTP Basic or an assertion says so.',
    clause: 'oauth21-2.4.1',
  },
  { name: 'client_secret', in: 'form', says: 'The secret, for client_secret_post.', clause: 'oauth21-2.4.1' },
  {
    name: 'client_assertion_type',
    in: 'form',
    says: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer, for private_key_jwt.',
    clause: 'rfc7523-3',
  },
  { name: 'client_assertion', in: 'form', says: 'A JWT signed by a key of the client.', clause: 'rfc7523-3' },
];

const AUTHORIZATION: readonly ParameterDoc[] = [
  {
    name: 'client_id',
    in: 'query',
    required: true,
    says: 'A registered client, or the https address of a client ID metadata document.',
    clause: 'oauth21-4.1.1',
  },
  {
    name: 'redirect_uri',
    in: 'query',
    says:
      'Where the answer goes; required where more than one is registered. Compared character by character, ' +
      'but for the port of a loopback address.',
    clause: 'oauth21-2.3.1',
  },
  { name: 'response_type', in: 'query', says: 'code, which is also the default.', clause: 'oauth21-4.1.1' },
  {
    name: 'code_challenge',
    in: 'query',
    required: true,
    says: 'The base64url SHA-256 of the verifier.',
    clause: 'rfc7636-4.2',
  },
  { name: 'code_challenge_method', in: 'query', required: true, says: 'S256.', clause: 'rfc7636-4.3' },
  {
    name: 'state',
    in: 'query',
    says: 'Comes back unchanged; ties the answer to the browser that asked.',
    clause: 'oauth21-4.1.1',
  },
  { name: 'scope', in: 'query', says: 'What is asked for, separated by spaces.', clause: 'rfc6749-3.3' },
  {
    name: 'resource',
    in: 'query',
    says: 'The protected resource that the token is for; may be repeated.',
    clause: 'rfc8707-2',
  },
  { name: 'audience', in: 'query', says: 'Any absolute URI, which joins aud.' },
  { name: 'nonce', in: 'query', says: 'Comes back in the ID token.', clause: 'oidc-core-3.1.2.1' },
  { name: 'prompt', in: 'query', says: 'none, login, consent or select_account.', clause: 'oidc-core-3.1.2.1' },
  {
    name: 'max_age',
    in: 'query',
    says: 'Seconds since the last login that are acceptable.',
    clause: 'oidc-core-3.1.2.1',
  },
  { name: 'login_hint', in: 'query', says: 'Fills in the email address.', clause: 'oidc-core-3.1.2.1' },
  {
    name: 'request_uri',
    in: 'query',
    says: 'The reference that a pushed authorization request gave.',
    clause: 'rfc9126-4',
  },
  { name: 'dpop_jkt', in: 'query', says: 'Binds the code to a key.', clause: 'rfc9449-5' },
  { name: 'auto_approve', in: 'query', says: 'true: no consent page; a new temporary user is made up.' },
  {
    name: 'auto_approve_email',
    in: 'query',
    says: 'With auto_approve_password: signs that user in, and skips consent.',
  },
  { name: 'auto_approve_password', in: 'query', says: 'With auto_approve_email.' },
  { name: 'expires_in', in: 'query', says: 'Seconds that access tokens live, 1 to 31 536 000.' },
  {
    name: 'control_token',
    in: 'query',
    says: 'The control token of the sandbox, where a navigation has to prove it. Never recorded.',
  },
];

/** What every grant takes; its own parameters come from the grants. */
const TOKEN: readonly ParameterDoc[] = [
  {
    name: 'grant_type',
    in: 'form',
    required: true,
    says: 'authorization_code, refresh_token, client_credentials, or the URN of another grant.',
    clause: 'oauth21-3.2.2',
  },
  ...CLIENT,
];

/** The parameters of all grants, each once. They are loaded with the grants, for a document. */
async function grantParameters(): Promise<ParameterDoc[]> {
  const { grants } = await import('#lib/oauth/grants/index.ts');
  const byName = new Map<string, ParameterDoc>();
  for (const { name, says, clause } of grants.flatMap(({ parameters }) => parameters))
    if (!byName.has(name)) byName.set(name, { name, in: 'form', says, clause });
  return [...byName.values()];
}

const REGISTERED = { description: 'The client, with its identifier.', schema: registrationAnswer };
const TOKENS = { description: 'Tokens.', schema: tokenAnswer };
/** A page for a browser. */
const page = (description: string) => ({ description, types: ['text/html'] });

/** Whether `/authorize` and `/token` are endpoints too: by name, or at the root for clients of MCP 2025-03-26. */
function isAtShortPath({ config, base, origin }: Tenant): boolean {
  return config['compat.shortPaths'] || (config['compat.rootEndpoints'] && base === origin);
}

/** The same endpoints without `/oauth` before them, by the knob `compat.shortPaths`. */
const SHORT = ['introspect', 'revoke', 'device_authorization', 'userinfo', 'logout'];
function shortRoutes(routes: readonly Route[]): Route[] {
  return routes
    .filter(({ path }) => SHORT.includes(path.slice('/oauth/'.length)))
    .map((route) => ({
      ...route,
      path: route.path.slice('/oauth'.length),
      short: true,
      exists: ({ config }: Tenant) => config['compat.shortPaths'],
      methods: Object.fromEntries(
        Object.entries(route.methods).map(([method, operation]) => [
          method,
          { ...operation, id: `${operation.id}AtShortPath`, summary: `${operation.summary}, at a short path` },
        ]),
      ),
    }));
}

const longRoutes: readonly Route[] = [
  {
    ...open,
    endpoint: 'register',
    path: '/oauth/register',
    limit: INSTANCE_LIMITS.register,
    malformed: 'invalid_client_metadata',
    methods: {
      POST: {
        id: 'registerClient',
        summary: 'Register a client',
        clause: 'rfc7591-3.1',
        body: 'json',
        answers: { 201: REGISTERED },
        parameters: [
          {
            name: 'redirect_uris',
            in: 'json',
            says: 'Where answers may go. Needed for the authorization code flow.',
            clause: 'rfc7591-2',
          },
          { name: 'client_name', in: 'json', says: 'What users see at consent.', clause: 'rfc7591-2' },
          {
            name: 'token_endpoint_auth_method',
            in: 'json',
            says: 'none, client_secret_basic, client_secret_post or private_key_jwt.',
            clause: 'rfc7591-2',
          },
          { name: 'grant_types', in: 'json', says: 'authorization_code unless said otherwise.', clause: 'rfc7591-2' },
          { name: 'response_types', in: 'json', says: 'code.', clause: 'rfc7591-2' },
          {
            name: 'scope',
            in: 'json',
            says: 'What the client may ask for; defaults to all.',
            clause: 'rfc7591-2',
          },
          { name: 'application_type', in: 'json', says: 'web or native.', clause: 'oidc-reg-2' },
          { name: 'jwks', in: 'json', says: 'Public keys, for private_key_jwt; or jwks_uri.', clause: 'rfc7591-2' },
        ],
        handle: register,
      },
    },
  },
  {
    ...open,
    endpoint: 'register',
    path: '/clients/register',
    limit: INSTANCE_LIMITS.register,
    malformed: 'invalid_client_metadata',
    methods: {
      POST: {
        id: 'registerClientByAlias',
        summary: 'Register a client: another address, whose answer also has created_at',
        clause: 'rfc7591-3.1',
        body: 'json',
        answers: { 201: REGISTERED },
        handle: (ctx, params) => register(ctx, { ...params, alias: 'clients' }),
      },
    },
  },
  {
    ...open,
    endpoint: 'registration',
    path: '/oauth/register/:client_id',
    limit: INSTANCE_LIMITS.registration,
    malformed: 'invalid_client_metadata',
    methods: {
      GET: {
        id: 'readRegistration',
        summary: 'Read a registration',
        clause: 'rfc7592-2',
        answers: { 200: REGISTERED, 401: 'The registration access token is missing or wrong.' },
        handle: readRegistration,
      },
      PUT: {
        id: 'replaceRegistration',
        summary: 'Replace a registration',
        clause: 'rfc7592-2',
        body: 'json',
        answers: { 200: REGISTERED, 401: 'The registration access token is missing or wrong.' },
        handle: replaceRegistration,
      },
      DELETE: {
        id: 'deleteRegistration',
        summary: 'Delete a registration, and revoke its grants',
        clause: 'rfc7592-2',
        answers: { 204: 'Gone.', 401: 'The registration access token is missing or wrong.' },
        handle: deleteRegistration,
      },
    },
  },
  {
    ...shared,
    cors: 'none',
    endpoint: 'authorize',
    path: '/oauth/authorize',
    limit: INSTANCE_LIMITS.authorize,
    page: true,
    nameOf: (ctx) => (ctx.body.form?.has('interaction') ? 'consent' : 'authorize'),
    methods: {
      GET: {
        id: 'authorize',
        summary: 'Authorization',
        clause: 'oauth21-4.1.1',
        parameters: AUTHORIZATION,
        answers: {
          302: 'To the consent page, or with the answer to the redirect URI.',
          400: page('A page: the client or its redirect URI is unknown.'),
        },
        handle: authorize,
      },
      POST: {
        id: 'submitAuthorization',
        summary: 'Authorization by form; with `interaction`, the decision of the user',
        clause: 'oauth21-4.1.1',
        body: 'form',
        parameters: [
          { name: 'interaction', in: 'form', says: 'The visit to the consent page that is decided.' },
          { name: 'action', in: 'form', says: 'auto, login or deny.' },
          { name: 'email', in: 'form', says: 'With login; an unknown one is created and kept.' },
          { name: 'password', in: 'form', says: 'With login.' },
          { name: 'scope', in: 'form', says: 'Repeated for each scope that is granted.' },
        ],
        answers: {
          302: 'With the answer to the redirect URI, or back to the form.',
          400: page('A page.'),
          403: 'The form came from somewhere else.',
        },
        handle: (ctx, params) => (ctx.body.form?.has('interaction') ? decide(ctx, params) : authorize(ctx, params)),
      },
    },
  },
  {
    ...open,
    endpoint: 'par',
    path: '/oauth/par',
    limit: INSTANCE_LIMITS.par,
    methods: {
      POST: {
        id: 'pushAuthorizationRequest',
        summary: 'Pushed authorization request',
        clause: 'rfc9126-2.1',
        body: 'form',
        parameters: CLIENT,
        answers: { 201: { description: 'request_uri and expires_in.', schema: pushedAnswer } },
        handle: par,
      },
    },
  },
  {
    ...open,
    endpoint: 'token',
    path: '/oauth/token',
    limit: INSTANCE_LIMITS.token,
    methods: {
      POST: {
        id: 'requestToken',
        summary: 'Token',
        clause: 'oauth21-3.2.2',
        body: 'form',
        answers: { 200: TOKENS },
        parameters: TOKEN,
        moreParameters: grantParameters,
        handle: token,
      },
    },
  },
  {
    ...open,
    endpoint: 'introspect',
    path: '/oauth/introspect',
    limit: INSTANCE_LIMITS.introspect,
    methods: {
      POST: {
        id: 'introspectToken',
        summary: 'Introspection',
        clause: 'rfc7662-2.1',
        body: 'form',
        parameters: [
          { name: 'token', in: 'form', required: true, says: 'The token.', clause: 'rfc7662-2.1' },
          { name: 'token_type_hint', in: 'form', says: 'access_token or refresh_token.', clause: 'rfc7662-2.1' },
          ...CLIENT,
        ],
        answers: { 200: { description: 'active, and what the token carries.', schema: introspectionAnswer } },
        handle: introspect,
      },
    },
  },
  {
    ...open,
    endpoint: 'revoke',
    path: '/oauth/revoke',
    limit: INSTANCE_LIMITS.revoke,
    methods: {
      POST: {
        id: 'revokeToken',
        summary: 'Revocation',
        clause: 'rfc7009-2.1',
        body: 'form',
        parameters: [
          { name: 'token', in: 'form', required: true, says: 'The token.', clause: 'rfc7009-2.1' },
          { name: 'token_type_hint', in: 'form', says: 'access_token or refresh_token.', clause: 'rfc7009-2.1' },
          ...CLIENT,
        ],
        answers: { 200: { description: '{}, also for a token that is unknown.', schema: z.looseObject({}) } },
        handle: revoke,
      },
    },
  },
  {
    ...open,
    endpoint: 'device',
    path: '/oauth/device_authorization',
    limit: INSTANCE_LIMITS.device,
    methods: {
      POST: {
        id: 'authorizeDevice',
        summary: 'Device authorization',
        clause: 'rfc8628-3.1',
        body: 'form',
        parameters: [
          ...CLIENT,
          { name: 'scope', in: 'form', says: 'What is asked for.', clause: 'rfc8628-3.1' },
          { name: 'resource', in: 'form', says: 'The protected resource.', clause: 'rfc8707-2' },
          { name: 'audience', in: 'form', says: 'Any absolute URI, which joins aud.' },
        ],
        answers: { 200: { description: 'device_code, user_code, and where the user goes.', schema: deviceAnswer } },
        handle: device,
      },
    },
  },
  {
    ...shared,
    cors: 'none',
    endpoint: 'activate',
    path: '/activate',
    limit: INSTANCE_LIMITS.activate,
    page: true,
    exists: (tenant) => tenant.config.grants.includes('device_code'),
    methods: {
      GET: {
        id: 'showActivation',
        summary: 'Enter a user code',
        clause: 'rfc8628-3.3',
        parameters: [
          {
            name: 'user_code',
            in: 'query',
            says: 'As the device shows it; case and dashes do not matter.',
            clause: 'rfc8628-3.3',
          },
        ],
        answers: {
          200: page('A page: the field for the code, or who asks.'),
          400: 'Nobody is waiting under the code.',
          429: 'Too many wrong codes.',
        },
        handle: activate,
      },
      POST: {
        id: 'decideActivation',
        summary: 'The decision of the user of a device',
        clause: 'rfc8628-3.3',
        body: 'form',
        parameters: [
          { name: 'user_code', in: 'form', required: true, says: 'Which device.', clause: 'rfc8628-3.3' },
          { name: 'action', in: 'form', says: 'auto, login, continue or deny.' },
          { name: 'email', in: 'form', says: 'With login; an unknown one is created and kept.' },
          { name: 'password', in: 'form', says: 'With login.' },
          { name: 'scope', in: 'form', says: 'Repeated for each scope that is granted.' },
        ],
        answers: {
          200: page('A page: approved, or denied. The device finds out by asking.'),
          400: 'Nobody is waiting under the code.',
          403: 'The form came from somewhere else.',
        },
        handle: decideActivation,
      },
    },
  },
  {
    ...open,
    endpoint: 'userinfo',
    path: '/oauth/userinfo',
    limit: INSTANCE_LIMITS.userinfo,
    methods: {
      GET: {
        id: 'readUserInfo',
        summary: 'UserInfo',
        clause: 'oidc-core-5.3',
        answers: {
          200: { description: 'The claims.', schema: claimsAnswer },
          401: 'The token is not valid.',
          403: 'The token does not carry openid.',
        },
        handle: userinfo,
      },
      POST: {
        id: 'submitUserInfo',
        summary: 'UserInfo',
        clause: 'oidc-core-5.3',
        body: 'form',
        answers: {
          200: { description: 'The claims.', schema: claimsAnswer },
          401: 'The token is not valid.',
          403: 'The token does not carry openid.',
        },
        handle: userinfo,
      },
    },
  },
  {
    ...shared,
    cors: 'none',
    endpoint: 'logout',
    path: '/oauth/logout',
    limit: INSTANCE_LIMITS.logout,
    page: true,
    methods: {
      GET: {
        id: 'logOut',
        summary: 'Logout',
        clause: 'oidc-logout-2',
        parameters: [
          {
            name: 'id_token_hint',
            in: 'query',
            says: 'An ID token that was issued to the client.',
            clause: 'oidc-logout-2',
          },
          { name: 'client_id', in: 'query', says: 'The client, where no ID token says it.', clause: 'oidc-logout-2' },
          {
            name: 'post_logout_redirect_uri',
            in: 'query',
            says: 'Where to go afterwards: one that the client registered.',
            clause: 'oidc-logout-3',
          },
          { name: 'state', in: 'query', says: 'Comes back unchanged.', clause: 'oidc-logout-3' },
        ],
        answers: { 200: page('A page.'), 302: 'To post_logout_redirect_uri.' },
        handle: logout,
      },
      POST: {
        id: 'submitLogout',
        summary: 'Logout by form',
        clause: 'oidc-logout-2',
        body: 'form',
        answers: { 200: page('A page.'), 302: 'To post_logout_redirect_uri.' },
        handle: logout,
      },
    },
  },
  {
    ...open,
    scope: 'origin',
    recorded: false,
    endpoint: 'client-metadata',
    path: '/client-metadata.json',
    methods: {
      GET: {
        id: 'readClientMetadata',
        summary: "The playground's own client ID metadata document",
        clause: 'cimd-3',
        answers: { 200: { description: 'The document.', schema: registrationAnswer } },
        handle: clientMetadata,
      },
    },
  },
  // The default paths of MCP 2025-03-26 for servers without metadata.
  {
    ...open,
    scope: 'origin',
    endpoint: 'register',
    path: '/register',
    malformed: 'invalid_client_metadata',
    exists: (tenant) => tenant.config['compat.rootEndpoints'],
    methods: {
      POST: {
        id: 'registerClientAtRoot',
        summary: 'Register a client at the default path of MCP 2025-03-26',
        body: 'json',
        answers: { 201: REGISTERED },
        handle: register,
      },
    },
  },
  {
    ...shared,
    cors: 'none',
    endpoint: 'authorize',
    path: '/authorize',
    page: true,
    short: true,
    exists: isAtShortPath,
    methods: {
      GET: {
        id: 'authorizeAtRoot',
        summary: 'Authorization at the default path of MCP 2025-03-26',
        answers: {
          302: 'To the consent page, or with the answer to the redirect URI.',
          400: page('A page: the client or its redirect URI is unknown.'),
        },
        handle: authorize,
      },
    },
  },
  {
    ...open,
    endpoint: 'token',
    path: '/token',
    short: true,
    exists: isAtShortPath,
    methods: {
      POST: {
        id: 'requestTokenAtRoot',
        summary: 'Token at the default path of MCP 2025-03-26',
        body: 'form',
        parameters: TOKEN,
        moreParameters: grantParameters,
        answers: { 200: TOKENS },
        handle: token,
      },
    },
  },
];

export const oauthRoutes: readonly Route[] = [...longRoutes, ...shortRoutes(longRoutes)];
