/**
 * The consent form: the user's answer to one interaction.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1 "the authorization server
 *   authenticates the resource owner and obtains an authorization decision"
 */
import type { ClientRecord, InteractionRecord, UserRecord } from '#lib/store/store.ts';
import { actionKnown } from '../checks/action-known.ts';
import { check, note } from '../checks/check.ts';
import { clientKnown } from '../checks/client-known.ts';
import { consentGiven } from '../checks/consent-given.ts';
import { formParameterOnce } from '../checks/form-parameter-once.ts';
import { interactionOpen } from '../checks/interaction-open.ts';
import { signInChecked } from '../checks/sign-in.ts';
import { isUnregistered } from '../clients/find.ts';
import { holdToHints } from '../interaction/hints.ts';
import { noteFailedSignIn } from '../interaction/sign-in.ts';
import { interactionBrowser, speaksAsBrowser } from '../checks/interaction-browser.ts';
import { plainName } from '../interaction/display.ts';
import { makeCode } from '../interaction/grant.ts';
import {
  consentAddress,
  dataOf,
  findInteraction,
  type InteractionData,
  keepFailure,
} from '../interaction/interaction.ts';
import { type Manner, MISBEHAVIOURS, sendCode, sendError, type Target } from '../interaction/response.ts';
import { loginOf, loginSuffices, rememberLogin } from '../interaction/session.ts';
import { showingErrors } from '../interaction/showing-errors.ts';
import { mayMisbehave } from '../interaction/misbehaviour.ts';
import type { Context } from '../context.ts';
import { isOAuthError } from '../errors.ts';
import type { Fields } from '../parameters.ts';
import { createInvented } from '../users/invent.ts';
import { signIn } from '../users/sign-in.ts';
import type { DecisionParameter } from './parameters.ts';

type DecisionForm = Fields<DecisionParameter>;

const ACTIONS = ['auto', 'login', 'continue', 'deny'] as const;
type Action = (typeof ACTIONS)[number];

/** `POST /oauth/authorize` with `interaction`. */
export function decide(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const came = ctx.body.form ?? new URLSearchParams();
    check(ctx.trace, formParameterOnce, came);
    const form: DecisionForm = came;
    const record = await openInteraction(ctx, form.get('interaction') ?? '');
    const action = readAction(ctx.trace, form.get('action'));
    const data = dataOf(record);
    ctx.trace.set({
      clientId: data.client.clientId,
      clientName: plainName(data.client.metadata.client_name) ?? data.client.clientId,
    });
    if (data.silent) return backToPage(ctx, record);
    return action === 'deny' ? deny(ctx, record) : approve(ctx, record, action, form);
  });
}

/** @throws OAuthError if the visit is over, or the answer is from elsewhere */
async function openInteraction(ctx: Context, id: string): Promise<InteractionRecord> {
  const record = await findInteraction(ctx.tenant, id);
  check(ctx.trace, interactionOpen, { open: record !== null });
  check(ctx.trace, interactionBrowser, {
    headers: ctx.request.headers,
    origin: ctx.tenant.origin,
    browserId: ctx.browser.id,
    browserHash: record!.browserHash,
  });
  return record!;
}

/** Of many answers to one interaction, one counts. @throws OAuthError if another came first */
async function take(ctx: Context, record: InteractionRecord): Promise<InteractionData> {
  const taken = await ctx.tenant.store.takeInteraction(record.id, ctx.tenant.now());
  check(ctx.trace, interactionOpen, { open: taken !== null });
  return dataOf(taken!);
}

async function deny(ctx: Context, record: InteractionRecord): Promise<Response> {
  const { authorization } = await take(ctx, record);
  return answering(ctx, authorization, async () => {
    check(ctx.trace, consentGiven, 'denied');
    return backToPage(ctx, record);
  });
}

/** Runs what may refuse, and tells the client what it refuses. */
async function answering(ctx: Context, target: Target, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!isOAuthError(error) || error.delivery.kind === 'page') throw error;
    return sendError(ctx, target, error);
  }
}

