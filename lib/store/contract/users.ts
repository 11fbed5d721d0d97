import { describe, expect, it } from 'vitest';
import { ConflictError } from '../store.ts';
import { fresh, interaction, NOW, type Opened, race, user } from './fixtures.ts';

export function userContract(store: Opened): void {
  describe('users and sessions', () => {
    it('finds users by subject, and by e-mail address without regard to case', async () => {
      const tenant = fresh(store());
      const record = user({ email: 'Ada@Example.org', passwordHash: 'hash', claims: { name: 'Ada' } });
      await tenant.createUser(record);
      expect(await tenant.getUser(record.sub)).toEqual(record);
      expect(await tenant.findUser('aDA@eXAMPLE.ORG')).toEqual(record);
      expect(await tenant.findUser('ada')).toBeNull();
      await tenant.createUser(user({ email: 'guest@example.org' }));
      expect(await tenant.findUser('guest@example.org')).toBeNull();
      await tenant.touchUser(record.sub, NOW + 7);
      expect(await tenant.getUser(record.sub)).toEqual({ ...record, lastUsedAt: NOW + 7 });
    });

    it('lets an e-mail address be taken once', async () => {
      const tenant = fresh(store());
      const answers = await race(
        50,
        (index) =>
          tenant.createUserIfNone(user({ email: index % 2 ? 'a@example.org' : 'A@example.org', passwordHash: 'hash' })),
        (answer) => String(answer.created),
      );
      expect(answers).toEqual({ true: 1, false: 49 });
      const holder = await tenant.findUser('a@example.org');
      const again = await tenant.createUserIfNone(user({ email: 'a@example.org', passwordHash: 'other' }));
      expect(again).toEqual({ user: holder, created: false });
      await expect(tenant.createUser(user({ email: 'a@example.org', passwordHash: 'hash' }))).rejects.toThrow(
        ConflictError,
      );
      await expect(tenant.putUser(user({ email: 'a@example.org', passwordHash: 'hash' }))).rejects.toThrow(
        ConflictError,
      );
      await tenant.putUser({ ...holder!, passwordHash: 'new' });
      expect((await tenant.findUser('a@example.org'))?.passwordHash).toBe('new');
    });

    it('pages by subject', async () => {
      const tenant = fresh(store());
      for (const sub of ['c', 'a', 'b']) await tenant.createUser(user({ sub }));
      expect((await tenant.listUsers({ limit: 2 })).map((record) => record.sub)).toEqual(['a', 'b']);
      expect((await tenant.listUsers({ limit: 2, after: 'b' })).map((record) => record.sub)).toEqual(['c']);
    });

    it('keeps one login a browser, until it ends', async () => {
      const tenant = fresh(store());
      const session = { id: 'sid', browserHash: 'browser', sub: 'user', authTime: NOW, expiresAt: NOW + 100 };
      await tenant.putSession({ ...session, sub: 'before' });
      await tenant.putSession(session);
      expect(await tenant.getSession('browser', NOW + 99)).toEqual(session);
      expect(await tenant.getSession('browser', NOW + 100)).toBeNull();
      expect(await tenant.getSession('another', NOW)).toBeNull();
      expect(await tenant.deleteSession('browser')).toBe(true);
      expect(await tenant.deleteSession('browser')).toBe(false);
      expect(await tenant.getSession('browser', NOW)).toBeNull();
    });

    it('keeps the logins and open consent pages of a browser that got a new name, at every issuer', async () => {
      const [one, other] = [fresh(store()), fresh(store())];
      const session = { id: 'sid', browserHash: 'renamed', sub: 'user', authTime: NOW, expiresAt: NOW + 100 };
      await one.putSession(session);
      await other.putSession(session);
      await other.putSession({ ...session, browserHash: 'neighbour' });
      await other.createInteraction(interaction({ id: 'open', browserHash: 'renamed' }));
      await one.renameBrowser('renamed', 'new');
      for (const tenant of [one, other]) {
        expect(await tenant.getSession('renamed', NOW)).toBeNull();
        expect((await tenant.getSession('new', NOW))?.id).toBe('sid');
      }
      expect((await other.getSession('neighbour', NOW))?.id).toBe('sid');
      expect((await other.getInteraction('open', NOW))?.browserHash).toBe('new');
    });
  });
}
