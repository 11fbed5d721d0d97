/** Devices, and what concerns the user who is signed in: UserInfo and logout. */
import { claimsAnswer, deviceAnswer } from '#lib/spec/answers.ts';
import { INSTANCE_LIMITS } from '#lib/spec/limits.ts';
import {
  ACTIVATION,
  ACTIVATION_DECISION,
  CLIENT,
  DEVICE_AUTHORIZATION,
  LOGOUT,
  LOGOUT_ANSWER,
  USERINFO_FORM,
} from '#lib/oauth/endpoints/parameters.ts';
import type { Route } from '../route.ts';
import { lazy } from './lazy.ts';
import { joined, open, page, shared, within } from './parts.ts';

const device = lazy(async () => (await import('#lib/oauth/endpoints/device-authorization.ts')).deviceAuthorization);
const userinfo = lazy(async () => (await import('#lib/oauth/endpoints/userinfo.ts')).userinfo);
const logout = lazy(async () => (await import('#lib/oauth/endpoints/logout.ts')).logout);
const activate = lazy(async () => (await import('#lib/oauth/endpoints/activate.ts')).activate);
const decideActivation = lazy(async () => (await import('#lib/oauth/endpoints/activate.ts')).decideActivation);

export const userRoutes: readonly Route[] = [
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
          400: 'No device is waiting under this code.',
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
          400: 'No device is waiting under this code.',
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
];
