import { describe, expect, it } from 'vitest';
import { CLASSES_PER_ADDRESS, MEMBERS_PER_CLASS } from '../class-records.ts';
import type { ClassMember, ClassRecord } from '../store.ts';
import { DAY, NOW, type Opened } from './fixtures.ts';

const made = (id: string, part: Partial<ClassRecord> = {}): ClassRecord => ({
  id,
  controlTokenHash: 'control',
  addressHash: `address of ${id}`,
  data: { track: 'authorization-code' },
  createdAt: NOW,
  expiresAt: NOW + DAY,
  version: 1,
  ...part,
});
const member = (memberHash: string): ClassMember => ({
  memberHash,
  data: { step: 'challenge' },
  joinedAt: NOW,
  seenAt: NOW,
});

export function classContract(opened: Opened): void {
  describe('a class', () => {
    it('is found until its time is over, and its id is given once', async () => {
      const store = opened();
      expect(await store.createClass(made('moss-1'))).toBe(true);
      expect(await store.createClass(made('moss-1'))).toBe(false);
      expect(await store.getClass('moss-1', NOW)).toEqual(made('moss-1'));
      expect(await store.getClass('moss-1', NOW + DAY)).toBeNull();
    });

    it('is changed by whoever knows its version', async () => {
      const store = opened();
      await store.createClass(made('moss-2'));
      expect(await store.updateClass('moss-2', { open: false }, 1)).toMatchObject({ version: 2 });
      expect(await store.updateClass('moss-2', { open: true }, 1)).toBeNull();
    });

    it('knows where each participant is, and forgets who leaves', async () => {
      const store = opened();
      await store.createClass(made('moss-3'));
      expect(await store.joinClass('moss-3', member('a'))).toBe(true);
      expect(await store.joinClass('moss-3', member('b'))).toBe(true);
      expect(await store.joinClass('nowhere', member('a'))).toBe(false);
      expect(await store.putClassMember('moss-3', 'a', { step: 'token' }, NOW + 5)).toBe(true);
      expect(await store.putClassMember('moss-3', 'c', { step: 'token' }, NOW + 5)).toBe(false);
      expect(await store.getClassMember('moss-3', 'a')).toMatchObject({ data: { step: 'token' }, seenAt: NOW + 5 });
      expect(await store.leaveClass('moss-3', 'b')).toBe(true);
      expect((await store.listClassMembers('moss-3')).map((one) => one.memberHash)).toEqual(['a']);
    });

    it('takes no more than fit, even if they come at once', async () => {
      const store = opened();
      await store.createClass(made('moss-4'));
      for (let index = 0; index < MEMBERS_PER_CLASS - 1; index += 1)
        await store.joinClass('moss-4', member(`m${index}`));
      const tries = await Promise.allSettled(['x', 'y', 'z'].map((name) => store.joinClass('moss-4', member(name))));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.listClassMembers('moss-4')).toHaveLength(MEMBERS_PER_CLASS);
    });

    it('is one of so many of an address', async () => {
      const store = opened();
      for (let index = 0; index < CLASSES_PER_ADDRESS; index += 1)
        await store.createClass(made(`many-${index}`, { addressHash: 'one' }));
      await expect(store.createClass(made('many-more', { addressHash: 'one' }))).rejects.toThrow(
        /classes of one address/,
      );
    });

    it('goes with its participants, by its owner or when its time is over', async () => {
      const store = opened();
      await store.createClass(made('moss-5'));
      await store.joinClass('moss-5', member('a'));
      expect(await store.deleteClass('moss-5')).toBe(true);
      expect(await store.listClassMembers('moss-5')).toEqual([]);
      await store.createClass(made('moss-6'));
      await store.joinClass('moss-6', member('a'));
      await store.sweep(NOW + 2 * DAY, 10_000);
      expect(await store.listClassMembers('moss-6')).toEqual([]);
      expect(await store.createClass(made('moss-6'))).toBe(true);
    });
  });
}
