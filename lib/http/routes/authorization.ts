/** A client asks for authorization, and a user decides. */
import { pushedAnswer } from '#lib/spec/answers.ts';
import { INSTANCE_LIMITS } from '#lib/spec/limits.ts';
import { AUTHORIZATION_REQUEST, CLIENT, DECISION, VISIT } from '#lib/oauth/endpoints/parameters.ts';
import type { Operation, Route } from '../route.ts';
import { lazy } from './lazy.ts';
import { isAtShortPath, joined, open, page, shared, within } from './parts.ts';

const authorize = lazy(async () => (await import('#lib/oauth/endpoints/authorize.ts')).authorize);
const decide = lazy(async () => (await import('#lib/oauth/endpoints/consent.ts')).decide);
const par = lazy(async () => (await import('#lib/oauth/endpoints/par.ts')).pushAuthorizationRequest);

const AUTHORIZATION = joined(AUTHORIZATION_REQUEST, VISIT);
/** One address takes a request by form and the decision of the user, so nothing is needed in both. */
const SUBMITTED = joined(DECISION, AUTHORIZATION).map((one) => ({ ...one, required: false }));

/** Authorization by a link, at each of its addresses. */
const AUTHORIZE = {
  clause: 'oauth21-4.1.1',
  parameters: within('query', AUTHORIZATION),
  answers: {
    302: 'To the consent page, or with the answer to the redirect URI.',
    400: page('A page: the client or its redirect URI is unknown.'),
  },
  handle: authorize,
} as const satisfies Partial<Operation>;

export const authorizationRoutes: readonly Route[] = [
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
        ...AUTHORIZE,
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
        ...AUTHORIZE,
      },
    },
  },
];
