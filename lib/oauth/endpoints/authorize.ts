/**
 * The authorization endpoint: a browser comes with a client's request, and leaves for the consent page,
 * or for the client with a code or an error.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1
 */
import type { ClientRecord, UserRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { clientKnown } from '../checks/client-known.ts';
import { authorizeParameterOnce } from '../checks/authorize-parameter-once.ts';
import { findClient } from '../clients/find.ts';
import { takeUnprompted } from '../interaction/unprompted.ts';
import { plainName } from '../interaction/display.ts';
import { makeCode } from '../interaction/grant.ts';
import { beginInteraction } from '../interaction/interaction.ts';
import { takePushed } from '../interaction/pushed.ts';
import { type AuthorizationRequest, readAuthorizationRequest, readRedirectUri } from '../interaction/request.ts';
import { sendCode, sendError, type Target } from '../interaction/response.ts';
import { rememberLogin } from '../interaction/session.ts';
import { showingErrors } from '../interaction/showing-errors.ts';
import type { Context } from '../context.ts';
import { isOAuthError, OAuthError } from '../errors.ts';
import { createInvented, inventUser } from '../users/invent.ts';
import { signIn } from '../users/sign-in.ts';

/** `GET /oauth/authorize`, and `POST` without `interaction`. */
export function authorize(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const came =
      ctx.request.method === 'POST' ? (ctx.body.form ?? new URLSearchParams()) : new URL(ctx.request.url).searchParams;
    const { client, form, pushed, redirectUri } = await identify(ctx, came);
    // From here on the client may be told. A state that came twice is nobody's state.
    const states = form.getAll('state');
    const target: Target = { redirectUri, ...(states.length === 1 && states[0] ? { state: states[0] } : {}) };
    try {
      const request = readAuthorizationRequest(ctx, client, redirectUri, form, pushed);
      return await decide(ctx, client, request, pushed ? new URLSearchParams([...came, ...form]) : came);
    } catch (error) {
      if (!isOAuthError(error) || error.delivery.kind === 'page') throw error;
      return sendError(ctx, target, error);
    }
  });
}

interface Identified {
  readonly client: ClientRecord;
  readonly form: URLSearchParams;
  readonly pushed: boolean;
  readonly redirectUri: string;
}

/** Who asks, and where the answer goes: until both are known, what is wrong is shown and not sent. */
async function identify(ctx: Context, came: URLSearchParams): Promise<Identified> {
  check(ctx.trace, authorizeParameterOnce, onlyThose(came, ['client_id', 'redirect_uri', 'request_uri']));
  const clientId = came.get('client_id') || undefined;
  if (clientId !== undefined) ctx.trace.set({ clientId: clientId.slice(0, 2000) });
  const client = clientId === undefined ? null : await findClient(ctx, clientId);
  check(ctx.trace, clientKnown, { clientId, client });
  const known = client!;
  ctx.trace.set({ clientName: plainName(known.metadata.client_name) ?? known.clientId });
  const requestUri = came.get('request_uri') || undefined;
  const form = requestUri === undefined ? came : await takePushed(ctx, known, requestUri);
  const redirectUri = readRedirectUri(ctx, known, form.get('redirect_uri') || undefined);
  return { client: known, form, pushed: requestUri !== undefined, redirectUri };
}

/** Some of the parameters, to look at them alone. */
function onlyThose(form: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams([...form].filter(([name]) => names.includes(name)));
}

/** Asks the user, unless the request, the sandbox or an earlier visit has decided. */
async function decide(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  came: URLSearchParams,
): Promise<Response> {
  const outcome = ctx.tenant.config['consent.outcome'];
  if (outcome !== 'ask') ctx.trace.set({ acted: { kind: 'knob', name: 'consent.outcome' } });
  if (outcome === 'deny')
    throw new OAuthError('access_denied', { reason: 'consent-denied', description: 'The user denied the request.' });
  if (outcome === 'server_error' || outcome === 'temporarily_unavailable') {
    throw new OAuthError(outcome, { reason: 'authorize-fails', description: 'This sandbox is set to fail here.' });
  }
  const user = outcome === 'silent' ? null : await approver(ctx, came, outcome === 'approve');
  if (user) {
    const authTime = ctx.tenant.now();
    const sid = await rememberLogin(ctx, user, authTime);
    return approve(ctx, client, request, user, authTime, sid);
  }
  if (request.prompt.includes('none')) {
    const { user: known, session } = await takeUnprompted(ctx, client, request);
    return approve(ctx, client, request, known, session.authTime, session.id);
  }
  const address = await beginInteraction(ctx, client, request, outcome === 'silent');
  note(ctx.trace, 'interaction-begun', 'Stored the request and sent the user to the consent page', 'oauth21-4.1.1', {
    scope: request.scope,
    resource: request.resource,
  });
  return new Response(null, {
    status: 302,
    headers: { Location: address, 'Cache-Control': 'no-store', Pragma: 'no-cache', 'Referrer-Policy': 'no-referrer' },
  });
}

/** Who approves without being asked: `auto_approve` and its siblings, which exist for tests. Null: nobody. */
async function approver(ctx: Context, came: URLSearchParams, byKnob: boolean): Promise<UserRecord | null> {
  const email = came.get('auto_approve_email') || undefined;
  const password = came.get('auto_approve_password') || undefined;
  if (email !== undefined || password !== undefined) {
    if (email === undefined || password === undefined) {
      throw new OAuthError('invalid_request', {
        reason: 'authorize-parameter-invalid',
        description: 'The parameters auto_approve_email and auto_approve_password go together.',
      });
    }
    const outcome = await signIn(ctx, email, password);
    ctx.trace.check({
      check: 'sign-in',
      says: 'E-mail address and password belong together',
      ok: outcome.ok,
      evidence: outcome.ok ? { created: outcome.created } : { problem: outcome.problem },
    });
    if (outcome.ok) return outcome.user;
    throw new OAuthError('access_denied', {
      reason: 'sign-in-failed',
      description:
        outcome.problem === 'password'
          ? 'The password of auto_approve_email is another.'
          : 'The parameter auto_approve_email must be an e-mail address, with a password of 1 to 1024 characters.',
    });
  }
  if (!byKnob && !isTrue(came.get('auto_approve'))) return null;
  const user = await createInvented(ctx.tenant, inventUser(ctx.tenant.random));
  note(ctx.trace, 'user-invented', 'Made up a user, who approves', 'oauth21-4.1.1', { email: user.email });
  return user;
}

/** @throws OAuthError `invalid_request` for anything but `true` and `false` */
function isTrue(value: string | null): boolean {
  if (value === null || value === '' || value === 'false') return false;
  if (value === 'true') return true;
  throw new OAuthError('invalid_request', {
    reason: 'authorize-parameter-invalid',
    description: 'The parameter auto_approve must be true or false.',
    evidence: { expected: 'true', got: value.slice(0, 60) },
  });
}

async function approve(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  user: UserRecord,
  authTime: number,
  sid: string | undefined,
): Promise<Response> {
  const code = await makeCode(ctx, client, request, {
    user,
    scope: request.scope,
    authTime,
    ...(sid === undefined ? {} : { sid }),
  });
  return sendCode(ctx, request, code);
}
