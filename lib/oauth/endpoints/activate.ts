/**
 * Where the user of a device types its code, reads who is asking, and decides.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-3.3
 */
import { activateDecision, activateDone, activateForm } from '#lib/pages/activate.ts';
import type { ClientRecord, DeviceRecord } from '#lib/store/store.ts';
import { actionKnown } from '../checks/action-known.ts';
import { check } from '../checks/check.ts';
import { formParameterOnce } from '../checks/form-parameter-once.ts';
import { formTicket } from '../checks/form-ticket.ts';
import { signInChecked } from '../checks/sign-in.ts';
import { userCode } from '../checks/user-code.ts';
import { noteFailedSignIn } from '../interaction/sign-in.ts';
import { speaksAsBrowser } from '../checks/interaction-browser.ts';
import { findClient } from '../clients/find.ts';
import { approveDevice, denyDevice, requestOf, waitingDevice } from '../interaction/device.ts';
import { plainName } from '../interaction/display.ts';
import { noteGuess, refuseGuessers } from '../interaction/guesses.ts';
import { loginOf, rememberLogin } from '../interaction/session.ts';
import { showingErrors } from '../interaction/showing-errors.ts';
import { ticketFor } from '../interaction/ticket.ts';
import { normalUserCode, shownUserCode } from '../interaction/user-code.ts';
import { resourceWords, scopeWords } from '../interaction/words.ts';
import type { Context } from '../context.ts';
import { type Fields, parametersOf } from '../parameters.ts';
import { defaultResources } from '../resource.ts';
import { createInvented, inventUser } from '../users/invent.ts';
import { signIn } from '../users/sign-in.ts';
import type { ACTIVATION, ActivationParameter, NameOf } from './parameters.ts';

type ActivationForm = Fields<ActivationParameter>;

/** `GET {base}/activate`: the field for the code; with `user_code`, who asks, and the question. */
export function activate(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const query = parametersOf<NameOf<typeof ACTIVATION>>(new URL(ctx.request.url).searchParams);
    const typed = query.get('user_code') ?? '';
    if (typed === '') return activateForm(ctx.tenant);
    const { device, client } = await find(ctx, typed);
    return question(ctx, device, client, null);
  });
}

/** `POST {base}/activate`: what the user decided. */
export function decideActivation(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const came = ctx.body.form ?? new URLSearchParams();
    check(ctx.trace, formParameterOnce, came);
    const form: ActivationForm = came;
    const { device, client } = await find(ctx, form.get('user_code') ?? '');
    check(ctx.trace, formTicket, {
      headers: ctx.request.headers,
      origin: ctx.tenant.origin,
      browserId: ctx.browser.id,
      ticket: form.get('ticket') ?? '',
      expected: ticketFor(ctx, ctx.browser.id, `activate:${device.userCode}`),
    });
    const action = form.has('deny') ? 'deny' : form.get('action');
    if (action === 'deny') {
      check(ctx.trace, userCode, { waiting: await denyDevice(ctx, device) });
      return activateDone(ctx.tenant, { approved: false, name: nameOf(client) });
    }
    check(ctx.trace, actionKnown, { action, known: ['auto', 'login', 'continue', 'deny'] });
    return approve(ctx, device, client, action as 'auto' | 'login' | 'continue', form);
  });
}

async function approve(
  ctx: Context,
  device: DeviceRecord,
  client: ClientRecord,
  action: 'auto' | 'login' | 'continue',
  form: ActivationForm,
): Promise<Response> {
  const asked = requestOf(device).scope;
  const ticked = new Set(form.getAll('scope').flatMap((value) => value.split(' ')));
  const scope =
    !form.has('scope') && !speaksAsBrowser(ctx.request.headers) ? asked : asked.filter((one) => ticked.has(one));
  if (scope.length === 0) return question(ctx, device, client, 'Tick at least one, or deny.');
  let authTime = ctx.tenant.now();
  let user = null;
  if (action === 'login') {
    const outcome = await signIn(ctx, (form.get('email') ?? '').trim(), form.get('password') ?? '');
    if (!outcome.ok) {
      noteFailedSignIn(ctx.trace, outcome);
      return question(
        ctx,
        device,
        client,
        outcome.problem === 'password'
          ? 'This address is known here, with another password.'
          : 'An email address and a password are needed.',
      );
    }
    check(ctx.trace, signInChecked, outcome);
    user = outcome.user;
  } else if (action === 'continue') {
    const login = await loginOf(ctx.tenant, ctx.browser.id);
    if (login === null) return question(ctx, device, client, 'No user is signed in with this browser any more.');
    user = login.user;
    authTime = login.session.authTime;
  }
  user ??= await createInvented(ctx.tenant, inventUser(ctx.tenant.random));
  const sid = action === 'continue' ? undefined : await rememberLogin(ctx, user, authTime);
  const approval = { user, scope, authTime, ...(sid === undefined ? {} : { sid }) };
  check(ctx.trace, userCode, { waiting: await approveDevice(ctx, client, device, approval) });
  return activateDone(ctx.tenant, { approved: true, name: nameOf(client) });
}

/** @throws OAuthError `user-code-unknown`, and 429 after too many of those */
async function find(ctx: Context, typed: string): Promise<{ device: DeviceRecord; client: ClientRecord }> {
  refuseGuessers(ctx);
  const device = await waitingDevice(ctx.tenant, normalUserCode(typed));
  const client = device === null ? null : await findClient(ctx, device.clientId);
  if (device === null || client === null) noteGuess(ctx);
  check(ctx.trace, userCode, { waiting: device !== null && client !== null });
  ctx.trace.set({ clientId: client!.clientId, clientName: nameOf(client!) });
  return { device: device!, client: client! };
}

async function question(
  ctx: Context,
  device: DeviceRecord,
  client: ClientRecord,
  problem: string | null,
): Promise<Response> {
  const request = requestOf(device);
  const login = await loginOf(ctx.tenant, ctx.browser.id);
  return activateDecision(ctx.tenant, {
    userCode: shownUserCode(device.userCode),
    ticket: ticketFor(ctx, ctx.browser.ensure(), `activate:${device.userCode}`),
    name: nameOf(client),
    resources: (request.resource.length > 0 ? request.resource : defaultResources(ctx.tenant)).map((uri) =>
      resourceWords(ctx.tenant, uri),
    ),
    scopes: request.scope.map(scopeWords),
    login: login === null ? null : (plainName(login.user.claims.name) ?? login.user.email ?? login.user.sub),
    problem,
  });
}

function nameOf(client: ClientRecord): string {
  return plainName(client.metadata.client_name) ?? client.clientId.slice(0, 80);
}
