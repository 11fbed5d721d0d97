import { describe, expect, it } from 'vitest';
import { ConflictError, type TenantStore } from '../store.ts';
import { SANDBOX_GRACE } from '../sweep.ts';
import {
  access,
  client,
  code,
  DAY,
  device,
  fault,
  grant,
  interaction,
  key,
  NOW,
  type Opened,
  race,
  refresh,
  sandbox,
  user,
} from './fixtures.ts';

/** One of everything. */
async function furnish(tenant: TenantStore): Promise<void> {
  const made = grant({ id: 'grant' });
  await tenant.addKeyIfNone(key({ kid: 'key' }));
  await tenant.createClient(client({ clientId: 'client' }));
  await tenant.putClientDocument({
    url: 'https://client.example/',
    document: {},
    fetchedAt: NOW,
    freshUntil: NOW + DAY,
    etag: null,
  });
  await tenant.createUser(user({ sub: 'user', email: 'a@example.org', passwordHash: 'hash' }));
  await tenant.putSession({ id: 'sid', browserHash: 'browser', sub: 'user', authTime: NOW, expiresAt: NOW + DAY });
  await tenant.createInteraction(interaction({ id: 'interaction' }));
  await tenant.createGrantWithCode(made, code(made.id, { hash: 'code' }));
  await tenant.saveTokens({
    access: access(made.id, { id: 'access' }),
    refresh: refresh(made.id, { hash: 'refresh' }),
  });
  await tenant.createDevice(device({ hash: 'device', userCode: 'CODE' }));
  await tenant.createPushedRequest({ hash: 'pushed', clientId: 'client', request: {}, expiresAt: NOW + DAY });
  await tenant.rememberOnce('jti', NOW + DAY, NOW);
  await tenant.count('name');
  await tenant.addNote({ id: 'note', sub: 'user', text: 'text', createdAt: NOW });
  await tenant.addFault(fault({ id: 'fault' }));
  await tenant.enqueue('queue', {}, 1);
  await tenant.appendExchanges([{ at: NOW, bytes: 10, data: { method: 'GET' } }]);
}

/** What of it is to be seen. */
async function inventory(tenant: TenantStore) {
  return {
    keys: (await tenant.listKeys()).length,
    clients: (await tenant.listClients({ limit: 10 })).length,
    document: (await tenant.getClientDocument('https://client.example/')) !== null,
    users: (await tenant.listUsers({ limit: 10 })).length,
    byEmail: (await tenant.findUser('a@example.org')) !== null,
    session: (await tenant.getSession('browser', NOW)) !== null,
    interaction: (await tenant.getInteraction('interaction', NOW)) !== null,
    grants: (await tenant.listGrants({ limit: 10 })).length,
    code: (await tenant.findCode('code')) !== null,
    access: (await tenant.getAccessToken('access')) !== null,
    refresh: (await tenant.findRefreshToken('refresh')) !== null,
    family: (await tenant.listRefreshTokens('grant')).length,
    device: (await tenant.findDeviceByUserCode('CODE', NOW)) !== null,
    pushed: (await tenant.getPushedRequest('pushed', NOW)) !== null,
    notes: (await tenant.listNotes('user')).length,
    faults: (await tenant.listFaults()).length,
    queued: (await tenant.listQueued('queue')).length,
    exchanges: (await tenant.listExchanges({ after: 0, limit: 10 })).length,
  };
}

const FULL = {
  keys: 1,
  clients: 1,
  document: true,
  users: 1,
  byEmail: true,
  session: true,
  interaction: true,
  grants: 1,
  code: true,
  access: true,
  refresh: true,
  family: 1,
  device: true,
  pushed: true,
  notes: 1,
  faults: 1,
  queued: 1,
  exchanges: 1,
};
const EMPTY = {
  keys: 0,
  clients: 0,
  document: false,
  users: 0,
  byEmail: false,
  session: false,
  interaction: false,
  grants: 0,
  code: false,
  access: false,
  refresh: false,
  family: 0,
  device: false,
  pushed: false,
  notes: 0,
  faults: 0,
  queued: 0,
  exchanges: 0,
};

