/**
 * RP-initiated logout: a client sends the browser here to end the login at this server too.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
import { logoutQuestion, signedOut } from '#lib/pages/logout.ts';
import { check, note } from '../checks/check.ts';
import { authorizeParameterOnce } from '../checks/authorize-parameter-once.ts';
import { formTicket } from '../checks/form-ticket.ts';
import { logoutRedirect } from '../checks/logout-redirect.ts';
import { redirectUriAnswer } from '../checks/redirect-uri-answer.ts';
import { redirectUriSafe } from '../checks/redirect-uri-safe.ts';
import { findClient } from '../clients/find.ts';
import { plainName } from '../interaction/display.ts';
import { type Hint, idTokenHint } from '../interaction/id-token-hint.ts';
import { navigate } from '../interaction/navigate.ts';
import { withQuery } from '../interaction/response.ts';
import { type Login, loginOf } from '../interaction/session.ts';
import { showingErrors } from '../interaction/showing-errors.ts';
import { ticketFor } from '../interaction/ticket.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { type Parameters, parametersOf } from '../parameters.ts';
import { LOGOUT, type LogoutParameter } from './parameters.ts';

/** `GET` and `POST /oauth/logout`. */
export function logout(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const came =
      ctx.request.method === 'POST' ? (ctx.body.form ?? new URLSearchParams()) : new URL(ctx.request.url).searchParams;
    check(ctx.trace, authorizeParameterOnce, came);
    const parameters = parametersOf<LogoutParameter>(came);
    const asked = parameters.get('id_token_hint');
    const hint = asked === undefined ? null : await idTokenHint(ctx, asked, parameters.get('client_id'));
    const clientId = parameters.get('client_id') ?? hint?.aud[0];
    const client = clientId === undefined ? null : await findClient(ctx, clientId);
    if (clientId !== undefined)
      ctx.trace.set({
        clientId: clientId.slice(0, 2000),
        ...(client ? { clientName: plainName(client.metadata.client_name) ?? client.clientId } : {}),
      });
    const returnTo = parameters.get('post_logout_redirect_uri');
    if (returnTo !== undefined) {
      const { config, allowedHosts } = ctx.tenant;
      check(ctx.trace, logoutRedirect, { client, uri: returnTo, port: config['authorize.redirectPort'], allowedHosts });
      check(ctx.trace, redirectUriAnswer, { uri: returnTo, added: ['state'] });
      check(ctx.trace, redirectUriSafe, returnTo);
    }

    const login = await loginOf(ctx.tenant, ctx.browser.id);
    const answered = ctx.request.method === 'POST' && parameters.get('answer') !== undefined;
    // The page named the address only where it asked; a form that some other page sends has shown nobody anything.
    let approved = false;
    if (login !== null && !believes(hint, login)) {
      if (!answered) return ask(ctx, login, parameters);
      check(ctx.trace, formTicket, {
        headers: ctx.request.headers,
        origin: ctx.tenant.origin,
        browserId: ctx.browser.id,
        ticket: parameters.get('ticket') ?? '',
        expected: ticketFor(ctx, ctx.browser.id, 'logout'),
      });
      approved = true;
    }
    if (login !== null && parameters.get('answer') !== 'stay') {
      await ctx.tenant.store.deleteSession(sha256(ctx.browser.id!));
      note(ctx.trace, 'session-ended', 'Ended the login of this browser; tokens live on', 'oidc-logout-2');
    }
    if (returnTo === undefined) return signedOut(ctx.tenant, login !== null && parameters.get('answer') === 'stay');
    const state = parameters.get('state');
    return navigate(ctx, {
      to: withQuery(returnTo, new URLSearchParams(state === undefined ? [] : [['state', state]])),
      approved,
    });
  });
}

/** Whether the hint says that it is this login that is to end: then nobody need be asked. */
function believes(hint: Hint | null, login: Login): boolean {
  return (
    hint !== null &&
    (hint.sid === null ? hint.sub === login.user.sub : hint.sid === login.session.id || hint.sub === login.user.sub)
  );
}

/** "The OP SHOULD ask the End-User whether to log out": a link on a strange page must not be able to do it unasked. */
function ask(ctx: Context, login: Login, parameters: Parameters<LogoutParameter>): Promise<Response> {
  note(ctx.trace, 'logout-asked', 'Nothing proves who wants this, so the user is asked', 'oidc-logout-2');
  const fields = LOGOUT.flatMap(({ name }) => {
    const value = parameters.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return logoutQuestion(ctx.tenant, {
    name: plainName(login.user.claims.name) ?? login.user.email ?? login.user.sub,
    returnTo: parameters.get('post_logout_redirect_uri') ?? null,
    fields: [...fields, ['ticket', ticketFor(ctx, ctx.browser.id, 'logout')]],
  });
}
