/** Signing in through a provider: out to it, back from it, and out of here. */
import * as client from 'openid-client';
import { authorizeParameterOnce } from '#lib/oauth/checks/authorize-parameter-once.ts';
import { check, note } from '#lib/oauth/checks/check.ts';
import { formTicket } from '#lib/oauth/checks/form-ticket.ts';
import type { Context } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { approveUnasked } from '#lib/oauth/interaction/assumed.ts';
import { consentAddress, scopeOfInteraction } from '#lib/oauth/interaction/interaction.ts';
import { loginOf, rememberLogin } from '#lib/oauth/interaction/session.ts';
import { showingErrors } from '#lib/oauth/interaction/showing-errors.ts';
import { ticketFor } from '#lib/oauth/interaction/ticket.ts';
import { wantsHtml } from '#lib/pages/accept.ts';
import { signInPage } from '#lib/pages/sign-in.ts';
import { type UpstreamAnswer, readAnswer, unreachable } from './answer.ts';
import { upstreamAnswer } from './checks/upstream-answer.ts';
import { upstreamBrowser } from './checks/upstream-browser.ts';
import { upstreamPending } from './checks/upstream-pending.ts';
import { providerKnown } from './checks/provider-known.ts';
import { type Connection, connect, credentialsFor, type Upstreams } from './connect.ts';
import { findPending, keepPending, takePending } from './pending.ts';
import { PROVIDER_IDS, PROVIDER_NAMES, type ProviderId } from './providers.ts';
import { upstreamUser } from './users.ts';

/** What a provider may be asked to do, passed on as it came. */
const PROMPTS = ['login', 'consent', 'select_account'];

/** What the form that signs out is for, in its ticket. */
const SIGN_OUT = 'sign-out';

/** `GET /auth/login`: the ways to sign in, and who is signed in. */
export async function showSignIn(ctx: Context, upstreams: Upstreams): Promise<Response> {
  const { tenant } = ctx;
  const login = await loginOf(tenant, ctx.browser.id);
  const providers = PROVIDER_IDS.map((id) => ({
    id,
    name: PROVIDER_NAMES[id],
    simulated: credentialsFor(tenant, id, upstreams) === null,
    href: `${tenant.base}/auth/login/${id}`,
  }));
  const user =
    login === null ? null : { sub: login.user.sub, email: login.user.email, name: nameOf(login.user.claims) };
  if (wantsHtml(ctx.request.headers))
    return signInPage(tenant, { providers, user, ticket: ticketFor(ctx, ctx.browser.id, SIGN_OUT) });
  return Response.json(
    { signed_in: user !== null, user, providers: providers.map(({ href, ...rest }) => ({ ...rest, url: href })) },
    { headers: { 'cache-control': 'no-store', vary: 'Accept, Cookie' } },
  );
}

function nameOf(claims: Readonly<Record<string, unknown>>): string | null {
  return typeof claims.name === 'string' ? claims.name.slice(0, 80) : null;
}

/** `GET /auth/login/{provider}`: off to the provider. */
export function beginSignIn(ctx: Context, upstreams: Upstreams, named: string): Promise<Response> {
  return showingErrors(ctx, async () => {
    const id = provider(ctx, named);
    const asked = new URL(ctx.request.url).searchParams;
    check(ctx.trace, authorizeParameterOnce, asked);
    const connection = await connected(ctx, id, upstreams);
    const { config, scope, redirectUri, simulated } = connection;
    const verifier = client.randomPKCECodeVerifier();
    const nonce = client.randomNonce();
    const state = await keepPending(ctx.tenant, {
      provider: id,
      nonce,
      verifier,
      redirectUri,
      simulated,
      browserHash: sha256(ctx.browser.ensure()),
      interaction: interactionHere(ctx, asked.get('interaction')),
    });
    const prompt = asked.get('prompt') ?? '';
    const to = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(connection.profile === null ? { nonce } : {}),
      ...(PROMPTS.includes(prompt) ? { prompt } : {}),
    });
    note(
      ctx.trace,
      'upstream-begun',
      `Sends the user to ${simulated ? 'the simulated' : 'the'} ${PROVIDER_NAMES[id]}, as a client of it`,
      'oauth21-4.1.1',
      { provider: id, simulated, remembered: ['state', 'nonce', 'code_verifier'] },
    );
    return elsewhere(to.href);
  });
}

