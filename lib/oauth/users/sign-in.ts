/** Signing in with an e-mail address and a password. An unknown user is created. */
import { EMAIL_ADDRESS } from '#lib/config/values.ts';
import type { Context, Tenant } from '../context.ts';
import { requesterOf } from '../requester.ts';
import type { UserRecord } from '#lib/store/store.ts';
import { newSubject } from './invent.ts';

export type SignIn =
  | { readonly ok: true; readonly user: UserRecord; readonly created: boolean }
  /**
   * `credentials`: not an address, or no password. `password`: the address is known and the password is not its own.
   */
  | { readonly ok: false; readonly problem: 'credentials' | 'password' };

const MAX_PASSWORD = 1024;

/** Whether this can be an e-mail address and a password at all. */
export function plausible(email: string, password: string): boolean {
  return EMAIL_ADDRESS.test(email) && password.length > 0 && password.length <= MAX_PASSWORD;
}

/**
 * Signs the user in, or creates and keeps them at first sight. Of two that come at once with the same
 * new address, one creates the user and the other is held to that password.
 *
 * @param email compared without regard to case
 * @throws LimitError with more users than a sandbox may hold
 */
export async function signIn(ctx: Context, email: string, password: string): Promise<SignIn> {
  if (!plausible(email, password)) return { ok: false, problem: 'credentials' };
  const { tenant } = ctx;
  const { store, passwords } = tenant;
  const now = tenant.now();
  let user = await store.findUser(email);
  if (!user) {
    const fresh = newUser(tenant, email, await passwords.hash(password));
    const outcome = await store.createUserIfNone(fresh, requesterOf(ctx));
    if (outcome.created) return { ok: true, user: outcome.user, created: true };
    user = outcome.user;
  }
  if (user.passwordHash === null || !(await passwords.verify(password, user.passwordHash)))
    return { ok: false, problem: 'password' };
  await store.touchUser(user.sub, now);
  return { ok: true, user, created: false };
}

/**
 * The user with this address, made without a password if there is none: for decisions of the sandbox's owner, who
 * needs no proof.
 * @throws LimitError with more users than a sandbox may hold
 */
export async function namedUser(ctx: Context, email: string): Promise<UserRecord> {
  const { tenant } = ctx;
  const known = await tenant.store.findUser(email);
  if (known) return known;
  return (await tenant.store.createUserIfNone(newUser(tenant, email, null), requesterOf(ctx))).user;
}

function newUser(tenant: Tenant, email: string, passwordHash: string | null): UserRecord {
  const now = tenant.now();
  return {
    sub: newSubject(tenant),
    email,
    passwordHash,
    claims: { name: email.slice(0, email.indexOf('@')), preferred_username: email, email_verified: false },
    temporary: false,
    createdAt: now,
    lastUsedAt: now,
  };
}
