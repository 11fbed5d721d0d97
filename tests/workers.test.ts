/** Two workers of one start on one SQLite file are one server. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { connectAuthwalk, type Sandbox } from 'authwalk/testing';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Follower, follow } from './lib/follow.ts';
import { register } from './lib/http.ts';
import { askAnew, runStart, startWorkers, type Workers } from './lib/workers.ts';

const ADMIN = 'the-admin-token-of-a-test';

describe('two workers of one start', { timeout: 120_000 }, () => {
  let workers: Workers;
  let sandbox: Sandbox;

  beforeAll(async () => {
    workers = await startWorkers({ AUTHWALK_RATE_LIMITS: 'on', AUTHWALK_ADMIN_TOKEN: ADMIN });
    sandbox = await (await connectAuthwalk(workers.origin)).sandbox();
  }, 120_000);
  afterAll(() => workers?.stop());

  const own = () => ({ authorization: `Bearer ${sandbox.controlToken}` });
  const control = (path: string, method = 'GET', body?: unknown) =>
    askAnew(`${workers.origin}/api/sandboxes/${sandbox.id}${path}`, {
      method,
      headers: { ...own(), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test('a client and a key that one changed are never old at the other', async () => {
    const metadata = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' };
    const client = await register(sandbox.issuer, metadata);
    const headers = { authorization: `Bearer ${client.registration_access_token}`, 'content-type': 'application/json' };
    const token = () =>
      askAnew(`${sandbox.issuer}/oauth/token`, {
        method: 'POST',
        headers: form,
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: client.client_id,
          client_secret: client.client_secret!,
        }).toString(),
      });
    // Both have it in memory.
    for (let at = 0; at < 4; at += 1) expect.soft((await token()).status).toBe(200);
    for (let round = 0; round < 10; round += 1) {
      const name = `Name ${round}`;
      const changed = await askAnew(client.registration_client_uri, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ ...metadata, client_id: client.client_id, client_name: name }),
      });
      expect.soft(changed.status).toBe(200);
      for (let at = 0; at < 3; at += 1)
        expect.soft((await askAnew(client.registration_client_uri, { headers })).json().client_name).toBe(name);
      const before = await askAnew(`${sandbox.issuer}/.well-known/jwks.json`);
      expect.soft((await control('/keys/rotate', 'POST', {})).status).toBeLessThan(300);
      for (let at = 0; at < 3; at += 1)
        expect.soft((await askAnew(`${sandbox.issuer}/.well-known/jwks.json`)).json()).not.toEqual(before.json());
    }
    expect((await askAnew(client.registration_client_uri, { method: 'DELETE', headers })).status).toBe(204);
    for (let at = 0; at < 4; at += 1) expect.soft((await token()).status).toBe(401);
  });

  test('what one has answered is in the record at once, and in the live stream of the other', async () => {
    const followed: Follower[] = [];
    for (let count = 0; count < 4; count += 1) {
      const follower = follow(`${workers.origin}/api/sandboxes/${sandbox.id}/stream`, own());
      await expect.poll(() => follower.opened, { timeout: 10_000 }).toBe(1);
      followed.push(follower);
    }
    const numbersIn = (exchanges: readonly { request: { url: string } }[]) =>
      exchanges.map(({ request }) => Number(new URL(request.url).searchParams.get('n')));
    for (let n = 1; n <= 20; n += 1) {
      await askAnew(`${sandbox.issuer}/.well-known/jwks.json?n=${n}`);
      const { exchanges } = (await control('/exchanges?limit=500')).json() as {
        exchanges: { request: { url: string } }[];
      };
      expect.soft(numbersIn(exchanges)).toContain(n);
    }
    for (const follower of followed) {
      await expect.poll(() => numbersIn(follower.exchanges), { timeout: 10_000 }).toContain(20);
      const sequence = follower.exchanges.map(({ seq }) => seq);
      expect.soft(sequence).toEqual([...new Set(sequence)].sort((a, b) => a - b));
      await follower.stop();
    }
  });

  test('a barrier holds requests that come to either, and lets them go in the order of the fault', async () => {
    const fault = { endpoint: 'jwks', times: 'always', effect: { hold: { until: 3, order: [3, 1, 2] } } };
    const { id } = (await control('/faults', 'POST', fault)).json() as { id: string };
    const matched = async () => {
      const { faults } = (await control('/faults')).json() as { faults: { id: string; matched: number }[] };
      return faults.find((one) => one.id === id)?.matched;
    };
    const done: number[] = [];
    const asking: Promise<unknown>[] = [];
    for (let n = 1; n <= 3; n += 1) {
      asking.push(askAnew(`${sandbox.issuer}/.well-known/jwks.json`).then(() => done.push(n)));
      await expect.poll(matched, { timeout: 10_000 }).toBe(n);
    }
    await Promise.all(asking);
    await control('/faults', 'DELETE');
    expect(done).toEqual([3, 1, 2]);
  });

  test('a tool that runs at one gets the answer of its user that comes to the other', async () => {
    for (let round = 0; round < 4; round += 1) {
      const mcp = new Client({ name: 'asked', version: '1' }, { capabilities: { elicitation: {} } });
      await mcp.connect(new StreamableHTTPClientTransport(new URL(`${sandbox.issuer}/no-auth`)) as Transport);
      mcp.setRequestHandler(ElicitRequestSchema, async () => ({
        action: 'accept',
        content: { username: 'ada', email: 'ada@example.com' },
      }));
      const called = mcp.callTool({ name: 'test_elicitation', arguments: { message: 'Who?' } }, undefined, {
        timeout: 10_000,
      });
      expect.soft((await called).content).toEqual([{ type: 'text', text: expect.stringContaining('"ada"') }]);
      await mcp.close();
    }
  });

  test('a rate limit, the metrics and the look of the operator count what came to either', async () => {
    const config = { limits: { '*': { requests: 5, seconds: 600, per: 'address' } } };
    const made = await askAnew(`${workers.origin}/api/sandboxes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ config }),
    });
    expect(made.status).toBe(201);
    const { issuer } = made.json() as { issuer: string };
    const statuses: number[] = [];
    for (let at = 0; at < 8; at += 1) statuses.push((await askAnew(`${issuer}/.well-known/jwks.json`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const headers = { authorization: `Bearer ${ADMIN}` };
    const counted = async () => {
      const text = await (await fetch(`${workers.origin}/metrics`, { headers })).text();
      return /^authwalk_http_requests_total\{endpoint="jwks",method="GET",status="429"\} (\d+)$/m.exec(text)?.[1];
    };
    for (let at = 0; at < 4; at += 1) expect.soft(await counted()).toBe('3');
    const instance = (await askAnew(`${workers.origin}/api/admin/instance`, { headers })).json();
    expect(instance).toMatchObject({ database: { kind: 'SQLite' }, traffic: { refused: { count: 3 } } });
    const { events } = (await askAnew(`${workers.origin}/api/admin/events`, { headers })).json() as {
      events: { says: string }[];
    };
    expect(events.filter(({ says }) => says.startsWith('429 at jwks'))).toHaveLength(3);
  });

  test('a second start on the file is refused in one line, and the first one goes on', async () => {
    for (const count of ['1', '2']) {
      const { child, output } = runStart({ DATABASE_URL: workers.database, PORT: '0', AUTHWALK_WORKERS: count });
      const [code] = await once(child, 'close');
      expect.soft(code).toBe(1);
      expect.soft(output).toEqual([expect.stringMatching(/authwalk\.db is in use by another process of Authwalk\./)]);
    }
    expect((await askAnew(`${workers.origin}/ready`)).status).toBe(200);
  });

  test('a worker that is killed is replaced, and what was acknowledged is there', async () => {
    const before = workers.pids();
    expect(before).toHaveLength(2);
    const client = await register(sandbox.issuer, { grant_types: ['client_credentials'] });
    process.kill(before[0]!, 'SIGKILL');
    await expect.poll(() => workers.pids().filter((pid) => !before.includes(pid)).length, { timeout: 20_000 }).toBe(1);
    const headers = { authorization: `Bearer ${client.registration_access_token}` };
    const read = async () => (await askAnew(client.registration_client_uri, { headers }).catch(() => null))?.status;
    for (let at = 0; at < 4; at += 1) await expect.poll(read, { timeout: 20_000 }).toBe(200);
  });

  test('they end in order with the first process, and at once if that is killed', async () => {
    const all = workers.pids();
    expect(await workers.stop()).toBe(0);
    const living = () => all.filter(isAlive);
    expect(living()).toEqual([]);
    const others = await startWorkers();
    const theirs = others.pids();
    others.child.kill('SIGKILL');
    await expect.poll(() => theirs.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    await others.stop();
  });
});

test('one process in the cluster of a process manager is a whole server', async () => {
  const { child, output } = runStart({ AUTHWALK_WORKERS: '1', DATABASE_URL: ':memory:', PORT: '0' }, true);
  const text = () => output.join('\n');
  try {
    await expect.poll(text, { timeout: 20_000 }).toMatch(/listens on http:\/\/localhost:\d+$/m);
  } finally {
    child.kill('SIGTERM');
  }
}, 30_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
