/**
 * Who approves without a page: `auto_approve` and its siblings, which exist for tests, and the knob
 * `consent.outcome: approve`. What the request says of the user holds on these ways too.
 */
import { EMAIL_ADDRESS } from '#lib/config/values.ts';
import type { ClientRecord, UserRecord } from '#lib/store/store.ts';
import type { QueuedDecision } from '#lib/config/queued.ts';
import { autoApprove } from '../checks/auto-approve.ts';
import { check, note } from '../checks/check.ts';
import { loginPresent } from '../checks/login-present.ts';
import { signInChecked } from '../checks/sign-in.ts';
import type { Context } from '../context.ts';
import type { AuthorizationParameter } from '../endpoints/parameters.ts';
import type { Fields } from '../parameters.ts';
import { createInvented, inventUser } from '../users/invent.ts';
import { namedUser, signIn } from '../users/sign-in.ts';
import { holdToHints } from './hints.ts';
import type { AuthorizationRequest } from './request.ts';
import { loginOf, loginSuffices, rememberLogin } from './session.ts';
import { presentLogin } from './unprompted.ts';

export interface Approver {
  readonly user: UserRecord;
  /** When the user proved who they are, ms. */
  readonly authTime: number;
  /** Session id for logout; undefined if there is no session. */
  readonly sid: string | undefined;
}

/**
 * Who approves without being asked.
 * @param came the parameters as they came, those of the URL included
 * @returns null if nobody does, and the user has to be asked
 * @throws OAuthError `login_required` if a hint names somebody else, or `prompt=none` finds nobody signed in
 */
export async function approverOf(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  came: Fields<AuthorizationParameter>,
): Promise<Approver | null> {
  const flag = came.get('auto_approve') || undefined;
  const email = came.get('auto_approve_email') || undefined;
  const password = came.get('auto_approve_password') || undefined;
  const byKnob = ctx.tenant.config['consent.outcome'] === 'approve';
  if (flag === undefined && email === undefined && password === undefined && !byKnob) return null;
  check(ctx.trace, autoApprove, { flag, email, password });
  if (email !== undefined) return signedIn(ctx, client, request, email, password!);
  if (flag !== 'true' && !byKnob) return null;
  // Without a page the user cannot sign in, so the user has to be signed in already.
  if (request.prompt.includes('none')) {
    const { user, session } = await presentLogin(ctx, client, request);
    return { user, authTime: session.authTime, sid: session.id };
  }
  return flag === 'true' ? invented(ctx, client, request) : asSignedIn(ctx, client, request);
}

/** Who approves by a decision that its owner put in line: the user that it names, who is made if there is none. */
export async function queuedApprover(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  { user: email }: QueuedDecision,
): Promise<Approver> {
  if (email === undefined || !EMAIL_ADDRESS.test(email)) return asSignedIn(ctx, client, request);
  const user = await namedUser(ctx, email);
  await holdToHints(ctx, client, request, user);
  const authTime = ctx.tenant.now();
  return { user, authTime, sid: await rememberLogin(ctx, user, authTime) };
}

/** The user with this address and password; a new address is a new user. */
async function signedIn(
  ctx: Context,
  client: ClientRecord,
  request: AuthorizationRequest,
  email: string,
  password: string,
): Promise<Approver> {
  const outcome = await signIn(ctx, email, password);
  check(ctx.trace, signInChecked, outcome);
  const { user } = outcome as Extract<typeof outcome, { ok: true }>;
  await holdToHints(ctx, client, request, user);
  if (request.prompt.includes('none')) {
    const login = await loginOf(ctx.tenant, ctx.browser.id);
    check(ctx.trace, loginPresent, {
      session: login !== null && login.user.sub === user.sub,
      suffices: login !== null && loginSuffices(ctx.tenant, request, login),
      maxAge: request.maxAge ?? null,
    });
    return { user, authTime: login!.session.authTime, sid: login!.session.id };
  }
  const authTime = ctx.tenant.now();
  // On a public instance a link with a password must not sign in the browser that opens it.
  return { user, authTime, sid: ctx.tenant.isPublic ? undefined : await rememberLogin(ctx, user, authTime) };
}

async function invented(ctx: Context, client: ClientRecord, request: AuthorizationRequest): Promise<Approver> {
  const user = await createInvented(ctx.tenant, inventUser(ctx.tenant.random));
  note(ctx.trace, 'user-invented', 'Made up a user, who approves', 'oauth21-4.1.1', { email: user.email });
  await holdToHints(ctx, client, request, user);
  const authTime = ctx.tenant.now();
  // On a public instance a link that somebody else made must not sign out who is signed in here.
  const present = ctx.tenant.isPublic ? await loginOf(ctx.tenant, ctx.browser.id) : null;
  return { user, authTime, sid: present === null ? await rememberLogin(ctx, user, authTime) : undefined };
}

/** The user who is signed in in this browser, else a new one. The approval satisfies `prompt=login` and `max_age`. */
async function asSignedIn(ctx: Context, client: ClientRecord, request: AuthorizationRequest): Promise<Approver> {
  const login = await loginOf(ctx.tenant, ctx.browser.id);
  const named = ctx.tenant.config['consent.approver'];
  if (login === null && EMAIL_ADDRESS.test(named))
    return queuedApprover(ctx, client, request, { decision: 'approve', user: named });
  if (login === null) return invented(ctx, client, request);
  const { user, session } = login;
  await holdToHints(ctx, client, request, user);
  if (loginSuffices(ctx.tenant, request, login)) return { user, authTime: session.authTime, sid: session.id };
  const authTime = ctx.tenant.now();
  return { user, authTime, sid: await rememberLogin(ctx, user, authTime) };
}
