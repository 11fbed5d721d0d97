/**
 * The consent form: the user's answer to one interaction.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1 "the authorization server
 *   authenticates the resource owner and obtains an authorization decision"
 */
import type { ClientRecord, InteractionRecord, UserRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { formParameterOnce } from '../checks/form-parameter-once.ts';
import { interactionBrowser, speaksAsBrowser } from '../checks/interaction-browser.ts';
import { plainName } from '../interaction/display.ts';
import { makeCode } from '../interaction/grant.ts';
import { consentAddress, dataOf, type InteractionData, keepFailure } from '../interaction/interaction.ts';
import { type Manner, MISBEHAVIOURS, sendCode, sendError } from '../interaction/response.ts';
import { loginOf, loginSuffices, rememberLogin } from '../interaction/session.ts';
import { showingErrors } from '../interaction/showing-errors.ts';
import { mayMisbehave } from '../interaction/misbehaviour.ts';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { createInvented } from '../users/invent.ts';
import { signIn } from '../users/sign-in.ts';

const ACTIONS = ['auto', 'login', 'continue', 'deny'] as const;
type Action = (typeof ACTIONS)[number];

/** `POST /oauth/authorize` with `interaction`. */
export function decide(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const form = ctx.body.form ?? new URLSearchParams();
    check(ctx.trace, formParameterOnce, form);
    const record = await openInteraction(ctx, form.get('interaction') ?? '');
    const action = readAction(form.get('action'));
    const data = dataOf(record);
    ctx.trace.set({
      clientId: data.client.clientId,
      clientName: plainName(data.client.metadata.client_name) ?? data.client.clientId,
    });
    if (data.silent) return backToPage(ctx, record);
    return action === 'deny' ? deny(ctx, record) : approve(ctx, record, action, form);
  });
}

/** @throws OAuthError where the visit is over, or the answer is from elsewhere */
async function openInteraction(ctx: Context, id: string): Promise<InteractionRecord> {
  const record = await ctx.tenant.store.getInteraction(id, ctx.tenant.now());
  ctx.trace.check({
    check: 'interaction-open',
    says: 'The visit to the consent page is still open',
    ok: record !== null,
    clause: 'oauth21-7.9',
  });
  if (record === null) throw gone();
  check(ctx.trace, interactionBrowser, {
    headers: ctx.request.headers,
    origin: ctx.tenant.origin,
    browserId: ctx.browser.id,
    browserHash: record.browserHash,
  });
  return record;
}

/** Of many answers to one interaction, one counts. @throws OAuthError where another came first */
async function take(ctx: Context, record: InteractionRecord): Promise<InteractionData> {
  const taken = await ctx.tenant.store.takeInteraction(record.id, ctx.tenant.now());
  if (taken === null) throw gone();
  return dataOf(taken);
}

async function deny(ctx: Context, record: InteractionRecord): Promise<Response> {
  const { authorization } = await take(ctx, record);
  return sendError(
    ctx,
    authorization,
    new OAuthError('access_denied', { reason: 'consent-denied', description: 'The user denied the request.' }),
  );
}

async function approve(
  ctx: Context,
  record: InteractionRecord,
  action: Exclude<Action, 'deny'>,
  form: URLSearchParams,
): Promise<Response> {
  const asked = dataOf(record);
  let signedIn: UserRecord | null = null;
  let authTime = ctx.tenant.now();
  let sid: string | undefined;
  if (action === 'login') {
    // The password is looked at before the interaction is taken, so that a wrong one can be followed by a right one.
    const email = (form.get('email') ?? '').trim();
    const outcome = await signIn(ctx, email, form.get('password') ?? '');
    ctx.trace.check({
      check: 'sign-in',
      says: 'E-mail address and password belong together',
      ok: outcome.ok,
      evidence: outcome.ok ? { created: outcome.created } : { problem: outcome.problem },
    });
    if (!outcome.ok) {
      ctx.trace.set({ reason: 'password-wrong' });
      const failed = { email: email.slice(0, 254), problem: outcome.problem, times: (asked.failed?.times ?? 0) + 1 };
      if (!(await keepFailure(ctx.tenant, record, failed))) throw gone();
      return backToPage(ctx, record);
    }
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
  if (scope.length === 0 && authorization.scope.length > 0) {
    return sendError(
      ctx,
      authorization,
      new OAuthError('access_denied', {
        reason: 'consent-denied',
        description: 'The user granted none of the scopes.',
      }),
    );
  }
  const user = signedIn ?? (await createInvented(ctx.tenant, invention));
  if (action !== 'continue') sid = await rememberLogin(ctx, user, authTime);
  note(ctx.trace, 'consent-given', 'The user approved, and may have unticked some scopes', 'rfc6749-3.3', {
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
    approved: true,
    status: form.get('password') ? 303 : 302,
  });
}

/**
 * What was let through: never more than was asked. A form without any tick grants nothing; a script that
 * names no scope at all has no boxes to untick, and grants what was asked.
 */
function consentedScope(ctx: Context, asked: readonly string[], form: URLSearchParams): readonly string[] {
  if (!form.has('scope') && !speaksAsBrowser(ctx.request.headers)) return asked;
  const ticked = new Set(form.getAll('scope').flatMap((value) => value.split(' ')));
  return asked.filter((scope) => ticked.has(scope));
}

/** The client, unless it was deleted while the page was open. One with a document is what its document said. */
async function stillKnown(ctx: Context, client: ClientRecord): Promise<ClientRecord> {
  if (client.source !== 'document' && (await ctx.tenant.store.getClient(client.clientId)) === null) {
    throw new OAuthError('invalid_request', {
      reason: 'client-unknown',
      description: 'The client was deleted meanwhile.',
    });
  }
  return client;
}

function misbehaviour(ctx: Context, form: URLSearchParams): Manner {
  const asked = form.getAll('misbehave').flatMap((value) => value.split(' '));
  const misbehave = MISBEHAVIOURS.filter((one) => asked.includes(one));
  if (misbehave.length === 0 || !mayMisbehave(ctx.tenant)) return {};
  ctx.trace.set({ acted: { kind: 'stage', name: misbehave.join(' ') } });
  return { misbehave };
}

function readAction(action: string | null): Action {
  const known = ACTIONS.find((one) => one === action);
  if (known) return known;
  throw new OAuthError('invalid_request', {
    reason: 'parameter-missing',
    description: `The action must be one of ${ACTIONS.join(', ')}.`,
    evidence: { expected: ACTIONS, got: action?.slice(0, 60) ?? null },
  });
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

function gone(): OAuthError {
  return new OAuthError('invalid_request', {
    reason: 'interaction-gone',
    delivery: { kind: 'page' },
    description: 'This visit to the consent page is over: it was answered, or left open for too long.',
  });
}
