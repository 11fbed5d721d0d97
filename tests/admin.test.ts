/** The operator's API: who gets in, and what is found among 10 000 sandboxes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, type TestServer, testServer } from '#lib/server/testing.ts';

const TOKEN = 'operators-only-token';
const authorization = { authorization: `Bearer ${TOKEN}` };
let server: TestServer & { readonly logged: string[] };
const NOW = Date.now();

beforeAll(async () => {
  server = await testServer({
    AUTHWALK_ADMIN_TOKEN: TOKEN,
    PUBLIC_URL: 'https://walk.example.com',
    AUTHWALK_RATE_LIMITS: 'off',
  });
  const { store } = server.container;
  await Promise.all(
    Array.from({ length: 10_000 }, (_, at) =>
      store.createSandbox({
        id: `many${String(at).padStart(22, '0')}`,
        config: {},
        scenario: at % 100 === 0 ? 'iss-wrong-issuer' : null,
        controlTokenHash: null,
        secret: 'secret',
        clock: { offset: 0, frozenAt: null },
        createdAt: NOW,
        lastUsedAt: NOW - at * 8_000,
        ttl: 86_400,
        expiresAt: NOW + 86_400_000,
        version: 1,
        staged: {},
        configChange: 0,
        epoch: 0,
      }),
    ),
  );
}, 60_000);
afterAll(() => server.close());

const get = async (path: string) => {
  const response = await server.ask(`/api/admin${path}`, { headers: authorization });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};

describe('the operator', () => {
  it('needs the admin token for everything', async () => {
    for (const path of [
      '/instance',
      '/sandboxes',
      '/sandboxes/x',
      '/reports',
      '/plans',
      '/users',
      '/clients',
      '/events',
    ]) {
      expect((await server.ask(`/api/admin${path}`)).status, path).toBe(401);
      const wrong = { authorization: 'Bearer somebody-elses-token' };
      expect((await server.ask(`/api/admin${path}`, { headers: wrong })).status, path).toBe(401);
    }
    for (const path of ['/sandboxes/x', '/reports/x', '/plans/x', '/clients/x'])
      expect((await server.ask(`/api/admin${path}`, { method: 'DELETE' })).status, path).toBe(401);
  });

  it('sees the instance at a glance', async () => {
    const { body } = await get('/instance');
    expect(body).toMatchObject({
      origin: 'https://walk.example.com',
      public: true,
      database: { kind: 'SQLite', bytes: expect.any(Number) },
      memory_limit_bytes: expect.any(Number),
      max_sandboxes: 20_000,
      totals: { sandboxes: 10_001 },
      traffic: { requests_a_minute: expect.any(Number), streams: 0 },
    });
    const { counts } = body.last_uses as unknown as { counts: number[] };
    expect(counts).toHaveLength(48);
    // One every 8 s: 225 in half an hour.
    expect(counts[3]).toBeGreaterThan(220);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(9_000);
  });

  it('finds sandboxes by id and scenario, page by page, the latest used first', async () => {
    const { body } = await get('/sandboxes?limit=10&page=2');
    expect(body.total).toBe(10_001);
    const ids = (of: Record<string, unknown>) => (of.sandboxes as { id: string }[]).map(({ id }) => id);
    expect(ids(body)).toHaveLength(10);
    expect((await get('/sandboxes?search=ISS-wrong')).body.total).toBe(100);
    expect(ids((await get('/sandboxes?search=many0000000000000000000042')).body)).toEqual([
      'many0000000000000000000042',
    ]);
    expect((await get('/sandboxes?search=%25')).body.total).toBe(0);
    expect((await get('/sandboxes?used_within=3600')).body.total).toBeLessThan(460);
    expect((await get('/sandboxes?page=0')).status).toBe(400);
  });

  it('finds sandboxes by a client and by the length of the ledger, quickly among 10 000', async () => {
    const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as { id: string };
    const register = json({ client_name: 'Field Notes', redirect_uris: ['https://c.example/cb'] });
    await server.ask(`/s/${made.id}/oauth/register`, register);
    for (let at = 0; at < 3; at += 1) await server.ask(`/s/${made.id}/.well-known/jwks.json`);
    await server.container.recorder.settle(made.id);
    const found = async (query: string) =>
      ((await get(`/sandboxes?${query}`)).body.sandboxes as unknown as { id: string }[]).map(({ id }) => id);
    expect(await found('search=field+notes')).toEqual([made.id]);
    expect(await found('more_than=3')).toEqual([made.id]);
    expect(await found('more_than=4')).toEqual([]);
    expect(await found('search=nobody')).toEqual([]);
    expect((await get('/sandboxes?more_than=-1')).status).toBe(400);
  });

  it('is told which sandbox most requests go to, and limits it', async () => {
    const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as Record<string, string>;
    const ask = () => server.ask(`/s/${made.id}/.well-known/jwks.json`);
    for (let at = 0; at < 70; at += 1) expect((await ask()).status).toBe(200);
    const { body } = await get('/instance');
    expect(body.traffic).toMatchObject({
      busiest: { id: made.id, requests_a_minute: expect.any(Number), share: expect.any(Number), one_address: true },
    });
    const { busiest } = body.traffic as unknown as { busiest: { share: number; requests_a_minute: number } };
    expect(busiest.requests_a_minute).toBeGreaterThanOrEqual(70);
    expect(busiest.share).toBeGreaterThan(0.4);
    expect(busiest.share).toBeLessThanOrEqual(1);
    const path = `/api/admin/sandboxes/${made.id}/limit`;
    expect((await server.ask(path, { method: 'POST' })).status).toBe(401);
    expect((await server.ask(path, { method: 'POST', headers: authorization })).status).toBe(200);
    const statuses: number[] = [];
    for (let at = 0; at < 61; at += 1) statuses.push((await ask()).status);
    expect(statuses.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 200));
    expect(statuses[60]).toBe(429);
    const own = { authorization: `Bearer ${made.control_token}` };
    const shown = (await (await server.ask(`/api/sandboxes/${made.id}`, { headers: own })).json()) as object;
    expect(shown).toMatchObject({ config: { limits: { '*': { requests: 60, seconds: 60, per: 'address' } } } });
    const gone = await server.ask('/api/admin/sandboxes/nothing/limit', { method: 'POST', headers: authorization });
    expect(gone.status).toBe(404);
  });

  it('looks inside with secrets masked, keeps longer and deletes; and each of it is among the events', async () => {
    const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as { id: string };
    await server.ask(`/s/${made.id}/oauth/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=x&client_secret=hush-hush',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const inside = await get(`/sandboxes/${made.id}`);
    expect(JSON.stringify(inside.body)).toContain('client_credentials');
    expect(JSON.stringify(inside.body)).not.toContain('hush-hush');
    const { sandboxes } = (await get(`/sandboxes?search=${made.id}`)).body as unknown as { sandboxes: object[] };
    expect(sandboxes).toMatchObject([{ client: 'x', exchanges: 1 }]);
    const patch = await server.ask(`/api/admin/sandboxes/${made.id}/keep`, { method: 'POST', headers: authorization });
    const { expires_at } = (await patch.json()) as { expires_at: string };
    expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(6 * 86_400_000);
    const gone = await server.ask(`/api/admin/sandboxes/${made.id}`, { method: 'DELETE', headers: authorization });
    expect(gone.status).toBe(204);
    expect((await server.ask(`/s/${made.id}`)).status).toBe(404);
    expect((await get(`/sandboxes/${made.id}`)).status).toBe(404);
    const refused = await server.ask('/api/admin/sandboxes/default', { method: 'DELETE', headers: authorization });
    expect(refused.status).toBe(400);
    const { events } = (await get('/events')).body as unknown as { events: { says: string; sandbox: string }[] };
    expect(events.filter(({ sandbox }) => sandbox === made.id).map(({ says }) => says)).toEqual([
      'The operator deleted it',
      'The operator keeps it for a week',
      'The operator looked inside',
      'Sandbox made',
    ]);
  });

  it('reads plans, how far each is, and ends one with what belongs to it', async () => {
    const scenarios = ['conforming', 'iss-wrong-issuer'];
    const made = (await (await server.ask('/api/plans', json({ scenarios }))).json()) as Record<string, string>;
    const own = { authorization: `Bearer ${made.control_token}` };
    await server.ask(`/api/plans/${made.id}/items/conforming/start`, { method: 'POST', headers: own });
    await server.ask(`/api/plans/${made.id}/items/conforming/finish`, { method: 'POST', headers: own });
    const plans = async () => (await get('/plans')).body.plans as unknown as object[];
    expect(await plans()).toMatchObject([{ id: made.id, items: 2, done: 1 }]);
    // The report of an item is kept beside its plan, and is none.
    expect((await get('/instance')).body.totals).toMatchObject({ plans: 1 });
    const gone = await server.ask(`/api/admin/plans/${made.id}`, { method: 'DELETE', headers: authorization });
    expect(gone.status).toBe(204);
    expect(await plans()).toEqual([]);
  });

  it('reads users and clients of default page by page, and deletes a client', async () => {
    for (let at = 0; at < 3; at += 1)
      await server.ask(
        '/oauth/register',
        json({ client_name: `Client ${at}`, redirect_uris: ['https://c.example/cb'] }),
      );
    const first = (await get('/clients?limit=2')).body as unknown as { clients: { client_id: string }[] };
    expect(first.clients).toHaveLength(2);
    const rest = await get(`/clients?limit=2&after=${first.clients[1]!.client_id}`);
    expect((rest.body as unknown as { clients: unknown[] }).clients).toHaveLength(1);
    const path = `/api/admin/clients/${first.clients[0]!.client_id}`;
    expect((await server.ask(path, { method: 'DELETE', headers: authorization })).status).toBe(204);
    expect((await server.ask(path, { method: 'DELETE', headers: authorization })).status).toBe(404);
    expect((await get('/users')).status).toBe(200);
    expect((await get('/reports')).status).toBe(200);
  });
});
