/** The knob `limits`, and the preset that comes with limits of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, testServer } from '#lib/server/testing.ts';
import { type Answer, type Instance, openInstance, type TestSandbox } from './lib/sandbox.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
});
afterAll(() => instance.close());

const token = (place: TestSandbox, client: string): Promise<Answer> =>
  place.ask('/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('limits of a sandbox', () => {
  it('hold each client, tell how much is left, and are recorded', async () => {
    const place = await instance.sandbox({ limits: { token: { requests: 2, seconds: 60, per: 'client' } } });
    const first = await token(place, 'one');
    expect(first.headers.get('ratelimit')).toMatch(/r=1;t=\d+/);
    await token(place, 'one');
    const refused = await token(place, 'one');
    expect([refused.status, refused.body.error]).toEqual([429, 'rate_limit_exceeded']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await token(place, 'other')).status).not.toBe(429);
    const other = await instance.sandbox({ limits: { token: { requests: 2, seconds: 60, per: 'client' } } });
    expect((await token(other, 'one')).status).not.toBe(429);
    const ledger = await instance.ask(`/api/sandboxes/${place.id}/exchanges`, {
      headers: { authorization: `Bearer ${place.made.control_token}` },
    });
    expect(ledger.body.exchanges[2]).toMatchObject({ error: 'rate_limit_exceeded', acted: [{ name: 'limits' }] });
  });

  it('with * hold all endpoints that are not named, together', async () => {
    const place = await instance.sandbox({ limits: { '*': { requests: 2, seconds: 60, per: 'address' } } });
    const asked = ['/.well-known/jwks.json', '/.well-known/oauth-authorization-server', '/.well-known/jwks.json'];
    const statuses: number[] = [];
    for (const path of asked) statuses.push((await place.get(path)).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('tell of themselves when they refuse, and not of those of the instance', async () => {
    const limited = await openInstance({ AUTHWALK_RATE_LIMITS: 'on' });
    const place = await limited.sandbox({ limits: { token: { requests: 1, seconds: 30, per: 'client' } } });
    await token(place, 'one');
    const { status, headers } = await token(place, 'one');
    expect([status, headers.get('ratelimit-policy')]).toEqual([429, '"default";q=1;w=30']);
    expect(headers.get('ratelimit')).toMatch(/r=0;t=\d+/);
    await limited.close();
  });

  it('name endpoints that there are', async () => {
    const answer = await instance.ask('/api/sandboxes', {
      method: 'POST',
      body: JSON.stringify({ config: { limits: { nowhere: { requests: 1, seconds: 1, per: 'address' } } } }),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.body).toMatchObject({ error: 'invalid_config', faults: [{ knob: 'limits' }] });
  });
});

it('the preset rust-oauth2-server allows ten authorizations a minute, and none of them needs PKCE', async () => {
  const place = await instance.sandbox(
    { preset: 'rust-oauth2-server' },
    { clients: [{ client_id: 'app', redirect_uris: ['https://app.example/cb'] }] },
  );
  const ask = () =>
    place.get(
      '/oauth/authorize?response_type=code&client_id=app&redirect_uri=https://app.example/cb&auto_approve=true',
    );
  const statuses: number[] = [];
  for (let i = 0; i < 11; i += 1) statuses.push((await ask()).status);
  expect(statuses).toEqual([...Array(10).fill(302), 429]);
});

it('the sandbox default starts with users, clients, notes and tokens, once however often it starts', async () => {
  const seed = {
    users: [{ email: 'ada@example.org', password: 'secret', claims: { groups: ['staff'] } }],
    clients: [{ client_id: 'app', client_secret: 'shh' }],
    notes: [{ email: 'ada@example.org', text: 'hello' }],
    tokens: [{ email: 'ada@example.org', token: 'of-ada', scope: 'openid notes:read' }],
  };
  const folder = await mkdtemp(join(tmpdir(), 'authwalk-seed-'));
  for (let start = 0; start < 2; start += 1) {
    const own = await openInstance({
      DATABASE_URL: `file:${folder}/walk.db`,
      AUTHWALK_DEFAULT_CONFIG: JSON.stringify({ config: { 'code.lifetime': 5 }, seed }),
    });
    const api = { headers: {} };
    expect((await own.ask('/api/sandboxes/default', api)).body.config).toEqual({ 'code.lifetime': 5 });
    expect((await own.ask('/oauth/userinfo', { headers: { authorization: 'Bearer of-ada' } })).body).toMatchObject({
      groups: ['staff'],
    });
    const { users } = (await own.ask('/api/sandboxes/default/users', api)).body;
    expect(users).toHaveLength(1);
    expect(await own.server.container.store.tenant('default').listNotes(users[0].sub)).toHaveLength(1);
    await own.close();
  }
  await rm(folder, { recursive: true });
});

describe('a database that holds as many sandboxes as it may', () => {
  const TOKEN = 'operators-only-token';
  let now = Date.now();
  const open = (most: number, url = ':memory:') =>
    testServer(
      { DATABASE_URL: url, AUTHWALK_MAX_SANDBOXES: String(most), AUTHWALK_ADMIN_TOKEN: TOKEN },
      { wall: () => now },
    );
  type Server = Awaited<ReturnType<typeof open>>;
  const make = async (server: Server): Promise<string> => {
    now += 1000;
    const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as { id: string };
    return made.id;
  };
  const makeSome = async (server: Server, count: number): Promise<string[]> => {
    const ids: string[] = [];
    while (ids.length < count) ids.push(await make(server));
    return ids;
  };
  const status = async (server: Server, id: string) => (await server.ask(`/s/${id}/.well-known/jwks.json`)).status;
  const admin = { headers: { authorization: `Bearer ${TOKEN}` } };

  it('lets the longest idle one go for a new one, and none that is used', async () => {
    const server = await open(10);
    const [busy = '', idle = '', ...others] = await makeSome(server, 9);
    now += 1000;
    expect(await status(server, busy)).toBe(200);
    await make(server);
    expect(await status(server, idle)).toBe(404);
    for (const id of [busy, ...others]) expect.soft(await status(server, id)).toBe(200);
    const instance = (await (await server.ask('/api/admin/instance', admin)).json()) as Record<string, unknown>;
    expect(instance).toMatchObject({ max_sandboxes: 10, totals: { sandboxes: 10 } });
    const metrics = await (await server.ask('/metrics', admin)).text();
    expect(metrics).toMatch(/^authwalk_sandboxes 10$/m);
    expect(metrics).toMatch(/^authwalk_sandboxes_max 10$/m);
    await server.close();
  });

  it('shrinks to a lower bound as sandboxes are made, the longest idle first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'authwalk-bound-'));
    const url = `file:${join(folder, 'walk.db')}`;
    const before = await open(40, url);
    const made = await makeSome(before, 30);
    await before.close();
    const server = await open(10, url);
    const fresh = [await make(server), await make(server)];
    expect(await server.container.store.countSandboxes(now)).toBe(10);
    for (const id of [...made.slice(-7), ...fresh]) expect.soft(await status(server, id)).toBe(200);
    expect(await status(server, made[22]!)).toBe(404);
    await server.close();
    await rm(folder, { recursive: true });
  });
});
