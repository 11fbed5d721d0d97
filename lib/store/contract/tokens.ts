import { describe, expect, it } from 'vitest';
import type { RefreshTokenRecord, TenantStore } from '../store.ts';
import { access, DAY, fresh, grant, NOW, type Opened, race, refresh } from './fixtures.ts';

async function family(tenant: TenantStore) {
  const made = grant();
  const first = refresh(made.id);
  await tenant.saveTokens({ grant: made, access: access(made.id), refresh: first });
  return { grant: made, first };
}

const successorOf = (token: RefreshTokenRecord, change: Partial<RefreshTokenRecord> = {}) =>
  refresh(token.grantId, {
    hash: `${token.hash}+`,
    generation: token.generation + 1,
    parentHash: token.hash,
    ...change,
  });

type Input = Parameters<TenantStore['rotateRefreshToken']>[0];
const rotation = (token: RefreshTokenRecord, change: Partial<Input> = {}): Input => ({
  hash: token.hash,
  now: NOW + 1000,
  successor: successorOf(token),
  access: access(token.grantId),
  reuse: 'revoke-family',
  grace: 0,
  idleUntil: NOW + DAY,
  reason: 'refresh-reused',
  ...change,
});

export function tokenContract(store: Opened): void {
  describe('access tokens', () => {
    it('end all at once, in one scope', async () => {
      const [tenant, other] = [fresh(store()), fresh(store())];
      const made = [access(null), access(null, { expiresAt: null }), access(null, { expiresAt: NOW - 5 })];
      for (const token of made) await tenant.saveAccessToken(token);
      const elsewhere = access(null);
      await other.saveAccessToken(elsewhere);
      const ends = async () => Promise.all(made.map(async ({ id }) => (await tenant.getAccessToken(id))?.token));
      await tenant.endAccessTokens('expire', NOW + 7);
      expect((await ends()).map((token) => token?.expiresAt)).toEqual([NOW + 7, NOW + 7, NOW - 5]);
      await tenant.endAccessTokens('revoke', NOW + 8);
      expect((await ends()).map((token) => token?.revokedAt)).toEqual([NOW + 8, NOW + 8, NOW + 8]);
      expect(await other.getAccessToken(elsewhere.id)).toEqual({ token: elsewhere, grant: null });
    });

    it('are found with their grant, and revoked once', async () => {
      const tenant = fresh(store());
      const alone = access(null, { jkt: 'thumbprint', expiresAt: null, sub: null });
      await tenant.saveAccessToken(alone);
      expect(await tenant.getAccessToken(alone.id)).toEqual({ token: alone, grant: null });
      expect(await tenant.getAccessToken('nothing')).toBeNull();
      expect(await race(20, () => tenant.revokeAccessToken(alone.id, NOW + 3), String)).toEqual({ true: 1, false: 19 });
      expect((await tenant.getAccessToken(alone.id))?.token.revokedAt).toBe(NOW + 3);

      const made = grant();
      await tenant.createGrant(made);
      const hung = access(made.id);
      await tenant.saveAccessToken(hung);
      await tenant.revokeGrant(made.id, 'reason', NOW + 4);
      expect(await tenant.getAccessToken(hung.id)).toEqual({
        token: hung,
        grant: { ...made, revokedAt: NOW + 4, revokedBy: 'reason' },
      });
    });

    it('are stored with their grant and refresh token, all or nothing', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      expect((await tenant.findRefreshToken(first.hash))?.grant).toEqual(made);
      const second = grant();
      const token = access(second.id);
      await tenant.saveAccessToken({ ...token, grantId: null });
      await expect(tenant.saveTokens({ grant: second, access: token })).rejects.toThrow();
      expect(await tenant.getGrant(second.id)).toBeNull();
    });
  });

  describe('refresh tokens', () => {
    it('are rotated', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      const input = rotation(first);
      expect(await tenant.rotateRefreshToken(input)).toEqual({ outcome: 'rotated' });
      expect(await tenant.listRefreshTokens(made.id)).toEqual([{ ...first, usedAt: NOW + 1000 }, input.successor]);
      expect((await tenant.getAccessToken(input.access.id))?.grant).toEqual(made);
    });

    it('are rotated once: the others end the family', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      const outcomes = await race(
        200,
        () => tenant.rotateRefreshToken(rotation(first)),
        (answer) => answer.outcome,
      );
      expect(outcomes).toEqual({ rotated: 1, 'family-revoked': 1, revoked: 198 });
      expect(await tenant.getGrant(made.id)).toEqual({ ...made, revokedAt: NOW + 1000, revokedBy: 'refresh-reused' });
      expect(await tenant.listRefreshTokens(made.id)).toHaveLength(2);
    });

    it('are answered once more within the grace, while the successor is unused', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      const graceful = (change: Partial<Input> = {}) => rotation(first, { grace: 30_000, ...change });
      const outcomes = await race(
        200,
        () => tenant.rotateRefreshToken(graceful()),
        (answer) => answer.outcome,
      );
      expect(outcomes).toEqual({ rotated: 1, repeated: 199 });
      expect(await tenant.listRefreshTokens(made.id)).toHaveLength(2);
      expect(await tenant.rotateRefreshToken(graceful({ now: NOW + 31_000 }))).toEqual({ outcome: 'repeated' });
      const stranger = successorOf(first, { hash: 'another' });
      expect(await tenant.rotateRefreshToken(graceful({ successor: stranger, reuse: 'reject' }))).toEqual({
        outcome: 'spent',
      });
      expect(await tenant.rotateRefreshToken(graceful({ now: NOW + 31_001, reuse: 'reject' }))).toEqual({
        outcome: 'spent',
      });
      const second = successorOf(first);
      expect(await tenant.rotateRefreshToken(rotation(second))).toEqual({ outcome: 'rotated' });
      expect(await tenant.rotateRefreshToken(graceful())).toEqual({ outcome: 'family-revoked' });
      expect(await tenant.rotateRefreshToken(rotation(successorOf(second)))).toEqual({ outcome: 'revoked' });
    });

    it('are only refused where that is the rule', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      const outcomes = await race(
        50,
        () => tenant.rotateRefreshToken(rotation(first, { reuse: 'reject' })),
        (answer) => answer.outcome,
      );
      expect(outcomes).toEqual({ rotated: 1, spent: 49 });
      expect((await tenant.getGrant(made.id))?.revokedAt).toBeNull();
    });

    it('are accepted again where that is the rule, and the successor stands as it was', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      const outcomes = await race(
        50,
        () => tenant.rotateRefreshToken(rotation(first, { reuse: 'accept' })),
        (answer) => answer.outcome,
      );
      expect(outcomes).toEqual({ rotated: 50 });
      const other = successorOf(first, { hash: 'other' });
      expect(
        await tenant.rotateRefreshToken(rotation(first, { reuse: 'accept', now: NOW + 9999, successor: other })),
      ).toEqual({ outcome: 'rotated' });
      const tokens = await tenant.listRefreshTokens(made.id);
      expect(tokens.map((token) => token.usedAt)).toEqual([NOW + 1000, null, null]);
    });

    it('go on without a successor, and their idle end moves', async () => {
      const tenant = fresh(store());
      const { first } = await family(tenant);
      expect(await tenant.rotateRefreshToken(rotation(first, { successor: null, idleUntil: NOW + 5 * DAY }))).toEqual({
        outcome: 'rotated',
      });
      expect((await tenant.findRefreshToken(first.hash))?.token).toEqual({ ...first, expiresAt: NOW + 5 * DAY });
      expect(await tenant.rotateRefreshToken(rotation(first, { successor: null, now: NOW + 5 * DAY }))).toEqual({
        outcome: 'expired',
      });
    });

    it('are refused when expired, revoked or unknown; a used one is a used one even after its end', async () => {
      const tenant = fresh(store());
      const { grant: made, first } = await family(tenant);
      expect(await tenant.rotateRefreshToken(rotation(refresh(made.id)))).toEqual({ outcome: 'unknown' });
      expect(await tenant.rotateRefreshToken(rotation(first, { now: first.expiresAt }))).toEqual({
        outcome: 'expired',
      });
      expect(await tenant.rotateRefreshToken(rotation(first))).toEqual({ outcome: 'rotated' });
      expect(await tenant.rotateRefreshToken(rotation(first, { now: first.expiresAt + 1 }))).toEqual({
        outcome: 'family-revoked',
      });
      expect(await tenant.rotateRefreshToken(rotation(successorOf(first)))).toEqual({ outcome: 'revoked' });
    });
  });
}
