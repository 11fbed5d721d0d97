/** Users that the owner of a sandbox makes. */
import type { UserSeed } from '#lib/config/seed.ts';
import type { UserRecord } from '#lib/store/store.ts';
import type { SeedTarget } from './target.ts';

/** Makes or replaces a user. */
export async function saveUser(target: SeedTarget, user: UserSeed): Promise<UserRecord> {
  const present = await target.store.findUser(user.email);
  const record: UserRecord = {
    sub: present?.sub ?? user.sub ?? `u_${target.random(16)}`,
    email: user.email,
    passwordHash:
      user.password === undefined
        ? (present?.passwordHash ?? (await target.passwords.hash(target.random(32))))
        : await target.passwords.hash(user.password),
    claims: user.claims ?? present?.claims ?? {},
    temporary: false,
    createdAt: present?.createdAt ?? target.now,
    lastUsedAt: target.now,
  };
  if (present) await target.store.putUser(record);
  else await target.store.createUser(record);
  return record;
}
