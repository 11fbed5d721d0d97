/** Two instances on one PostgreSQL, behind a proxy, are one server. */
import { connectAuthwalk, type Sandbox } from 'authwalk/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventReader } from '#lib/client/events.ts';
import { createLimiter } from '#lib/http/limits.ts';
import { json, testServer } from '#lib/server/testing.ts';
import { postgresPrograms } from '#lib/store/contract/postgres-server.ts';
import { openStore } from '#lib/store/open.ts';
import { authorize, pkce, post, type RegisteredClient, register } from './lib/http.ts';
import { type Follower, follow } from './lib/follow.ts';
import { type Instance, type Pair, startPair } from './lib/instances.ts';

const CALLBACK = 'http://127.0.0.1/callback';
const programs = postgresPrograms();

describe.skipIf(!programs)('two instances', () => {
  let pair: Pair;
  let instances: readonly Instance[];
  let sandbox: Sandbox;
  let client: RegisteredClient;

  beforeAll(async () => {
    pair = await startPair(programs!);
    instances = pair.instances;
    sandbox = await (await connectAuthwalk(pair.origin)).sandbox();
    client = await register(sandbox.issuer, {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    });
  });
  afterAll(() => pair?.stop());

  const codeForm = async () => {
    const { verifier, challenge } = pkce();
    const url = await authorize(sandbox, {
      client_id: client.client_id,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    return { grant_type: 'authorization_code', code: url.searchParams.get('code')!, code_verifier: verifier };
  };
  const isActive = async (access: string) => {
    const answer = await fetch(`${sandbox.issuer}/api/resource`, { headers: { authorization: `Bearer ${access}` } });
    await answer.text();
    return answer.status === 200;
  };
  const own = () => ({ authorization: `Bearer ${sandbox.controlToken}` });
  const numbersAt = async (instance: Instance) => {
    const answer = await fetch(`${instance.origin}/api/sandboxes/${sandbox.id}/exchanges?limit=500`, {
      headers: own(),
    });
    const { exchanges } = (await answer.json()) as { exchanges: { request: { url: string } }[] };
    return exchanges.map(({ request }) => Number(new URL(request.url).searchParams.get('n')));
  };

  test('a barrier holds requests that come to either, and lets them go in the order of the fault', async () => {
    const fault = { endpoint: 'jwks', times: 'always', effect: { hold: { until: 3, order: [3, 1, 2] } } };
    const made = await fetch(`${instances[0]!.origin}/api/sandboxes/${sandbox.id}/faults`, {
      method: 'POST',
      headers: { ...own(), 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const faults = `${instances[0]!.origin}/api/sandboxes/${sandbox.id}/faults`;
    const matched = async () => {
      const listed = (await (await fetch(faults, { headers: own() })).json()) as {
        faults: { id: string; matched: number }[];
      };
      return listed.faults.find((one) => one.id === id)?.matched;
    };
    const done: number[] = [];
    const asking: Promise<void>[] = [];
    for (let n = 1; n <= 3; n += 1) {
      const { origin } = instances[n % 2]!;
      asking.push(
        fetch(`${origin}/s/${sandbox.id}/.well-known/jwks.json`).then(async (answer) => {
          await answer.text();
          done.push(n);
        }),
      );
      // The order counts by arrival: the next one is sent when this one is counted.
      await expect.poll(matched, { timeout: 10_000 }).toBe(n);
    }
    await Promise.all(asking);
    await fetch(faults, { method: 'DELETE', headers: own() });
    expect(done).toEqual([3, 1, 2]);
  });

  test('what one has answered is in the record that the other shows', async () => {
    for (let n = 1; n <= 20; n += 1) {
      const [here, there] = n % 2 ? instances : instances.toReversed();
      await (await fetch(`${here!.origin}/s/${sandbox.id}/.well-known/jwks.json?n=${n}`)).text();
      expect.soft(await numbersAt(there!)).toContain(n);
    }
  });

  test('what one has answered is heard at the stream of the other', async () => {
    const stop = new AbortController();
    const response = await fetch(`${instances[1]!.origin}/api/sandboxes/${sandbox.id}/stream`, {
      headers: { ...own(), 'last-event-id': '1000000' },
      signal: stop.signal,
    });
    const heard = new Promise<void>((resolve) => {
      const events = createEventReader();
      const decoder = new TextDecoder();
      void (async () => {
        for await (const chunk of response.body!)
          if (events.push(decoder.decode(chunk, { stream: true })).some(({ event }) => event === 'reset')) resolve();
      })().catch(() => undefined);
    });
    await fetch(`${instances[0]!.origin}/api/sandboxes/${sandbox.id}/reset`, { method: 'POST', headers: own() });
    await heard;
    stop.abort();
    expect(await numbersAt(instances[1]!)).toEqual([]);
  });

  test('after a reset at one, what the other had under way does not come back', async () => {
    const asking = Array.from({ length: 40 }, (_, n) =>
      fetch(`${instances[0]!.origin}/s/${sandbox.id}/.well-known/jwks.json?n=${n}`).then((answer) => answer.text()),
    );
    await fetch(`${instances[1]!.origin}/api/sandboxes/${sandbox.id}/reset`, { method: 'POST', headers: own() });
    const left = await numbersAt(instances[1]!);
    await Promise.all(asking);
    await fetch(`${instances[1]!.origin}/api/sandboxes/${sandbox.id}/reset`, { method: 'POST', headers: own() });
    expect(await numbersAt(instances[0]!)).toEqual([]);
    expect(left.length).toBeLessThanOrEqual(40);
    client = await register(sandbox.issuer, {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    });
  });

  test('a rate limit counts what came to either; a job is done by one at a time', async () => {
    const stores = await Promise.all([0, 1].map(() => openStore(pair.postgres.url)));
    const limiters = stores.map((store) => createLimiter(true, store.pool));
    const states = [];
    for (let at = 0; at < 12; at += 1) states.push(await limiters[at % 2]!.take('token', '192.0.2.1', 10, 60));
    expect(states.map(({ ok }) => ok)).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
    const now = Date.now();
    const leases = [];
    for (const [holder, at] of [
      ['a', now],
      ['b', now + 1000],
      ['a', now + 2000],
      ['b', now + 9000],
    ] as const)
      leases.push(await stores[0]!.takeLease('job of a test', holder, at, 5000));
    expect(leases).toEqual([true, false, true, true]);
    for (const store of stores) await store.close();
  });

  test('whichever the operator asks tells of all: requests, memory, events, and how many they are', async () => {
    const env = { DATABASE_URL: pair.postgres.url, AUTHWALK_ADMIN_TOKEN: 'operators-only-token' };
    const headers = { authorization: 'Bearer operators-only-token' };
    const [here, there] = await Promise.all([testServer(env), testServer(env)]);
    const told = async <T>(path: string) => (await (await there!.ask(`/api/admin${path}`, { headers })).json()) as T;
    for (const one of [here!, there!, there!]) await one.ask(`/s/${sandbox.id}/.well-known/jwks.json`);
    const made = (await (await here!.ask('/api/sandboxes', json({}))).json()) as { id: string };
    for (const one of [here!, there!]) await one.container.history.round();
    interface Told {
      readonly instances: number;
      readonly memory_bytes: number;
      readonly traffic: { readonly busiest: { readonly id: string; readonly requests_a_minute: number } };
    }
    const instance = await told<Told>('/instance');
    expect(instance.instances).toBe(4);
    expect(instance.memory_bytes).toBeGreaterThan(1.5 * process.memoryUsage.rss());
    // What the processes behind the proxy have counted comes with their next sign of life.
    expect(instance.traffic.busiest.id).toBe(sandbox.id);
    expect(instance.traffic.busiest.requests_a_minute).toBeGreaterThanOrEqual(3);
    const { events } = await told<{ events: { says: string; sandbox: string }[] }>('/events');
    expect(events).toContainEqual(expect.objectContaining({ says: 'Sandbox made', sandbox: made.id }));
    const metrics = await (await there!.ask('/metrics')).text();
    expect(metrics).toContain('\nauthwalk_instances 4\n');
    // Who ends takes its leave, and is not counted until it would be taken for gone.
    await here!.close();
    expect((await told<{ instances: number }>('/instance')).instances).toBe(3);
    await there!.close();
  });

  test('one killed and the database started again under load: nothing acknowledged is lost, nothing is a 500, and a ' +
    'stream goes on without loss', async () => {
    // One after the other, so that the proxy sends one to each instance.
    const followed: Follower[] = [];
    for (let count = 0; count < 2; count += 1) {
      const follower = follow(`${pair.origin}/api/sandboxes/${sandbox.id}/stream`, own());
      await expect.poll(() => follower.opened, { timeout: 10_000 }).toBe(1);
      followed.push(follower);
    }
    const acknowledged: { readonly access: string; readonly n: number }[] = [];
    const statuses = new Set<number>();
    let stopped = false;
    let n = 0;
    const work = async () => {
      while (!stopped) {
        n += 1;
        const mine = n;
        try {
          const answer = await post(`${sandbox.issuer}/oauth/token?n=${mine}`, {
            client_id: client.client_id,
            ...(await codeForm()),
          });
          statuses.add(answer.status);
          const body = (await answer.json()) as Record<string, string>;
          if (answer.status === 200) acknowledged.push({ access: body.access_token!, n: mine });
          if (answer.status === 503) expect.soft(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        } catch {
          // Cut off, or no code: nothing was acknowledged.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const workers = Promise.all(Array.from({ length: 6 }, work));
    const more = async (count: number) => {
      const goal = acknowledged.length + count;
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(goal);
    };
    await more(10);
    await instances[0]!.kill();
    await more(10);
    await pair.postgres.kill();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await pair.postgres.restart();
    await more(10);
    stopped = true;
    await workers;
    expect(statuses).not.toContain(500);
    for (const { access } of acknowledged) expect.soft(await isActive(access)).toBe(true);
    for (const follower of followed) {
      const numbers = () => follower.exchanges.map(({ request }) => Number(new URL(request.url).searchParams.get('n')));
      await expect
        .poll(() => acknowledged.filter((one) => !numbers().includes(one.n)).length, { timeout: 10_000 })
        .toBe(0);
      await follower.stop();
      const sequence = follower.exchanges.map(({ seq }) => seq);
      expect(sequence).toEqual(sequence.map((_, at) => sequence[0]! + at));
    }
    // At least the one at the instance that was killed was cut off, and came back.
    expect(Math.max(...followed.map(({ opened }) => opened))).toBeGreaterThan(1);
  }, 60_000);
});
