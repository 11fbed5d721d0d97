/**
 * The authorization endpoint: a browser comes with a client's request, and leaves for the consent page,
 * or for the client with a code or an error.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { check, note } from '../checks/check.ts';
import { authorizeWorks } from '../checks/authorize-works.ts';
import { clientKnown } from '../checks/client-known.ts';
import { consentGiven } from '../checks/consent-given.ts';
import { responseModeOf } from '../checks/response-mode.ts';
import { authorizeParameterOnce } from '../checks/authorize-parameter-once.ts';
import { findClient } from '../clients/find.ts';
import { type Approver, approverOf, queuedApprover } from '../interaction/approver.ts';
import { delay } from '../interaction/delay.ts';
import { holdToHints } from '../interaction/hints.ts';
import { rememberedApproval, takeUnprompted } from '../interaction/unprompted.ts';
import { plainName } from '../interaction/display.ts';
import { makeCode } from '../interaction/grant.ts';
import { beginInteraction } from '../interaction/interaction.ts';
import { isReference, takePushed } from '../interaction/pushed.ts';
import { type AuthorizationRequest, readAuthorizationRequest, readRedirectUri } from '../interaction/request.ts';
import { sendCode, sendError, type Target } from '../interaction/response.ts';
import { showingErrors } from '../interaction/showing-errors.ts';
import type { Context } from '../context.ts';
import { type Fields, parametersOf } from '../parameters.ts';
import { queuedDecision } from '../queued.ts';
import { isOAuthError } from '../errors.ts';
import type { AuthorizationParameter } from './parameters.ts';

/** `GET /oauth/authorize`, and `POST` without `interaction`. */
export function authorize(ctx: Context): Promise<Response> {
  return showingErrors(ctx, async () => {
    const came =
      ctx.request.method === 'POST' ? (ctx.body.form ?? new URLSearchParams()) : new URL(ctx.request.url).searchParams;
    const { client, form, pushed, redirectUri } = await identify(ctx, came);
    // From here on the client may be told. A state that came twice is nobody's state.
    const fields: Fields<AuthorizationParameter> = form;
    const states = fields.getAll('state');
    const modes = fields.getAll('response_mode');
    const target: Target = {
      redirectUri,
      responseMode: responseModeOf(modes.length === 1 ? modes[0] : undefined),
      ...(states.length === 1 && states[0] ? { state: states[0] } : {}),
    };
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
  const asked = parametersOf<AuthorizationParameter>(came);
  const clientId = asked.get('client_id');
  if (clientId !== undefined) ctx.trace.set({ clientId: clientId.slice(0, 2000) });
  const client = clientId === undefined ? null : await findClient(ctx, clientId);
  check(ctx.trace, clientKnown, { clientId, client });
  const known = client!;
  ctx.trace.set({ clientName: plainName(known.metadata.client_name) ?? known.clientId });
  const requestUri = asked.get('request_uri');
  // A reference from elsewhere is refused by an error of its own, if the request says where that goes.
  const pushed = requestUri !== undefined && (isReference(requestUri) || asked.get('redirect_uri') === undefined);
  const form = pushed ? await takePushed(ctx, known, requestUri) : came;
  const fields: Fields<AuthorizationParameter> = form;
  const modes = fields.getAll('response_mode');
  const mode = modes.length === 1 ? modes[0] : undefined;
  const redirectUri = readRedirectUri(ctx, known, fields.get('redirect_uri') || undefined, mode);
  return { client: known, form, pushed, redirectUri };
}

/** Some of the parameters, to look at them alone. */
function onlyThose(form: URLSearchParams, names: readonly AuthorizationParameter[]): URLSearchParams {
  return new URLSearchParams([...form].filter(([name]) => (names as readonly string[]).includes(name)));
}

/** Asks the user, unless the request, the sandbox or an earlier visit has decided. */
async function decide(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  came: URLSearchParams,
): Promise<Response> {
  const queued = await queuedDecision(ctx);
  const outcome = queued?.decision ?? ctx.tenant.config['consent.outcome'];
  if (queued !== null)
    note(ctx.trace, 'decision-queued', 'Took the next decision that its owner put in line', 'oauth21-4.1.1', queued);
  else if (outcome !== 'ask') ctx.trace.set({ acted: { kind: 'knob', name: 'consent.outcome' } });
  if (queued?.delay) await delay(ctx.tenant, queued.delay);
  if (outcome === 'deny') check(ctx.trace, consentGiven, 'denied');
  check(ctx.trace, authorizeWorks, outcome);
  if (queued?.decision === 'approve') {
    const approver = await queuedApprover(ctx, client, request, queued);
    const scope =
      queued.scope === undefined ? request.scope : request.scope.filter((one) => queued.scope!.includes(one));
    return approve(ctx, client, { ...request, scope }, approver);
  }
  if (outcome !== 'silent' && queued === null) {
    const approver = await approverOf(ctx, client, request, came);
    if (approver !== null) return approve(ctx, client, request, approver);
  }
  if (request.prompt.includes('none')) {
    const { user, session } = await takeUnprompted(ctx, client, request);
    return approve(ctx, client, request, { user, authTime: session.authTime, sid: session.id });
  }
  const remembered = outcome === 'ask' ? await rememberedApproval(ctx, client, request) : null;
  if (remembered !== null) {
    note(ctx.trace, 'consent-remembered', 'The user is signed in and has agreed before', 'oidc-core-3.1.2.1');
    const { user, session } = remembered;
    return approve(ctx, client, request, { user, authTime: session.authTime, sid: session.id });
  }
  await holdToHints(ctx, client, request, null);
  const address = await beginInteraction(ctx, client, request, outcome === 'silent');
  const asked = address.startsWith(`${ctx.tenant.origin}/consent/`)
    ? 'Stored the request and sent the user to the consent page'
    : 'Stored the request and sent the user to the upstream provider';
  const { scope, resource } = request;
  note(ctx.trace, 'interaction-begun', asked, 'oauth21-4.1.1', { scope, resource });
  return new Response(null, {
    status: 302,
    headers: { Location: address, 'Cache-Control': 'no-store', Pragma: 'no-cache', 'Referrer-Policy': 'no-referrer' },
  });
}

async function approve(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  { user, authTime, sid }: Approver,
): Promise<Response> {
  const code = await makeCode(ctx, client, request, {
    user,
    scope: request.scope,
    authTime,
    ...(sid === undefined ? {} : { sid }),
  });
  return sendCode(ctx, request, code);
}
