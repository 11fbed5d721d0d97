import { describe, expect, it } from 'vitest';
import { access, device, fresh, grant, NOW, type Opened, race, refresh } from './fixtures.ts';

export function deviceContract(store: Opened): void {
  describe('device codes', () => {
    it('are found by user code until they end', async () => {
      const tenant = fresh(store());
      const record = device({ userCode: 'WDJBMJHT' });
      await tenant.createDevice(record);
      expect(await tenant.findDeviceByUserCode('WDJBMJHT', NOW)).toEqual(record);
      expect(await tenant.findDeviceByUserCode('WDJBMJHT', record.expiresAt)).toBeNull();
      expect(await tenant.findDeviceByUserCode('XXXXXXXX', NOW)).toBeNull();
    });

    it('hold polls to the interval, and widen it by five seconds each time', async () => {
      const tenant = fresh(store());
      const record = device();
      await tenant.createDevice(record);
      const poll = async (at: number) => {
        const answer = await tenant.pollDevice(record.hash, at);
        return answer.outcome === 'unknown'
          ? answer.outcome
          : [answer.outcome, answer.device.interval, answer.device.polls];
      };
      expect(await poll(NOW)).toEqual(['pending', 5, 1]);
      expect(await poll(NOW + 4999)).toEqual(['too-fast', 10, 2]);
      expect(await poll(NOW + 14_998)).toEqual(['too-fast', 15, 3]);
      expect(await poll(NOW + 29_998)).toEqual(['pending', 15, 4]);
      expect(await poll(record.expiresAt)).toEqual(['expired', 15, 5]);
      expect(await tenant.pollDevice('nothing', NOW)).toEqual({ outcome: 'unknown' });
    });

    it('are decided once', async () => {
      const tenant = fresh(store());
      const record = device();
      await tenant.createDevice(record);
      const decisions = await race(
        20,
        (index) => tenant.decideDevice({ userCode: record.userCode, now: NOW, grant: index % 2 ? grant() : null }),
        String,
      );
      expect(decisions).toEqual({ true: 1, false: 19 });
      expect((await tenant.listGrants({ limit: 9 })).length).toBeLessThanOrEqual(1);
      const late = device();
      await tenant.createDevice(late);
      expect(await tenant.decideDevice({ userCode: late.userCode, now: late.expiresAt, grant: grant() })).toBe(false);
    });

    it('are traded once for tokens when approved', async () => {
      const tenant = fresh(store());
      const record = device();
      const made = grant();
      await tenant.createDevice(record);
      const redeem = () =>
        tenant.redeemDevice({ hash: record.hash, now: NOW + 1, access: access(made.id), refresh: refresh(made.id) });
      expect(await redeem()).toBe(false);
      expect(await tenant.pollDevice(record.hash, NOW)).toMatchObject({ outcome: 'pending' });
      expect(await tenant.decideDevice({ userCode: record.userCode, now: NOW, grant: made })).toBe(true);
      expect(await tenant.pollDevice(record.hash, NOW + 1)).toMatchObject({
        outcome: 'approved',
        device: { grantId: made.id },
      });
      expect(await race(100, redeem, String)).toEqual({ true: 1, false: 99 });
      expect(await tenant.listRefreshTokens(made.id)).toHaveLength(1);
      expect(await tenant.pollDevice(record.hash, NOW + 2)).toMatchObject({ outcome: 'redeemed' });
    });

    it('say that they were denied, and give nothing when the grant was revoked', async () => {
      const tenant = fresh(store());
      const denied = device();
      await tenant.createDevice(denied);
      await tenant.decideDevice({ userCode: denied.userCode, now: NOW, grant: null });
      expect(await tenant.pollDevice(denied.hash, NOW)).toMatchObject({ outcome: 'denied' });
      const revoked = device();
      const made = grant();
      await tenant.createDevice(revoked);
      await tenant.decideDevice({ userCode: revoked.userCode, now: NOW, grant: made });
      await tenant.revokeGrant(made.id, 'reason', NOW);
      expect(await tenant.redeemDevice({ hash: revoked.hash, now: NOW, access: access(made.id), refresh: null })).toBe(
        false,
      );
    });
  });
}

export function onceContract(store: Opened): void {
  describe('what may come once', () => {
    it('pushed requests are looked at often and taken once', async () => {
      const tenant = fresh(store());
      const record = { hash: 'reference', clientId: 'client', request: { scope: 'read' }, expiresAt: NOW + 90_000 };
      await tenant.createPushedRequest(record);
      expect(await tenant.getPushedRequest('reference', NOW)).toEqual(record);
      expect(await tenant.getPushedRequest('reference', record.expiresAt)).toBeNull();
      expect(await tenant.takePushedRequest('reference', record.expiresAt)).toBeNull();
      expect(
        await race(
          50,
          () => tenant.takePushedRequest('reference', NOW),
          (answer) => String(answer !== null),
        ),
      ).toEqual({ true: 1, false: 49 });
    });

    it('an identifier is new once until its end, and then again', async () => {
      const tenant = fresh(store());
      expect(await race(100, () => tenant.rememberOnce('jti', NOW + 1000, NOW), String)).toEqual({
        true: 1,
        false: 99,
      });
      expect(await tenant.rememberOnce('jti', NOW + 5000, NOW + 999)).toBe(false);
      expect(await tenant.rememberOnce('jti', NOW + 5000, NOW + 1000)).toBe(true);
      expect(await tenant.rememberOnce('jti', NOW + 9000, NOW + 1001)).toBe(false);
      expect(await tenant.rememberOnce('other', NOW + 1, NOW)).toBe(true);
    });

    it('counts give each its own number', async () => {
      const tenant = fresh(store());
      const counts = await Promise.all(Array.from({ length: 100 }, () => tenant.count('name')));
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      expect(await tenant.count('other')).toBe(1);
      expect(await tenant.count('clients')).toBe(1);
      await tenant.count('other:1');
      await tenant.clearCounts('other');
      expect([await tenant.count('other'), await tenant.count('other:1'), await tenant.count('name')]).toEqual([
        1, 1, 101,
      ]);
    });
  });
}
