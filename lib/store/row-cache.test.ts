import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { client, grant, key, NOW, sandbox } from './contract/fixtures.ts';
import { openStore } from './open.ts';
import type { Store, TenantStore } from './store.ts';
import { createRowCache } from './row-cache.ts';

let store: Store;
let tenant: TenantStore;
beforeEach(async () => {
  store = await openStore(':memory:', { limits: { clients: 3 } });
  tenant = store.tenant(randomUUID());
});
afterEach(() => store.close());

it('a row that changed is read again, whichever verb changed it', async () => {
  const made = client({ clientId: 'a' });
  await tenant.createClient(made);
  expect(await tenant.getClient('a')).toEqual(made);
  expect(await tenant.getClient('a')).toBe(await tenant.getClient('a'));
  await tenant.putClient({ ...made, secretHash: 'new' });
  expect((await tenant.getClient('a'))?.secretHash).toBe('new');
  await tenant.deleteClient('a', NOW);
  expect(await tenant.getClient('a')).toBeNull();
});

it('a client that made room, and the keys of a sandbox that was deleted, are gone at once', async () => {
  await tenant.createClient(client({ clientId: 'unused' }));
  expect(await tenant.getClient('unused')).not.toBeNull();
  for (const clientId of ['b', 'c', 'd']) await tenant.createClient(client({ clientId, createdAt: NOW + 1 }));
  expect(await tenant.getClient('unused')).toBeNull();

  const record = sandbox();
  await store.createSandbox(record);
  const inside = store.tenant(record.id);
  await inside.addKeyIfNone(key());
  await inside.createClient(client({ clientId: 'a' }));
  expect([await inside.listKeys(), await inside.getClient('a')]).toMatchObject([[{}], {}]);
  await inside.rotateKey(key(), NOW);
  expect(await inside.listKeys()).toHaveLength(2);
  await store.deleteSandbox(record.id, NOW);
  expect([await inside.listKeys(), await inside.getClient('a')]).toEqual([[], null]);
});

it('a grant of a client that is used changes nothing that is kept', async () => {
  await tenant.createClient(client({ clientId: 'a' }));
  await tenant.createGrant(grant({ clientId: 'a' }));
  const kept = await tenant.getClient('a');
  await tenant.createGrant(grant({ clientId: 'a' }));
  expect(await tenant.getClient('a')).toBe(kept);
});

it('a read that began before a change is not kept', async () => {
  const cache = createRowCache();
  let answer: (value: string) => void = () => undefined;
  const slow = cache.through('key', () => new Promise<string>((resolve) => (answer = resolve)));
  cache.clear();
  answer('old');
  expect(await slow).toBe('old');
  expect(await cache.through('key', async () => 'new')).toBe('new');
  expect(await cache.through('key', async () => 'newer')).toBe('new');
});

it('of two processes that share a file, neither is told what was true before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'authwalk-peers-'));
  const url = `file:${join(folder, 'shared.db')}`;
  await (await openStore(url)).close();
  const told: string[] = [];
  const peers = { tell: (topic: string) => void told.push(topic), hear: () => () => undefined };
  const stores = [await openStore(url, { peers }), await openStore(url, { peers })];
  const scope = randomUUID();
  const [here, there] = stores.map((one) => one.tenant(scope)) as [TenantStore, TenantStore];
  const made = client({ clientId: 'a' });
  await here.createClient(made);
  expect(await there.getClient('a')).toEqual(made);
  expect(await there.getClient('a')).toBe(await there.getClient('a'));
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => (at % 2 ? here : there).createClient(client({ clientId: `b${at}` }))),
  );
  await here.putClient({ ...made, secretHash: 'new' });
  expect((await there.getClient('a'))?.secretHash).toBe('new');
  await here.deleteClient('a', NOW);
  expect(await there.getClient('a')).toBeNull();
  expect(await there.listClients({ limit: 100 })).toHaveLength(20);
  expect(told).toEqual([]);
  await here.appendExchanges([{ at: NOW, bytes: 1, data: {} }]);
  expect(told).toEqual([`exchanges ${scope}`]);
  for (const one of stores) await one.close();
  rmSync(folder, { recursive: true });
});
