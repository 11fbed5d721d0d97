import { describe, expect, it } from 'vitest';
import type { Store } from '../store.ts';
import { SANDBOX_GRACE } from '../sweep.ts';
import {
  access,
  client,
  code,
  DAY,
  device,
  fresh,
  grant,
  interaction,
  NOW,
  type Opened,
  refresh,
  sandbox,
  times,
  user,
} from './fixtures.ts';

/** Sweeps until nothing is left, and says in what batches. */
async function sweepAll(
  store: Store,
  wall: number,
  limit: number,
  options?: Parameters<Store['sweep']>[2],
): Promise<number[]> {
  const batches: number[] = [];
  for (;;) {
    const swept = await store.sweep(wall, limit, options);
    batches.push(swept);
    if (swept < limit) return batches;
  }
}

export function sweepContract(store: Opened): void {
  describe('the sweep', () => {
    it('deletes in batches what ended: tokens a day after, what is read only until its end sooner', async () => {
      // First what other tests left behind.
      await sweepAll(store(), NOW + 2 * DAY, 5000);
      const end = NOW + 1000;
      const tenant = fresh(store());
      await times(25, (index) => tenant.saveAccessToken(access(null, { id: `token-${index}`, expiresAt: end })));
      await tenant.createInteraction(interaction({ id: 'interaction', expiresAt: end }));
      await tenant.createDevice(device({ hash: 'device', expiresAt: end }));
      await tenant.createPushedRequest({ hash: 'pushed', clientId: 'client', request: {}, expiresAt: end });
      await tenant.rememberOnce('jti', end, NOW);
      await tenant.putSession({ id: 'sid', browserHash: 'browser', sub: 'user', authTime: NOW, expiresAt: end });
      await tenant.saveAccessToken(access(null, { id: 'lasting', expiresAt: null }));
      expect(await sweepAll(store(), end + 600_000, 10)).toEqual([0]);
      expect(await sweepAll(store(), end + DAY, 10)).toEqual([4]);
      expect(await tenant.getAccessToken('token-0')).not.toBeNull();
      expect(await sweepAll(store(), end + DAY + 1, 10)).toEqual([10, 10, 6]);
      expect(await tenant.getAccessToken('token-0')).toBeNull();
      expect(await tenant.getAccessToken('lasting')).not.toBeNull();
      expect(await tenant.getInteraction('interaction', end - 1)).toBeNull();
      expect(await tenant.getSession('browser', end - 1)).toBeNull();
    });

    it('takes a grant when nothing that hangs on it lives, with codes, tokens, made-up user and notes', async () => {
      const tenant = fresh(store());
      const [made, other] = [grant({ sub: 'made-up' }), grant({ sub: 'kept' })];
      const issued = code(made.id);
      await tenant.createUser(user({ sub: 'made-up', temporary: true }));
      await tenant.createUser(user({ sub: 'kept' }));
      await tenant.addNote({ id: 'note', sub: 'made-up', text: '', createdAt: NOW });
      await tenant.createGrantWithCode(made, issued);
      const family = refresh(made.id, { expiresAt: NOW + 10 * DAY });
      await tenant.redeemCode({ hash: issued.hash, now: NOW, access: access(made.id), refresh: family });
      await tenant.createGrant(other);

      await sweepAll(store(), NOW + 10 * DAY, 100);
      expect(await tenant.findCode(issued.hash)).not.toBeNull();
      expect(
        await tenant.redeemCode({ hash: issued.hash, now: NOW + 9 * DAY, access: access(made.id), refresh: null }),
      ).toEqual({ outcome: 'spent' });
      expect(await tenant.getUser('made-up')).not.toBeNull();
      await sweepAll(store(), NOW + 12 * DAY, 100);
      expect(await tenant.getGrant(made.id)).toBeNull();
      expect(await tenant.findCode(issued.hash)).toBeNull();
      expect(await tenant.listRefreshTokens(made.id)).toEqual([]);
      expect(await tenant.getUser('made-up')).toBeNull();
      expect(await tenant.listNotes('made-up')).toEqual([]);
      expect(await tenant.getUser('kept')).not.toBeNull();
    });

    it('leaves a sandbox alone whose clock is set back or stands still', async () => {
      const clocks = {
        late: { offset: -30 * DAY, frozenAt: null },
        frozen: { offset: 0, frozenAt: NOW },
        early: { offset: DAY, frozenAt: null },
      };
      for (const [name, clock] of Object.entries(clocks)) {
        const record = sandbox({ clock, ttl: null, expiresAt: null });
        await store().createSandbox(record);
        const scopes = [store().tenant(record.id), store().tenant(`${record.id}/as2`)];
        for (const scope of scopes) await scope.saveAccessToken(access(null, { id: 'token', expiresAt: NOW + 1 }));
        await sweepAll(store(), NOW + 20 * DAY, 100);
        for (const scope of scopes) expect.soft((await scope.getAccessToken('token')) !== null).toBe(name !== 'early');
        await store().deleteSandbox(record.id, NOW);
      }
    });

    it('takes expired sandboxes, in batches, with what is in them', async () => {
      await sweepAll(store(), NOW + 30 * DAY, 5000);
      const record = sandbox({ createdAt: NOW + 30 * DAY, expiresAt: NOW + 31 * DAY });
      const lasting = sandbox({ ttl: null, expiresAt: null });
      const deleted = sandbox({ createdAt: NOW + 30 * DAY, expiresAt: NOW + 31 * DAY });
      for (const one of [record, lasting, deleted]) await store().createSandbox(one);
      await store().deleteSandbox(deleted.id, NOW + 30 * DAY);
      const [tenant, further] = [store().tenant(record.id), store().tenant(`${record.id}/idp`)];
      await times(25, () => tenant.createClient(client()));
      await further.createClient(client());
      const end = NOW + 31 * DAY + SANDBOX_GRACE;
      await sweepAll(store(), NOW + 30 * DAY + SANDBOX_GRACE, 10);
      expect(await store().sweep(end - 1, 10)).toBe(0);
      const expired: string[] = [];
      const batches = await sweepAll(store(), end, 10, { onExpired: (id) => expired.push(id) });
      expect(expired).toEqual([record.id]);
      expect(batches.slice(0, 2)).toEqual([10, 10]);
      expect(await store().getSandbox(record.id)).toBeNull();
      expect(await tenant.listClients({ limit: 9 })).toEqual([]);
      expect(await further.listClients({ limit: 9 })).toEqual([]);
      expect(await store().getSandbox(lasting.id)).toEqual(lasting);
      await store().deleteSandbox(lasting.id, NOW);
    });

    it('takes idle users of the root only where told to', async () => {
      const tenant = store().tenant('default');
      const [idle, used, granted] = [user(), user({ lastUsedAt: NOW + 40 * DAY }), user()];
      for (const record of [idle, used, granted]) await tenant.createUser(record);
      const made = grant({ sub: granted.sub });
      await tenant.saveTokens({ grant: made, access: access(made.id, { expiresAt: NOW + 90 * DAY }) });
      await sweepAll(store(), NOW + 60 * DAY, 100);
      expect(await tenant.getUser(idle.sub)).not.toBeNull();
      await sweepAll(store(), NOW + 60 * DAY, 100, { idleUsersBefore: NOW + 30 * DAY });
      expect(await tenant.getUser(idle.sub)).toBeNull();
      expect(await tenant.getUser(used.sub)).not.toBeNull();
      expect(await tenant.getUser(granted.sub)).not.toBeNull();
      await store().resetSandbox('default');
    });
  });
}