/** `GET /auth/callback/{provider}`: back from the provider. */
export function endSignIn(ctx: Context, upstreams: Upstreams, named: string): Promise<Response> {
  return showingErrors(ctx, async () => {
    const { tenant, trace } = ctx;
    const id = provider(ctx, named);
    const url = new URL(ctx.request.url);
    check(trace, authorizeParameterOnce, url.searchParams);
    const state = url.searchParams.get('state') ?? '';
    const pending = await findPending(tenant, state);
    check(trace, upstreamPending, { pending, provider: id });
    const { browserHash, redirectUri, interaction } = pending!;
    check(trace, upstreamBrowser, { browserId: ctx.browser.id, browserHash });
    // Of two answers with one state, one counts.
    check(trace, upstreamPending, { pending: (await takePending(tenant, state)) ? pending : null, provider: id });
    const connection = await connected(ctx, id, upstreams);
    const came = new URL(redirectUri);
    came.search = url.search;
    const answer = await readAnswer(connection, pending!, came, state);
    const { issuer, user: who } = demand(ctx, id, answer);
    const user = await upstreamUser(ctx, issuer, who);
    const authTime = tenant.now();
    const sid = await rememberLogin(ctx, user, authTime);
    note(trace, 'upstream-signed-in', 'Signed the user in as whom the provider named', 'oidc-core-3.1.3.7', {
      issuer,
      user: user.email,
    });
    if (interaction === null) return elsewhere(`${tenant.base}/auth/login`, 303);
    if (tenant.config['upstream.consent'] === 'assumed')
      return await approveUnasked(ctx, interaction, { user, authTime, ...(sid === undefined ? {} : { sid }) });
    return elsewhere(consentAddress(tenant, interaction), 303);
  });
}

/** `POST /auth/logout`: ends the login of this browser here; that at the provider lives on. */
export function signOut(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const { tenant, browser } = ctx;
    if ((await loginOf(tenant, browser.id)) !== null) {
      check(ctx.trace, formTicket, {
        headers: ctx.request.headers,
        origin: tenant.origin,
        browserId: browser.id,
        ticket: ctx.body.form?.get('ticket') ?? '',
        expected: ticketFor(ctx, browser.id, SIGN_OUT),
      });
      await tenant.store.deleteSession(sha256(browser.id!));
      note(ctx.trace, 'session-ended', 'Ended the login of this browser; tokens live on', 'oidc-logout-2');
    }
    return elsewhere(`${tenant.base.slice(tenant.origin.length)}/auth/login`);
  });
}

/** The consent page that the user came from, if it is one of this issuer. */
function interactionHere({ tenant }: Context, id: string | null): string | null {
  return id !== null && scopeOfInteraction(id) === tenant.store.scope ? id : null;
}

function provider(ctx: Context, named: string): ProviderId {
  check(ctx.trace, providerKnown, { named, known: PROVIDER_IDS });
  return named as ProviderId;
}

async function connected(ctx: Context, id: ProviderId, upstreams: Upstreams): Promise<Connection> {
  try {
    return await connect(ctx, id, upstreams);
  } catch (error) {
    check(ctx.trace, upstreamAnswer, { answer: unreachable(error), name: PROVIDER_NAMES[id] });
    throw error;
  }
}

function demand(ctx: Context, id: ProviderId, answer: UpstreamAnswer): Extract<UpstreamAnswer, { ok: true }> {
  check(ctx.trace, upstreamAnswer, { answer, name: PROVIDER_NAMES[id] });
  return answer as Extract<UpstreamAnswer, { ok: true }>;
}

function elsewhere(to: string, status = 302): Response {
  return new Response(null, {
    status,
    headers: { Location: to, 'Cache-Control': 'no-store', Pragma: 'no-cache', 'Referrer-Policy': 'no-referrer' },
  });
}
