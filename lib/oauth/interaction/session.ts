/** A login of one browser at one sandbox, so that a second visit knows the user. */
import type { SessionRecord, UserRecord } from '#lib/store/store.ts';
import type { Context, Tenant } from '../context.ts';
import { sha256 } from '../hash.ts';
import { isNavigation } from './navigate.ts';
import type { AuthorizationRequest } from './request.ts';

/** ms of the sandbox's clock that a login lasts. */
const LIFETIME = 24 * 60 * 60 * 1000;

export interface Login {
  readonly session: SessionRecord;
  readonly user: UserRecord;
}

/** Who is signed in with this browser, or null. @param browserId the cookie's value */
export async function loginOf(tenant: Tenant, browserId: string | null): Promise<Login | null> {
  if (browserId === null) return null;
  const session = await tenant.store.getSession(sha256(browserId), tenant.now());
  const user = session && (await tenant.store.getUser(session.sub));
  return session && user ? { session, user } : null;
}

/**
 * Remembers that the user has just proved who they are. The browser gets a new cookie, so that a value that somebody
 * else knows or has set names no login (session fixation); what was bound to the old value goes along. A client that
 * keeps no cookie is not remembered: it could not come back.
 * @param authTime ms: when it was proved; a later visit tells the same `auth_time` as this one
 * @returns the session id, for `sid`; undefined if there is no session
 */
export async function rememberLogin(ctx: Context, user: UserRecord, authTime: number): Promise<string | undefined> {
  const { tenant, browser, request } = ctx;
  if (browser.id === null && !isNavigation(request.headers)) return undefined;
  const now = tenant.now();
  const id = tenant.random(16);
  const before = browser.id;
  const browserHash = sha256(browser.renew());
  if (before !== null) await tenant.store.renameBrowser(sha256(before), browserHash);
  await tenant.store.putSession({
    id,
    browserHash,
    sub: user.sub,
    authTime,
    expiresAt: now + LIFETIME,
  });
  return id;
}

/**
 * Whether a login is good enough for a request: not too old for `max_age`, and not one that `prompt=login` sets aside.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export function loginSuffices(tenant: Tenant, request: AuthorizationRequest, login: Login): boolean {
  if (request.prompt.includes('login')) return false;
  return request.maxAge === undefined || tenant.now() - login.session.authTime <= request.maxAge * 1000;
}
