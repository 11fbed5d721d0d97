import { describe, expect, it } from 'vitest';
import type { TenantStore } from '../store.ts';
import { access, code, fresh, grant, interaction, NOW, type Opened, race, refresh } from './fixtures.ts';

async function authorised(tenant: TenantStore) {
  const made = grant();
  const issued = code(made.id);
  await tenant.createGrantWithCode(made, issued);
  return { grant: made, code: issued };
}

export function authorizationContract(store: Opened): void {
  describe('interactions', () => {
    it('can be looked at often and taken once', async () => {
      const tenant = fresh(store());
      const record = interaction();
      await tenant.createInteraction(record);
      expect(await tenant.getInteraction(record.id, NOW)).toEqual(record);
      expect(await tenant.getInteraction(record.id, NOW)).toEqual(record);
      expect(
        await race(
          200,
          () => tenant.takeInteraction(record.id, NOW),
          (answer) => String(answer !== null),
        ),
      ).toEqual({ true: 1, false: 199 });
      expect(await tenant.getInteraction(record.id, NOW)).toBeNull();
    });

    it('end', async () => {
      const tenant = fresh(store());
      const record = interaction();
      await tenant.createInteraction(record);
      expect(await tenant.getInteraction(record.id, record.expiresAt)).toBeNull();
      expect(await tenant.takeInteraction(record.id, record.expiresAt)).toBeNull();
      expect(await tenant.takeInteraction(record.id, record.expiresAt - 1)).toEqual(record);
    });
  });

  describe('codes', () => {
    it('are stored with their grant, all or nothing', async () => {
      const tenant = fresh(store());
      const made = await authorised(tenant);
      expect(await tenant.findCode(made.code.hash)).toEqual(made);
      expect(await tenant.findCode('nothing')).toBeNull();
      const second = grant();
      await expect(tenant.createGrantWithCode(second, { ...made.code, grantId: second.id })).rejects.toThrow();
      expect(await tenant.getGrant(second.id)).toBeNull();
    });

    it('are redeemed for tokens', async () => {
      const tenant = fresh(store());
      const made = await authorised(tenant);
      const [token, next] = [access(made.grant.id), refresh(made.grant.id)];
      expect(await tenant.redeemCode({ hash: made.code.hash, now: NOW + 1, access: token, refresh: next })).toEqual({
        outcome: 'redeemed',
      });
      expect(await tenant.getAccessToken(token.id)).toEqual({ token, grant: made.grant });
      expect(await tenant.findRefreshToken(next.hash)).toEqual({ token: next, grant: made.grant });
      expect((await tenant.findCode(made.code.hash))?.code.spentAt).toBe(NOW + 1);
    });

    it('are redeemed once, and every further redemption ends what the first gave', async () => {
      const tenant = fresh(store());
      const made = await authorised(tenant);
      const outcomes = await race(
        200,
        () =>
          tenant.redeemCode({
            hash: made.code.hash,
            now: NOW + 1,
            access: access(made.grant.id),
            refresh: refresh(made.grant.id),
          }),
        (answer) => answer.outcome,
      );
      expect(outcomes).toEqual({ redeemed: 1, spent: 199 });
      expect(await tenant.getGrant(made.grant.id)).toEqual({
        ...made.grant,
        revokedAt: NOW + 1,
        revokedBy: 'code-spent',
      });
      expect(await tenant.listRefreshTokens(made.grant.id)).toHaveLength(1);
    });

    it('are refused when expired, revoked or unknown, and are not spent by it', async () => {
      const tenant = fresh(store());
      const made = await authorised(tenant);
      const redeem = (hash: string, now: number) =>
        tenant.redeemCode({ hash, now, access: access(made.grant.id), refresh: null });
      expect(await redeem('nothing', NOW)).toEqual({ outcome: 'unknown' });
      expect(await redeem(made.code.hash, made.code.expiresAt)).toEqual({ outcome: 'expired' });
      expect(await redeem(made.code.hash, made.code.expiresAt - 1)).toEqual({ outcome: 'redeemed' });
      expect(await redeem(made.code.hash, made.code.expiresAt + 1e6)).toEqual({ outcome: 'spent' });
      expect((await tenant.getGrant(made.grant.id))?.revokedBy).toBe('code-spent');

      const second = await authorised(tenant);
      await tenant.revokeGrant(second.grant.id, 'by-owner', NOW);
      expect(await redeem(second.code.hash, NOW)).toEqual({ outcome: 'revoked' });
    });
  });

  describe('grants', () => {
    it('are revoked once, by one reason', async () => {
      const tenant = fresh(store());
      const made = grant();
      await tenant.createGrant(made);
      expect(await race(50, (index) => tenant.revokeGrant(made.id, `reason-${index}`, NOW), String)).toEqual({
        true: 1,
        false: 49,
      });
      expect((await tenant.getGrant(made.id))?.revokedBy).toMatch(/^reason-/);
      expect(await tenant.revokeGrant('nothing', 'reason', NOW)).toBe(false);
    });

    it('are listed newest first', async () => {
      const tenant = fresh(store());
      const made = [1, 2, 3].map((index) => grant({ createdAt: NOW + index }));
      for (const record of made) await tenant.createGrant(record);
      expect(await tenant.listGrants({ limit: 2 })).toEqual([made[2], made[1]]);
      expect(await tenant.listGrants({ limit: 2, before: NOW + 2 })).toEqual([made[0]]);
    });
  });
}
