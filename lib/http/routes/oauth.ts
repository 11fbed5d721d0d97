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
import {
  ACTIVATION,
  ACTIVATION_DECISION,
  AUTHORIZATION_REQUEST,
  CLIENT,
  CLIENT_METADATA,
  DECISION,
  DEVICE_AUTHORIZATION,
  type EndpointParameter,
  INTROSPECTION,
  LOGOUT,
  LOGOUT_ANSWER,
  REVOCATION,
  TOKEN,
  USERINFO_FORM,
  VISIT,
} from '#lib/oauth/endpoints/parameters.ts';
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

/** The parameters of an endpoint, at their place in a request. */
function within(place: ParameterDoc['in'], parameters: readonly EndpointParameter[]): ParameterDoc[] {
  return parameters.map((one) => ({ ...one, in: place }));
}

/** Several lists as one; of a name that stands in two, the first is taken. */
function joined(...lists: readonly (readonly EndpointParameter[])[]): EndpointParameter[] {
  return [
    ...new Map(
      lists
        .flat()
        .toReversed()
        .map((one) => [one.name, one]),
    ).values(),
  ].toReversed();
}

const AUTHORIZATION = joined(AUTHORIZATION_REQUEST, VISIT);
/** One address takes a request by form and the decision of the user, so nothing is needed in both. */
const SUBMITTED = joined(DECISION, AUTHORIZATION).map((one) => ({ ...one, required: false }));

/** The parameters of all grants, each once. They are loaded with the grants, for a document. */
async function grantParameters(): Promise<ParameterDoc[]> {
  const { grants } = await import('#lib/oauth/grants/index.ts');
  // No parameter is required by every grant.
  return within('form', joined(...grants.map(({ parameters }) => parameters))).map((one) => ({
    ...one,
    required: false,
  }));
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
        parameters: within('json', CLIENT_METADATA),
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
        parameters: within('json', CLIENT_METADATA),
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
        parameters: within('json', CLIENT_METADATA),
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
        parameters: within('query', AUTHORIZATION),
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
        parameters: within('form', SUBMITTED),
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
        parameters: within('form', joined(CLIENT, AUTHORIZATION_REQUEST)),
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
        parameters: within('form', joined(TOKEN, CLIENT)),
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
        parameters: within('form', joined(INTROSPECTION, CLIENT)),
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
        parameters: within('form', joined(REVOCATION, CLIENT)),
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
        parameters: within('form', joined(DEVICE_AUTHORIZATION, CLIENT)),
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
        parameters: within('query', ACTIVATION),
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
        parameters: within('form', ACTIVATION_DECISION),
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
        parameters: within('form', USERINFO_FORM),
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
        parameters: within('query', LOGOUT),
        answers: { 200: page('A page.'), 302: 'To post_logout_redirect_uri.' },
        handle: logout,
      },
      POST: {
        id: 'submitLogout',
        summary: 'Logout by form',
        clause: 'oidc-logout-2',
        body: 'form',
        parameters: within('form', joined(LOGOUT, LOGOUT_ANSWER)),
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
        parameters: within('json', CLIENT_METADATA),
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
        clause: 'oauth21-4.1.1',
        parameters: within('query', AUTHORIZATION),
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
        parameters: within('form', joined(TOKEN, CLIENT)),
        moreParameters: grantParameters,
        answers: { 200: TOKENS },
        handle: token,
      },
    },
  },
];

export const oauthRoutes: readonly Route[] = [...longRoutes, ...shortRoutes(longRoutes)];
