import { describe, expect, it } from 'vitest';
import type { ReportRecord } from '../store.ts';
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

    it('have what is for always behind all that is not', async () => {
      const tenant = fresh(store());
      await tenant.enqueue('consent', { decision: 'deny' }, Number.MAX_SAFE_INTEGER);
      await tenant.enqueue('consent', { decision: 'approve' }, 1);
      expect((await tenant.listQueued('consent')).map(({ item }) => item.decision)).toEqual(['approve', 'deny']);
      const taken = [];
      for (let i = 0; i < 3; i += 1) taken.push((await tenant.takeQueued('consent'))?.decision);
      expect(taken).toEqual(['approve', 'deny', 'deny']);
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
      await store().createPlan({ ...plan, id: 'plan/conforming', data: {} });
      const listed = await store().listPlans(NOW, { offset: 0, limit: 10 });
      expect(listed.map(({ id, version }) => [id, version])).toEqual([['plan', 2]]);
      expect(await store().listPlans(NOW + DAY, { offset: 0, limit: 10 })).toEqual([]);
      await store().sweep(NOW + DAY, 1000);
      expect(await store().getPlan('plan')).not.toBeNull();
      await store().sweep(NOW + DAY + 1, 1000);
      expect(await store().getPlan('plan')).toBeNull();
      expect(await store().deletePlan('plan')).toBe(false);
    });
  });

  describe('kept reports', () => {
    const report = (id: string, change: Partial<ReportRecord> = {}): ReportRecord => ({
      id,
      sandboxId: 'kept',
      addressHash: 'address',
      controlTokenHash: 'control',
      deleteTokenHash: 'delete',
      data: { report: 1 },
      createdAt: NOW,
      expiresAt: NOW + DAY,
      ...change,
    });

    it('are read until they end, and deleted', async () => {
      await store().keepReport(report('one'));
      expect(await store().getReport('one', NOW)).toEqual(report('one'));
      expect(await store().getReport('one', NOW + DAY)).toBeNull();
      expect(await store().deleteReport('one')).toBe(true);
      expect(await store().deleteReport('one')).toBe(false);
      await store().keepReport(report('two'));
      await store().sweep(NOW + DAY + 1, 1000);
      expect(await store().getReport('two', NOW)).toBeNull();
    });

    it('are bounded by sandbox, by address and in size', async () => {
      for (let i = 0; i < 20; i += 1) await store().keepReport(report(`many-${i}`, { sandboxId: 'many' }));
      await expect(store().keepReport(report('more', { sandboxId: 'many' }))).rejects.toThrow(/20 kept reports/);
      for (let i = 0; i < 180; i += 1)
        await store().keepReport(report(`wide-${i}`, { sandboxId: `wide-${i}`, addressHash: 'address' }));
      await expect(store().keepReport(report('wider', { sandboxId: 'wider' }))).rejects.toThrow(/200 kept reports/);
      const large = report('large', {
        sandboxId: 'large',
        addressHash: 'other',
        data: { text: 'x'.repeat(1024 * 1024) },
      });
      await expect(store().keepReport(large)).rejects.toThrow(/bytes/);
      for (let i = 0; i < 20; i += 1) await store().deleteReport(`many-${i}`);
      for (let i = 0; i < 180; i += 1) await store().deleteReport(`wide-${i}`);
    });
  });
}
