import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LimitError, type Store, type TenantStore } from '../store.ts';
import {
  access,
  client,
  code,
  DAY,
  device,
  fault,
  grant,
  interaction,
  NOW,
  race,
  refresh,
  sandbox,
  times,
  user,
} from './fixtures.ts';

/** The bounds that the suite opens its store with: small ones, so that they are soon reached. */
export const SMALL_BOUNDS = {
  limits: { sandboxes: 20, clients: 50, users: 50, 'temporary users': 50, 'live grants': 50, notes: 10, faults: 10 },
  maximums: {
    interactions: 20,
    pushed_requests: 20,
    devices: 20,
    sessions: 20,
    access_tokens: 20,
    refresh_tokens: 20,
    remembered: 20,
    client_documents: 20,
    deleted_clients: 20,
  },
} as const;

/** One more of each thing that clients can pile up; `age` rises. */
const pile: Record<
  Exclude<keyof (typeof SMALL_BOUNDS)['maximums'], 'deleted_clients'>,
  (tenant: TenantStore, age: number) => Promise<unknown>
> = {
  interactions: (tenant, age) => tenant.createInteraction(interaction({ id: `${age}`, createdAt: NOW + age })),
  pushed_requests: (tenant, age) =>
    tenant.createPushedRequest({ hash: `${age}`, clientId: 'client', request: {}, expiresAt: NOW + age + 1 }),
  devices: (tenant, age) => tenant.createDevice(device({ hash: `${age}`, userCode: `${age}`, createdAt: NOW + age })),
  sessions: (tenant, age) =>
    tenant.putSession({ id: 's', browserHash: `${age}`, sub: 'user', authTime: NOW, expiresAt: NOW + age + 1 }),
  access_tokens: (tenant, age) => tenant.saveAccessToken(access(null, { id: `${age}`, issuedAt: NOW + age })),
  refresh_tokens: (tenant, age) =>
    tenant.saveTokens({ access: access(null), refresh: refresh('grant', { hash: `${age}`, issuedAt: NOW + age }) }),
  remembered: (tenant, age) => tenant.rememberOnce(`${age}`, NOW + age + 1, NOW),
  client_documents: (tenant, age) =>
    tenant.putClientDocument({
      url: `${age}`,
      document: {},
      fetchedAt: NOW + age,
      freshUntil: NOW + age,
      etag: null,
    }),
};

/** Which of the first 60 are still there. */
const held: Partial<Record<keyof typeof pile, (tenant: TenantStore, age: number) => Promise<boolean>>> = {
  interactions: async (tenant, age) => (await tenant.getInteraction(`${age}`, NOW)) !== null,
  pushed_requests: async (tenant, age) => (await tenant.getPushedRequest(`${age}`, NOW)) !== null,
  devices: async (tenant, age) => (await tenant.findDeviceByUserCode(`${age}`, NOW)) !== null,
  sessions: async (tenant, age) => (await tenant.getSession(`${age}`, NOW)) !== null,
  access_tokens: async (tenant, age) => (await tenant.getAccessToken(`${age}`)) !== null,
  remembered: async (tenant, age) => !(await tenant.rememberOnce(`${age}`, NOW + 1, NOW)),
  client_documents: async (tenant, age) => (await tenant.getClientDocument(`${age}`)) !== null,
};

/**
 * What a store keeps of what clients pile up.
 * @param open a store with {@link SMALL_BOUNDS}
 */