export function sandboxContract(store: Opened): void {
  describe('sandboxes', () => {
    it('gives back what was created', async () => {
      const record = sandbox({ clock: { offset: -5, frozenAt: NOW }, scenario: 'plain' });
      await store().createSandbox(record);
      expect(await store().getSandbox(record.id)).toEqual(record);
      expect(await store().getSandbox('nobody')).toBeNull();
      await expect(store().createSandbox(record)).rejects.toThrow(ConflictError);
    });

    it('replaces what is given and raises the version', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const changed = await store().updateSandbox(record.id, {
        clock: { offset: 10, frozenAt: null },
        ttl: null,
        expiresAt: null,
      });
      expect(changed).toEqual({
        ...record,
        clock: { offset: 10, frozenAt: null },
        ttl: null,
        expiresAt: null,
        version: 2,
      });
      expect(await store().getSandbox(record.id)).toEqual(changed);
      expect(await store().updateSandbox('nobody', { ttl: 1 })).toBeNull();
    });

    it('counts what changes the configuration, and nothing else', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      await store().updateSandbox(record.id, { staged: { knob: 1 } });
      await store().updateSandbox(record.id, { scenario: null, staged: {} });
      await store().updateSandbox(record.id, { ttl: 60 });
      expect(await store().getSandbox(record.id)).toMatchObject({ staged: {}, configChange: 2, version: 4 });
    });

    it('changes a given version once', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const counts = await race(
        50,
        (index) => store().updateSandbox(record.id, { config: { index } }, { version: 1 }),
        (answer) => String(answer !== null),
      );
      expect(counts).toEqual({ true: 1, false: 49 });
      expect((await store().getSandbox(record.id))?.version).toBe(2);
    });

    it('moves the expiry on with each use, but for what has expired or never expires', async () => {
      const record = sandbox();
      const lasting = sandbox({ ttl: null, expiresAt: null });
      await store().createSandbox(record);
      await store().createSandbox(lasting);
      await store().touchSandbox(record.id, NOW + 60_000);
      await store().touchSandbox(lasting.id, NOW + 60_000);
      expect(await store().getSandbox(record.id)).toEqual({
        ...record,
        lastUsedAt: NOW + 60_000,
        expiresAt: NOW + 3_660_000,
      });
      expect(await store().getSandbox(lasting.id)).toEqual({ ...lasting, lastUsedAt: NOW + 60_000 });
      await store().touchSandbox(record.id, NOW + DAY);
      expect((await store().getSandbox(record.id))?.lastUsedAt).toBe(NOW + 60_000);
    });

    it('pages through all, newest first', async () => {
      const records = [1, 2, 3].map((index) => sandbox({ createdAt: NOW + 1e9 + index }));
      for (const record of records) await store().createSandbox(record);
      const first = await store().listSandboxes({ limit: 2 });
      expect(first.map((record) => record.id)).toEqual([records[2]!.id, records[1]!.id]);
      const second = await store().listSandboxes({ limit: 1, before: first[1]!.createdAt });
      expect(second.map((record) => record.id)).toEqual([records[0]!.id]);
    });

    it('shows nothing of one scope in another', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      await furnish(store().tenant(record.id));
      expect(await inventory(store().tenant(record.id))).toEqual(FULL);
      for (const scope of [`${record.id}/as2`, `${record.id}/idp`, 'default', `${record.id}x`]) {
        expect(await inventory(store().tenant(scope))).toEqual(EMPTY);
      }
      const other = store().tenant(`${record.id}/as2`);
      expect(await other.redeemCode({ hash: 'code', now: NOW, access: access('grant'), refresh: null })).toEqual({
        outcome: 'unknown',
      });
      expect(await other.revokeGrant('grant', 'reason', NOW)).toBe(false);
      expect(await other.revokeAccessToken('access', NOW)).toBe(false);
      expect(await other.takeInteraction('interaction', NOW)).toBeNull();
      expect(await other.rememberOnce('jti', NOW + DAY, NOW)).toBe(true);
      expect(await inventory(store().tenant(record.id))).toEqual(FULL);
    });

    it('is deleted with everything in it and in its further issuers, and with nothing of others', async () => {
      const record = sandbox();
      const neighbour = sandbox({ id: `${record.id}0` });
      await store().createSandbox(record);
      await store().createSandbox(neighbour);
      const scopes = [record.id, `${record.id}/as2`, `${record.id}/idp`];
      for (const scope of [...scopes, neighbour.id]) await furnish(store().tenant(scope));
      expect(await store().deleteSandbox(record.id, NOW)).toBe(true);
      expect(await store().deleteSandbox(record.id, NOW)).toBe(false);
      expect(await store().getSandbox(record.id)).toBeNull();
      for (const scope of scopes) expect.soft(await inventory(store().tenant(scope))).toEqual(EMPTY);
      expect(await inventory(store().tenant(neighbour.id))).toEqual(FULL);
    });

    it('forgets on reset what was in it, and goes on numbering exchanges', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const tenant = store().tenant(record.id);
      await furnish(tenant);
      await store().resetSandbox(record.id, { keepKeys: true });
      expect(await inventory(tenant)).toEqual({ ...EMPTY, keys: 1 });
      expect(await store().getSandbox(record.id)).toEqual({ ...record, epoch: 1 });
      expect(await tenant.count('name')).toBe(1);
      expect((await tenant.appendExchanges([{ at: NOW, bytes: 1, data: {} }])).map((exchange) => exchange.seq)).toEqual(
        [2],
      );
      await store().resetSandbox(record.id);
      await furnish(tenant);
      expect(await inventory(tenant)).toEqual(FULL);
    });

    it('writes no exchange that began before a reset, or in a sandbox that is deleted', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      const tenant = store().tenant(record.id);
      const exchange = { at: NOW, bytes: 1, data: {} };
      expect(await tenant.appendExchanges([exchange], record.epoch)).toHaveLength(1);
      await store().resetSandbox(record.id);
      expect(await tenant.appendExchanges([exchange], record.epoch)).toEqual([]);
      expect(await tenant.appendExchanges([exchange], record.epoch + 1)).toHaveLength(1);
      await store().deleteSandbox(record.id, NOW);
      expect(await tenant.appendExchanges([exchange], record.epoch + 1)).toEqual([]);
      expect(await tenant.listExchanges({ after: 0, limit: 9 })).toEqual([]);
    });

    it('is emptied once more by the sweep: what requests in flight wrote after it was deleted', async () => {
      const record = sandbox();
      await store().createSandbox(record);
      await store().deleteSandbox(record.id, NOW);
      await furnish(store().tenant(record.id));
      for (let left = 5000; left === 5000; ) left = await store().sweep(NOW + SANDBOX_GRACE, left);
      expect(await inventory(store().tenant(record.id))).toEqual(EMPTY);
      expect(await store().tenant(record.id).count('name')).toBe(1);
    });
  });
}
