/** Signing in through an upstream provider: a real one if the operator configured it, else the sandbox's own. */
import { z } from 'zod';
import type { Tenant } from '#lib/oauth/context.ts';
import { SIGN_OUT } from '#lib/oauth/endpoints/parameters.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import type { Upstreams } from '#lib/social/connect.ts';
import { PROVIDER_IDS } from '#lib/spec/sign-in-providers.ts';
import type { AskSelf, Parts } from '../parts.ts';
import type { Route } from '../route.ts';
import { page, within } from './parts.ts';

const load = () => import('#lib/social/sign-in.ts');

const shared = { scope: 'base', cors: 'none', recorded: true, limit: 120, page: true } as const;

const ways = z.object({
  signed_in: z.boolean(),
  user: z.object({ sub: z.string(), email: z.string().nullable(), name: z.string().nullable() }).nullable(),
  providers: z.array(z.object({ id: z.enum(PROVIDER_IDS), name: z.string(), simulated: z.boolean(), url: z.string() })),
});

/** @param ask sends a request to this very application */
export function signInRoutes(parts: Parts, ask: AskSelf): readonly Route[] {
  const upstreams: Upstreams = {
    configured: parts.providers,
    ask,
    async idpOf(tenant: Tenant) {
      const sandbox = await parts.sandboxes.find(tenant.sandboxId);
      if (sandbox === null)
        throw new OAuthError('not_found', { reason: 'sandbox-unknown', description: 'The sandbox was deleted.' });
      return tenantOf(parts, sandbox, tenant.origin, 'idp');
    },
  };
  return [
    {
      ...shared,
      endpoint: 'sign-in',
      path: '/auth/login',
      methods: {
        GET: {
          id: 'showSignIn',
          summary: 'The ways to sign in through a provider, and who is signed in',
          answers: { 200: { description: 'As HTML a page, else JSON.', schema: ways } },
          handle: async (ctx) => (await load()).showSignIn(ctx, upstreams),
        },
      },
    },
    {
      ...shared,
      endpoint: 'sign-in',
      path: '/auth/login/:provider',
      methods: {
        GET: {
          id: 'beginSignIn',
          summary: 'Sign in through google, microsoft or github: the real one if configured, else a simulated one',
          clause: 'oidc-core-3.1.2.1',
          parameters: [
            { name: 'interaction', in: 'query', says: 'The visit to the consent page to come back to.' },
            { name: 'prompt', in: 'query', says: 'login, consent or select_account, passed on to the provider.' },
          ],
          answers: { 302: 'To the provider.', 404: 'There is no such provider.' },
          handle: async (ctx, { provider = '' }) => (await load()).beginSignIn(ctx, upstreams, provider),
        },
      },
    },
    {
      ...shared,
      endpoint: 'sign-in-callback',
      path: '/auth/callback/:provider',
      methods: {
        GET: {
          id: 'endSignIn',
          summary: 'The answer of a provider',
          clause: 'oidc-core-3.1.3.7',
          parameters: [
            { name: 'code', in: 'query', says: 'What the provider gave for the user.', clause: 'oauth21-4.1.2' },
            { name: 'state', in: 'query', says: 'Ties the answer to the sign-in that asked for it.' },
            { name: 'iss', in: 'query', says: 'Which provider answers, if it says so.', clause: 'rfc9207-2' },
          ],
          answers: {
            302: 'With consent assumed: to the client.',
            303: 'Back to the consent page, or to /auth/login.',
            400: { description: 'A page: the answer belongs to no sign-in.', types: ['text/html'] },
            403: { description: 'A page: another browser began.', types: ['text/html'] },
            502: { description: 'A page: the answer of the provider does not hold.', types: ['text/html'] },
          },
          handle: async (ctx, { provider = '' }) => (await load()).endSignIn(ctx, upstreams, provider),
        },
      },
    },
    {
      ...shared,
      endpoint: 'sign-out',
      path: '/auth/logout',
      methods: {
        POST: {
          id: 'signOut',
          summary: 'End the login of this browser',
          clause: 'oidc-logout-2',
          body: 'form',
          parameters: within('form', SIGN_OUT),
          answers: { 302: 'To /auth/login.', 403: page('The form came from somewhere else.') },
          handle: async (ctx) => (await load()).signOut(ctx),
        },
      },
    },
  ];
}