export function boundsContract(open: () => Promise<Store>): void {
  describe('what clients pile up', () => {
    it.each(Object.keys(held) as (keyof typeof held)[])('%s: the oldest go beyond the bound', async (table) => {
      const store = await open();
      const tenant = store.tenant(randomUUID());
      await times(60, (age) => pile[table](tenant, age));
      const present: number[] = [];
      await expect
        .poll(async () => {
          present.length = 0;
          for (let age = 0; age < 60; age += 1) if (await held[table]!(tenant, age)) present.push(age);
          return present.length;
        })
        .toBeLessThanOrEqual(22);
      expect(present.at(-1)).toBe(59);
      expect(present.length).toBeGreaterThanOrEqual(19);
      await store.close();
    });

    it('refresh_tokens: the oldest go beyond the bound', async () => {
      const store = await open();
      const tenant = store.tenant(randomUUID());
      await times(60, (age) => pile.refresh_tokens(tenant, age));
      await expect.poll(async () => (await tenant.listRefreshTokens('grant')).length).toBeLessThanOrEqual(22);
      expect((await tenant.listRefreshTokens('grant')).some(({ hash }) => hash === '59')).toBe(true);
      await store.close();
    });
  });

  describe('limits', () => {
    let store: Store;
    let tenant: TenantStore;
    beforeEach(async () => {
      store = await open();
      tenant = store.tenant(randomUUID());
    });
    afterEach(() => store.close());

    it('sandboxes: the longest idle goes, with what is in it; one that never expires stays', async () => {
      for (const { id } of await store.listSandboxes({ limit: 100 })) await store.deleteSandbox(id, NOW);
      const lasting = sandbox({ ttl: null, expiresAt: null, lastUsedAt: NOW - 1000 });
      const [idle, used] = [sandbox(), sandbox()];
      for (const record of [lasting, idle, used]) await store.createSandbox(record);
      await store.touchSandbox(used.id, NOW + 60_000);
      await times(18, (age) =>
        store.createSandbox(sandbox({ createdAt: NOW + 60_001 + age, lastUsedAt: NOW + 60_001 + age })),
      );
      expect(await store.getSandbox(idle.id)).toBeNull();
      expect(await store.getSandbox(used.id)).not.toBeNull();
      expect(await store.getSandbox(lasting.id)).not.toBeNull();
      expect(await store.listSandboxes({ limit: 100 })).toHaveLength(20);
    });

    it('sandboxes: one that is used stays, though its use is not written yet', async () => {
      for (const { id } of await store.listSandboxes({ limit: 100 })) await store.deleteSandbox(id, NOW);
      const aged = (age: number) => sandbox({ createdAt: NOW + age, lastUsedAt: NOW + age });
      const [busy, second, third] = [aged(0), aged(1), aged(2)];
      for (const record of [busy, second, third]) await store.createSandbox(record);
      await times(17, (age) => store.createSandbox(aged(3 + age)));
      const used = (id: string) => (id === busy.id ? NOW + 30 : undefined);
      expect(await store.createSandbox(aged(40), used)).toEqual([second.id]);
      expect(await store.createSandbox(aged(41), used)).toEqual([third.id]);
      expect(await store.getSandbox(busy.id)).not.toBeNull();
    });

    it('clients of an owner: no more than the limit at once, and deleting makes room', async () => {
      const owned = () => client({ source: 'preregistered' });
      await times(40, () => tenant.createClient(owned()));
      const outcomes = await race(
        20,
        () =>
          tenant.createClient(owned()).then(
            () => 'created',
            (error) => (error as Error).name,
          ),
        (answer) => answer,
      );
      expect(outcomes).toEqual({ created: 10, LimitError: 10 });
      await expect(tenant.createClient(client())).rejects.toThrow('Limit reached: 50 clients per sandbox.');
      await expect(tenant.putClient(owned())).rejects.toThrow(LimitError);
      const [first] = await tenant.listClients({ limit: 1 });
      await tenant.putClient({ ...first!, secretHash: 'new' });
      await tenant.deleteClient(first!.clientId, NOW);
      await tenant.createClient(owned());
    });

    it('clients: the never used make room first', async () => {
      await tenant.createClient(client({ clientId: 'pre', source: 'preregistered', createdAt: NOW - DAY }));
      await tenant.createClient(client({ clientId: 'used', createdAt: NOW - DAY }));
      await tenant.createGrant(grant({ clientId: 'used', createdAt: NOW - DAY }));
      await tenant.createClient(client({ clientId: 'unused', createdAt: NOW - 1 }));
      await times(47, (at) => tenant.createClient(client({ createdAt: NOW + at })));
      await tenant.createClient(client({ clientId: 'late', createdAt: NOW + 2000 }));
      expect(await tenant.getClient('unused')).toBeNull();
      for (const clientId of ['pre', 'used', 'late'])
        expect.soft(await tenant.getClient(clientId), clientId).not.toBeNull();
      expect(await tenant.listClients({ limit: 100 })).toHaveLength(50);
    });

    it('clients: if all are in use the longest idle makes room, and its grants end', async () => {
      await times(50, (at) => tenant.createClient(client({ clientId: `client-${at}` })));
      const idle = grant({ clientId: 'client-7', createdAt: NOW - 1 });
      await tenant.createGrant(idle);
      await times(50, async (at) => {
        if (at !== 7) await tenant.saveAccessToken(access(null, { clientId: `client-${at}`, issuedAt: NOW + at }));
      });
      await tenant.createClient(client({ createdAt: NOW + DAY }));
      expect(await tenant.getClient('client-7')).toBeNull();
      expect(await tenant.listClients({ limit: 100 })).toHaveLength(50);
      expect((await tenant.getGrant(idle.id))?.revokedBy).toBe('client-forgotten');
    });

    it('clients: who holds more than their share makes room for others', async () => {
      await tenant.createClient(client({ clientId: 'unused', createdAt: NOW - DAY }), 'somebody');
      await times(100, (at) => tenant.createClient(client({ createdAt: NOW + at }), 'flood'));
      expect(await tenant.getClient('unused')).not.toBeNull();
      expect(await tenant.listClients({ limit: 100 })).toHaveLength(50);
    });

    it('users of an owner: no more than the limit; temporary ones do not count', async () => {
      await times(49, () => tenant.createUser(user()));
      await times(20, () => tenant.createUser(user({ temporary: true })));
      const last = user();
      await tenant.putUser(last);
      const fresh = user({ email: 'b@example.org', passwordHash: 'hash' });
      await expect(tenant.createUser(user())).rejects.toThrow(LimitError);
      await expect(tenant.putUser(user())).rejects.toThrow(LimitError);
      await expect(tenant.createUserIfNone(fresh)).rejects.toThrow(LimitError);
      expect(await tenant.findUser('b@example.org')).toBeNull();
      await tenant.putUser({ ...last, temporary: true });
      await tenant.createUser(user());
    });

    it('users: those who signed up themselves make room, without a live grant first', async () => {
      const signUp = (name: string, at: number) =>
        tenant.createUserIfNone(
          user({ sub: name, email: `${name}@example.org`, passwordHash: 'hash', lastUsedAt: at }),
        );
      await times(5, (at) => tenant.createUser(user({ sub: `owned-${at}`, lastUsedAt: NOW - DAY })));
      await signUp('granted', NOW - DAY);
      await tenant.createGrant(grant({ sub: 'granted' }));
      await signUp('idle', NOW - 1);
      await times(43, (at) => signUp(`user-${at}`, NOW + at));
      expect((await signUp('late', NOW + DAY)).created).toBe(true);
      expect(await tenant.getUser('idle')).toBeNull();
      for (const sub of ['owned-0', 'granted', 'late', 'user-40'])
        expect.soft(await tenant.getUser(sub), sub).not.toBeNull();
    });

    it('temporary users: the oldest without a live grant make room', async () => {
      await tenant.createUser(user({ sub: 'granted', temporary: true, lastUsedAt: NOW - DAY }));
      await tenant.createGrant(grant({ sub: 'granted' }));
      await times(60, (at) => tenant.createUser(user({ sub: `made-up-${at}`, temporary: true, lastUsedAt: NOW + at })));
      expect(await tenant.getUser('granted')).not.toBeNull();
      expect(await tenant.getUser('made-up-0')).toBeNull();
      expect(await tenant.getUser('made-up-59')).not.toBeNull();
    });

    it('grants: what has ended makes room first, then the never used, then the longest idle', async () => {
      const authorize = async (at: number, from?: string) => {
        const made = grant({ createdAt: NOW + at });
        await tenant.createGrantWithCode(made, code(made.id, { expiresAt: NOW + 60_000 }), from);
        return made;
      };
      const redeemed = async (at: number) => {
        const made = grant({ createdAt: NOW + at });
        await tenant.saveTokens({ grant: made, access: access(made.id, { expiresAt: null }) });
        return made;
      };
      const revokedBy = async ({ id }: { id: string }) => (await tenant.getGrant(id))?.revokedBy;
      const idle = await redeemed(-2000);
      const used = await redeemed(-1000);
      const unused = await authorize(-10);
      await times(47, (at) => authorize(at, `somebody-${at}`));
      await authorize(100);
      expect(await revokedBy(unused)).toBe('grant-forgotten');
      await times(60, (at) => authorize(200 + at, 'flood'));
      expect([await revokedBy(idle), await revokedBy(used)]).toEqual([null, null]);
      // A minute later all the codes have ended: nobody needs to go.
      await times(48, (at) => redeemed(60_001 + at));
      expect([await revokedBy(idle), await revokedBy(used)]).toEqual([null, null]);
      await redeemed(70_000);
      expect([await revokedBy(idle), await revokedBy(used)]).toEqual(['grant-forgotten', null]);
    });

    it('faults and notes: refused beyond the limit', async () => {
      await times(10, () => tenant.addFault(fault()));
      await expect(tenant.addFault(fault())).rejects.toThrow('Limit reached: 10 faults per sandbox.');
      await tenant.deleteFaults((await tenant.listFaults())[0]!.id);
      await tenant.addFault(fault());
      const note = { sub: 'user', text: 'text', createdAt: NOW };
      await times(10, (at) => tenant.addNote({ ...note, id: `note-${at}` }));
      await expect(tenant.addNote({ ...note, id: 'last' })).rejects.toThrow('Limit reached: 10 notes per sandbox.');
    });
  });
}
