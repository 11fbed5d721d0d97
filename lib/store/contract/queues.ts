import { describe, expect, it } from 'vitest';
import { DAY, fresh, NOW, type Opened } from './fixtures.ts';

export function queueContract(store: Opened): void {
  describe('queues', () => {
    it('give each taker its own item, first in, first out', async () => {
      const tenant = fresh(store());
      await tenant.enqueue('consent', { decision: 'deny' }, 1);
      await tenant.enqueue('consent', { decision: 'approve' }, 2);
      await tenant.enqueue('tokens', { access_token: 'other' }, 1);
      expect(await tenant.listQueued('consent')).toEqual([
        { item: { decision: 'deny' }, remaining: 1 },
        { item: { decision: 'approve' }, remaining: 2 },
      ]);
      const taken = await Promise.all(Array.from({ length: 5 }, () => tenant.takeQueued('consent')));
      expect(taken.map((item) => item?.decision ?? null).sort()).toEqual(['approve', 'approve', 'deny', null, null]);
      expect(await tenant.listQueued('tokens')).toHaveLength(1);
      expect(await tenant.clearQueued('tokens')).toBe(1);
      expect(await tenant.takeQueued('tokens')).toBeNull();
    });

    it('are bounded', async () => {
      const tenant = fresh(store());
      for (let i = 0; i < 1000; i += 1) await tenant.enqueue('consent', {}, 1);
      await expect(tenant.enqueue('consent', {}, 1)).rejects.toThrow('Limit reached: 1000 queued consent per sandbox.');
    });
  });

  describe('plans', () => {
    const plan = {
      id: 'plan',
      controlTokenHash: 'hash',
      data: { items: [] },
      createdAt: NOW,
      expiresAt: NOW + DAY,
      version: 1,
    };

    it('are changed by the version that was read, and swept when they end', async () => {
      await store().createPlan(plan);
      expect(await store().getPlan('plan')).toEqual(plan);
      expect(await store().updatePlan('plan', { items: [1] }, 1)).toEqual({
        ...plan,
        data: { items: [1] },
        version: 2,
      });
      expect(await store().updatePlan('plan', { items: [2] }, 1)).toBeNull();
      await store().sweep(NOW + DAY, 1000);
      expect(await store().getPlan('plan')).not.toBeNull();
      await store().sweep(NOW + DAY + 1, 1000);
      expect(await store().getPlan('plan')).toBeNull();
      expect(await store().deletePlan('plan')).toBe(false);
    });
  });
}
