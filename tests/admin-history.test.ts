/** What the operator is told of the past: a day ago, what was refused since, and when the volume will be full. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { json, type TestServer, testServer } from '#lib/server/testing.ts';

const HOUR = 3_600_000;
const authorization = { authorization: 'Bearer operators-only-token' };
let server: TestServer & { readonly logged: string[] };
let now = Date.parse('2030-01-10T12:01:00Z');

beforeAll(async () => {
  server = await testServer({ AUTHWALK_ADMIN_TOKEN: 'operators-only-token' }, { wall: () => now });
});
afterAll(() => server.close());

interface Instance {
  readonly instances: number;
  readonly totals: { readonly sandboxes: number };
  readonly traffic: { readonly refused: { readonly count: number; readonly since: string } };
  readonly a_day_ago: { readonly sandboxes: number | null };
  readonly volume_full_at: string | null;
}

const instance = async () =>
  (await (await server.ask('/api/admin/instance', { headers: authorization })).json()) as Instance;

it('tells of nothing that nobody has counted', async () => {
  expect(await instance()).toMatchObject({
    instances: 1,
    traffic: { refused: { count: 0 } },
    a_day_ago: { sandboxes: null },
    volume_full_at: null,
  });
});

it('tells what was refused in a day, and how many sandboxes there were a day ago', async () => {
  const limits = { jwks: { requests: 2, seconds: 3600, per: 'address' } };
  const made = await server.ask('/api/sandboxes', json({ config: { limits }, ttl: 604_800 }));
  const { id, control_token } = (await made.json()) as { id: string; control_token: string };
  const ask = async () => (await server.ask(`/s/${id}/.well-known/jwks.json`)).status;
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 429, 429]);
  // A scripted 429 is no refusal of this server.
  const fault = { endpoint: 'as-metadata', effect: { status: 429 } };
  await server.ask(`/api/sandboxes/${id}/faults`, json(fault, 'POST', { authorization: `Bearer ${control_token}` }));
  expect((await server.ask(`/s/${id}/.well-known/oauth-authorization-server`)).status).toBe(429);
  // At once, not only when it is in the history.
  expect((await instance()).traffic.refused.count).toBe(2);
  await server.container.history.round();
  expect((await instance()).traffic.refused).toEqual({ count: 2, since: '2030-01-10T12:01:00.000Z' });

  now += 24 * HOUR;
  for (let at = 0; at < 3; at += 1) await server.ask('/api/sandboxes', json({}));
  expect(await ask()).toBe(429);
  await server.container.history.round();
  expect(await instance()).toMatchObject({
    totals: { sandboxes: 5 },
    traffic: { refused: { count: 1, since: '2030-01-10T12:01:00.000Z' } },
    a_day_ago: { sandboxes: 2 },
  });
  now += 3 * HOUR;
  expect((await instance()).a_day_ago.sandboxes).toBeNull();
});

it('tells nothing of a write that failed, and writes it the next time', async () => {
  const { store, history, metrics } = server.container;
  await history.round();
  const before = (await instance()).traffic.refused.count;
  const works = store.addToSample;
  Object.assign(store, { addToSample: () => Promise.reject(new Error('no room')) });
  await server.ask('/health');
  await history.round();
  Object.assign(store, { addToSample: works });
  expect(server.logged.join('\n')).toContain('the history could not be written');
  expect(metrics.minute().unsaved.requests).toBeGreaterThan(0);
  await history.round();
  expect(metrics.minute().unsaved.requests).toBe(0);
  expect((await instance()).traffic.refused.count).toBe(before);
});
