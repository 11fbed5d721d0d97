/** Webhooks and events: against receivers that take, fail, are slow, and lie. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { createGuardedFetch } from '#lib/fetch/guarded.ts';
import { startDispatcher } from '#lib/events/dispatch.ts';
import { json, type TestServer, testServer } from '#lib/server/testing.ts';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver on loopback. @param behave what it does with each request; the default takes it */
async function receiver(behave: (got: Got, response: ServerResponse, nth: number) => void) {
  const got: Got[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const one = { headers: request.headers, body };
      got.push(one);
      behave(one, response, got.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    got,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
const take = (_: Got, response: ServerResponse): void => void response.writeHead(204).end();

let server: TestServer & { readonly logged: string[] };
const closing: (() => void)[] = [];
beforeEach(async () => {
  server = await testServer();
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

async function sandbox() {
  const made = (await (await server.ask('/api/sandboxes', json({}))).json()) as { id: string; control_token: string };
  const authorization = { authorization: `Bearer ${made.control_token}` };
  const api = (path: string, init: RequestInit = {}) =>
    server.ask(`/api/sandboxes/${made.id}${path}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...authorization },
    });
  /** Sends a request that is in the ledger afterwards: a dispatcher of a test's own is not told when that happens. */
  const use = async (path = '/.well-known/jwks.json'): Promise<void> => {
    await (await server.ask(`/s/${made.id}${path}`)).text();
    await server.container.recorder.settle(made.id);
  };
  return { ...made, api, use };
}
type Made = Awaited<ReturnType<typeof sandbox>>;

async function hook({ api }: Made, url: string, events?: string[]) {
  const answer = await api('/webhooks', json({ url, ...(events ? { events } : {}) }));
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; secret: string };
}
const sequences = (got: readonly Got[]): number[] =>
  got.map(({ body }) => Number((JSON.parse(body) as { sequence: string }).sequence));
const until = (what: () => boolean | Promise<boolean>) => expect.poll(what, { timeout: 8000, interval: 20 }).toBe(true);

describe('webhooks', () => {
  it('bring what happens in order, signed as the package of Standard Webhooks verifies it', async () => {
    const there = await receiver(take);
    closing.push(there.close);
    const made = await sandbox();
    const { secret } = await hook(made, there.url);
    for (let i = 0; i < 5; i += 1) await made.use();
    await made.api('/clock', json({ advance: 60 }));
    await until(() => there.got.length >= 6);
    const numbers = sequences(there.got);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    const { headers, body } = there.got[0]!;
    const event = new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
    expect(event).toMatchObject({
      specversion: '1.0',
      type: 'dev.authwalk.exchange.jwks',
      source: `urn:authwalk:sandbox:${made.id}`,
      data: { status: 200 },
    });
    expect(headers['content-type']).toContain('application/cloudevents+json');
    expect(there.got.some((one) => one.body.includes('dev.authwalk.sandbox.clock'))).toBe(true);
    expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
    expect(() => new Webhook(`whsec_${btoa('another')}`).verify(body, headers as Record<string, string>)).toThrow();
  });

  it('bring only the types that were asked for, and no secret', async () => {
    const there = await receiver(take);
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url, ['exchange.token']);
    await made.use();
    await server.ask(`/s/${made.id}/oauth/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=x&client_secret=hush-hush',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await until(() => there.got.length === 1);
    expect(there.got[0]!.body).toContain('"error":"invalid_client"');
    expect(there.got[0]!.body).not.toContain('hush-hush');
  });

  it.each<[string, (got: Got, response: ServerResponse) => void, string]>([
    ['answers 500', (_, response) => void response.writeHead(500).end(), 'answered 500'],
    ['redirects', (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), 'redirect'],
    ['hangs up', (_, response) => void response.destroy(), 'connection failed'],
  ])('to a receiver that %s: the event stays, and the ones behind it wait', async (_, behave, problem) => {
    const there = await receiver(behave);
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    await made.use();
    await made.use();
    const state = async () => {
      const { webhooks } = (await (await made.api('/webhooks')).json()) as { webhooks: Record<string, unknown>[] };
      return webhooks[0]!;
    };
    await until(async () => (await state()).attempts === 1);
    expect(String((await state()).problem)).toContain(problem);
    expect(there.got).toHaveLength(1);
  });

  it('to a receiver that says 200 and lies about its length, or never ends: it was delivered', async () => {
    const there = await receiver((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        response.write('x'.repeat(60_000), () => setImmediate(more));
      };
      more();
    });
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    await made.use();
    await made.use();
    await until(() => there.got.length === 2);
    expect(new Set(sequences(there.got)).size).toBe(2);
  });

  it('to a receiver that says 410: nothing more', async () => {
    const there = await receiver((_, response) => void response.writeHead(410).end());
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    await made.use();
    await until(async () => {
      const { webhooks } = (await (await made.api('/webhooks')).json()) as { webhooks: { state: string }[] };
      return webhooks[0]!.state === 'gone';
    });
    await made.use();
    expect(there.got).toHaveLength(1);
  });

  it('are refused if they lead into this server, or are more than five', async () => {
    const made = await sandbox();
    for (const url of [
      'http://localhost:3000/x',
      'http://127.0.0.1:3000/x',
      'ftp://a.example/',
      'javascript:alert(1)',
      'no address',
      'http://receiver.example/',
      'https://user:pw@receiver.example/',
      'http://127.0.0.1:4000/a\u0000b',
      'http://127.0.0.1:4000/a b',
      'https://user@127.0.0.1:4000/',
      'https://10.0.0.1/',
      'https://169.254.169.254/latest/',
      'https://metadata.google.internal/',
    ]) {
      const answer = await made.api('/webhooks', json({ url }));
      expect.soft([url, answer.status, (await answer.json()).error]).toEqual([url, 400, 'invalid_request']);
    }
    for (let i = 0; i < 5; i += 1) await hook(made, `https://receiver-${i}.example/`);
    expect((await made.api('/webhooks', json({ url: 'https://receiver.example/' }))).status).toBe(400);
  });
});

describe('webhooks of a public instance', () => {
  it('go to https only, and never inside: refused at the door', async () => {
    const hosted = await testServer({
      PUBLIC_URL: 'https://walk.example.com',
      AUTHWALK_ADMIN_TOKEN: 'operators-only-token',
      AUTHWALK_EVENTS: 'on',
    });
    const there = await receiver(take);
    closing.push(there.close);
    const { port } = new URL(there.url);
    try {
      const made = (await (await hosted.ask('/api/sandboxes', json({}))).json()) as Record<string, string>;
      const headers = { authorization: `Bearer ${made.control_token}` };
      const hooks = (url: string) => hosted.ask(`/api/sandboxes/${made.id}/webhooks`, json({ url }, 'POST', headers));
      const inside = ['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', '169.254.169.254', 'user:pw@receiver.example'];
      for (const url of [
        there.url,
        'http://receiver.example/',
        'https://walk.example.com/hook',
        ...inside.map((host) => `https://${host}:${port}/`),
      ])
        expect.soft([url, (await hooks(url)).status]).toEqual([url, 400]);
      expect((await hooks('https://receiver.example/')).status).toBe(201);
      expect(there.got).toEqual([]);
    } finally {
      await hosted.close();
    }
  });
});

describe('the dispatcher', () => {
  const log = (): void => undefined;

  /** Delivers what a sandbox did to a receiver, with a short patience. @returns what ends it */
  async function deliverTo(behave: (got: Got, response: ServerResponse, nth: number) => void, pauses: number[]) {
    const { store } = server.container;
    await server.container.events?.close();
    const there = await receiver(behave);
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    await made.use();
    await made.use();
    const fetch = createGuardedFetch({ loopback: true, timeout: 150 });
    const dispatcher = startDispatcher({ store, fetch, log, wall: Date.now, alone: true, pauses });
    closing.push(() => void dispatcher.close());
    const state = async () => (await (await made.api('/webhooks')).json()) as Record<string, Record<string, unknown>[]>;
    return { there, state };
  }

  it('gives a slow receiver 5 s, then tries again, and what comes behind waits', async () => {
    const { there, state } = await deliverTo(
      (_, response, nth) => {
        // Nothing at all, then headers that never come to an end, then a right answer.
        if (nth === 2) response.socket?.write('HTTP/1.1 200 OK\r\nX-Slow: ');
        if (nth > 2) response.writeHead(204).end();
      },
      [10, 10],
    );
    await until(async () => String((await state()).webhooks![0]!.problem).includes('No whole answer within'));
    await until(() => there.got.length === 4);
    expect(sequences(there.got)).toEqual([1, 1, 1, 2]);
    await until(async () => (await state()).webhooks![0]!.problem === null);
  });

  it('takes 200 for received, though the answer never ends', async () => {
    const { there, state } = await deliverTo((_, response) => void response.writeHead(200).write('still'), [10]);
    await until(() => there.got.length === 2);
    await until(async () => (await state()).webhooks![0]!.delivered_at !== null);
    expect(sequences(there.got)).toEqual([1, 2]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['answers what is no HTTP', (response) => void response.socket?.end('200 OK\n\n')],
    [
      'promises more than it sends',
      (response) => {
        response.writeHead(500, { 'content-length': '1000' });
        response.write('x', () => response.destroy());
      },
    ],
    [
      'asks to come back in a thousand years',
      (response) => void response.writeHead(503, { 'retry-after': '999999999' }).end(),
    ],
    [
      'answers 100 headers of 1 KiB',
      (response) => {
        for (let at = 0; at < 100; at += 1) response.setHeader(`x-${at}`, 'x'.repeat(1024));
        response.writeHead(200).end();
      },
    ],
  ])('is not held up for more than ten minutes by a receiver that %s', async (_, behave) => {
    const { there, state } = await deliverTo((_got, response) => behave(response), [60_000]);
    const attempted = async () => (await state()).webhooks![0]!.attempts === 1;
    await until(attempted);
    expect(sequences(there.got)).toEqual([1]);
    const [webhook] = await server.container.store.listWebhookScopes({ after: '', limit: 1 });
    const [record] = await server.container.store.tenant(webhook!).listWebhooks();
    expect(record!.dueAt - Date.now()).toBeLessThanOrEqual(600_000);
    expect(record!.dueAt - Date.now()).toBeGreaterThan(30_000);
  });

  it('tries again with growing pauses, in order, and gives an event up in the end', async () => {
    const { store } = server.container;
    await server.container.events?.close();
    // The second event fails for ever, the others are taken at the second try.
    const tries = new Map<number, number>();
    const there = await receiver(({ body }, response) => {
      const { sequence } = JSON.parse(body) as { sequence: string };
      const nth = (tries.get(Number(sequence)) ?? 0) + 1;
      tries.set(Number(sequence), nth);
      response.writeHead(Number(sequence) !== 2 && nth === 2 ? 200 : 503).end();
    });
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    for (let i = 0; i < 3; i += 1) await made.use();
    const { fetch } = server.container;
    const dispatcher = startDispatcher({ store, fetch, log, wall: Date.now, alone: true, pauses: [10, 20, 30] });
    await until(() => tries.get(3) === 2);
    await dispatcher.close();
    expect(sequences(there.got)).toEqual([1, 1, 2, 2, 2, 2, 3, 3]);
    const { dead_letters } = (await (await made.api('/webhooks')).json()) as { dead_letters: object[] };
    expect(dead_letters).toEqual([
      expect.objectContaining({ attempts: 4, problem: 'The receiver answered 503.', event: expect.anything() }),
    ]);
  });

  it('is one of several at a time: each event comes once, and another goes on if that one is gone', async () => {
    const { store, fetch } = server.container;
    await server.container.events?.close();
    const there = await receiver(take);
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    let now = Date.now();
    const start = () => startDispatcher({ store, fetch, log, wall: () => now, alone: false, pauses: [10] });
    const [one, other] = [start(), start()];
    for (let i = 0; i < 4; i += 1) await made.use();
    for (const each of [one, other]) each.wake(made.id);
    await until(() => there.got.length >= 4);
    expect(sequences(there.got)).toEqual([1, 2, 3, 4]);
    await Promise.all([one.close(), other.close()]);
    await made.use();
    now += 60_000;
    const third = start();
    await until(() => there.got.length === 5);
    await third.close();
    expect(sequences(there.got)).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends 60 in a minute, and the rest in the next one', async () => {
    const { store, fetch } = server.container;
    await server.container.events?.close();
    const there = await receiver(take);
    closing.push(there.close);
    const made = await sandbox();
    await hook(made, there.url);
    for (let i = 0; i < 65; i += 1) await made.use();
    let now = Math.floor(Date.now() / 60_000) * 60_000;
    const dispatcher = startDispatcher({ store, fetch, log, wall: () => now, alone: true });
    await until(() => there.got.length === 60);
    now += 61_000;
    await until(() => there.got.length === 65);
    await dispatcher.close();
  });
});

describe('events from elsewhere', () => {
  const ingest = (body: unknown, headers: Record<string, string> = {}) =>
    server.ask('/events/ingest', json(body, 'POST', headers));

  it('are accepted once, by Idempotency-Key, then the key of the envelope, then its id', async () => {
    const id = '550e8400-e29b-41d4-a716-446655440000';
    const accepted = await ingest({ id, type: 'user.created' }, { 'idempotency-key': 'your-key' });
    expect([accepted.status, await accepted.json()]).toEqual([
      202,
      { status: 'accepted', idempotency_key: 'your-key', event_id: id },
    ]);
    const again = await ingest({ id: 'another' }, { 'idempotency-key': 'your-key' });
    expect([again.status, await again.json()]).toEqual([
      202,
      { status: 'duplicate', idempotency_key: 'your-key', event_id: id },
    ]);
    expect(await (await ingest({ id, idempotency_key: 'its-key' })).json()).toMatchObject({ status: 'accepted' });
    expect(await (await ingest({ id: 'its-key' })).json()).toMatchObject({ status: 'duplicate' });
    const inside = { event: { id: 'inside', event_type: 'token_created' } };
    expect(await (await ingest(inside)).json()).toMatchObject({ status: 'accepted', event_id: 'inside' });
    expect(await (await ingest(inside)).json()).toMatchObject({ status: 'duplicate', event_id: 'inside' });
    expect((await ingest({ type: 'nameless', event: { id: 5 } })).status).toBe(400);
    const long = 'x'.repeat(200);
    expect((await ingest({}, { 'idempotency-key': long })).status).toBe(202);
    expect((await ingest({}, { 'idempotency-key': `${long}y` })).status).toBe(400);
  });

  it('are taken once however many come at once, by each of the three keys', async () => {
    const ways = [
      [{ id: 'at once' }, {}],
      [{ idempotency_key: 'all at once' }, {}],
      [{}, { 'idempotency-key': 'all of them' }],
    ] as const;
    for (const [body, headers] of ways) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => ingest(body, headers)));
      const said = (await Promise.all(answers.map((one) => one.json()))) as { status: string; event_id: string }[];
      expect(said.filter(({ status }) => status === 'accepted')).toHaveLength(1);
      expect(new Set(said.map(({ event_id }) => event_id)).size).toBe(1);
    }
  });

  it('go on to the webhooks of default, once each, in order with what happens there', async () => {
    const there = await receiver(take);
    closing.push(there.close);
    const made = await server.ask('/api/sandboxes/default/webhooks', json({ url: there.url, events: ['ingested'] }));
    expect(made.status).toBe(201);
    const { secret } = (await made.json()) as { secret: string };
    const sent = { id: 'one', event_type: 'user.created', user_id: 'u1', metadata: { plan: 'team' } };
    for (let time = 0; time < 2; time += 1) await ingest(sent);
    await server.ask('/.well-known/jwks.json');
    await ingest({ id: 'two', type: 'user.deleted' });
    await until(() => there.got.length === 2);
    const events = there.got.map(({ body, headers }) => new Webhook(secret).verify(body, headers as never)) as {
      readonly type: string;
      readonly data: object;
    }[];
    expect(events.map(({ type }) => type)).toEqual(['dev.authwalk.ingested', 'dev.authwalk.ingested']);
    expect(events.map(({ data }) => data)).toEqual([
      { ...sent, event_id: 'one', idempotency_key: 'one' },
      { id: 'two', type: 'user.deleted', event_id: 'two', idempotency_key: 'two' },
    ]);
    const numbers = sequences(there.got);
    expect(numbers[1]! - numbers[0]!).toBe(2);
  });

  it('are refused if they would be too long to be passed on', async () => {
    const long = await ingest({ id: 'long', text: 'x'.repeat(62_000) });
    expect([long.status, await long.json()]).toEqual([413, expect.objectContaining({ error: 'invalid_request' })]);
  });

  it('and their health say whether events are on', async () => {
    expect(await (await server.ask('/events/health')).json()).toEqual({
      enabled: true,
      plugins: [{ name: 'webhooks', healthy: true }],
    });
    const off = await testServer({ AUTHWALK_EVENTS: 'off' });
    try {
      expect(await (await off.ask('/events/health')).json()).toEqual({ enabled: false, plugins: [] });
      const refused = await off.ask('/events/ingest', json({ id: '1' }));
      expect([refused.status, await refused.json()]).toEqual([
        503,
        expect.objectContaining({ error: 'eventing_disabled' }),
      ]);
    } finally {
      await off.close();
    }
  });

  it('need the admin token on a public instance, and events are off there by default', async () => {
    const env = { PUBLIC_URL: 'https://walk.example.com', AUTHWALK_ADMIN_TOKEN: 'operators-only-token' };
    const open = await testServer(env);
    try {
      expect((await open.ask('/events/health')).status).toBe(401);
      const headers = { authorization: 'Bearer operators-only-token' };
      expect(await (await open.ask('/events/health', { headers })).json()).toMatchObject({ enabled: false });
    } finally {
      await open.close();
    }
  });
});