async function approve(
  ctx: Context,
  record: InteractionRecord,
  action: Exclude<Action, 'deny'>,
  form: DecisionForm,
): Promise<Response> {
  const asked = dataOf(record);
  let signedIn: UserRecord | null = null;
  let authTime = ctx.tenant.now();
  let sid: string | undefined;
  if (action === 'login') {
    // The password is looked at before the interaction is taken, so that a wrong one can be followed by a right one.
    const email = (form.get('email') ?? '').trim();
    const outcome = await signIn(ctx, email, form.get('password') ?? '');
    if (!outcome.ok) {
      noteFailedSignIn(ctx.trace, outcome);
      const failed = { email: email.slice(0, 254), problem: outcome.problem, times: (asked.failed?.times ?? 0) + 1 };
      check(ctx.trace, interactionOpen, { open: await keepFailure(ctx.tenant, record, failed) });
      return backToPage(ctx, record);
    }
    check(ctx.trace, signInChecked, outcome);
    signedIn = outcome.user;
  } else if (action === 'continue') {
    const login = await loginOf(ctx.tenant, ctx.browser.id);
    if (login === null || !loginSuffices(ctx.tenant, asked.authorization, login)) return backToPage(ctx, record);
    signedIn = login.user;
    authTime = login.session.authTime;
    sid = login.session.id;
  }
  const client = await stillKnown(ctx, asked.client);
  const { authorization, invention } = await take(ctx, record);
  const scope = consentedScope(ctx, authorization.scope, form);
  return answering(ctx, authorization, async () => {
    const nothing = scope.length === 0 && authorization.scope.length > 0;
    check(ctx.trace, consentGiven, nothing ? 'nothing-granted' : 'approved');
    const user = signedIn ?? (await createInvented(ctx.tenant, invention));
    await holdToHints(ctx, client, authorization, user, { loginHint: false });
    if (action !== 'continue') sid = await rememberLogin(ctx, user, authTime);
    note(ctx.trace, 'consent-scope', 'The user may have unticked some scopes', 'rfc6749-3.3', {
      user: user.email,
      asked: authorization.scope,
      granted: scope,
    });
    const code = await makeCode(ctx, client, authorization, {
      user,
      scope,
      authTime,
      ...(sid === undefined ? {} : { sid }),
    });
    return sendCode(ctx, authorization, code, {
      ...misbehaviour(ctx, form),
      // With the notice hidden the page has named no address, and so the user has approved none.
      approved: ctx.tenant.config['consent.redirectNotice'] === 'shown',
      status: form.get('password') ? 303 : 302,
    });
  });
}

/**
 * What was let through: never more than was asked. A form without any tick grants nothing; a script that
 * names no scope at all has no boxes to untick, and grants what was asked.
 */
function consentedScope(ctx: Context, asked: readonly string[], form: DecisionForm): readonly string[] {
  if (!form.has('scope') && !speaksAsBrowser(ctx.request.headers)) return asked;
  const ticked = new Set(form.getAll('scope').flatMap((value) => value.split(' ')));
  return asked.filter((scope) => ticked.has(scope));
}

/** The client, unless it was deleted while the page was open. One with a document is what its document said. */
async function stillKnown(ctx: Context, client: ClientRecord): Promise<ClientRecord> {
  if (client.source === 'document' || isUnregistered(client)) return client;
  check(ctx.trace, clientKnown, {
    clientId: client.clientId,
    client: await ctx.tenant.store.getClient(client.clientId),
  });
  return client;
}

function misbehaviour(ctx: Context, form: DecisionForm): Manner {
  const asked = form.getAll('misbehave').flatMap((value) => value.split(' '));
  const misbehave = MISBEHAVIOURS.filter((one) => asked.includes(one));
  if (misbehave.length === 0 || !mayMisbehave(ctx.tenant)) return {};
  ctx.trace.set({ acted: { kind: 'stage', name: misbehave.join(' ') } });
  return { misbehave };
}

function readAction(trace: Context['trace'], action: string | null): Action {
  check(trace, actionKnown, { action, known: ACTIONS });
  return action as Action;
}

/** 303: what is fetched next is a page, whatever the method was, and the password does not go along. */
function backToPage(ctx: Context, record: InteractionRecord): Response {
  return new Response(null, {
    status: 303,
    headers: {
      Location: consentAddress(ctx.tenant, record.id),
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    },
  });
}
