/**
 * The live stream: cut in the middle of traffic, and through a server that is killed, nothing is lost and nothing
 * comes twice.
 */
import { connectAuthwalk, type Sandbox } from 'authwalk/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLive } from '#lib/live/live.ts';
import { createEventReader } from '#lib/client/events.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { startServer } from './lib/server.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const bearer = (made: Sandbox) => ({ authorization: `Bearer ${made.controlToken}` });

/** A request that is told from all others. */
function ask(made: Sandbox, index: number): Promise<Response> {
  const ways = [
    () =>
      fetch(`${made.mcp.oauth}?n=${index}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: index, method: 'tools/list' }),
      }),
    () => fetch(`${made.issuer}/.well-known/jwks.json?n=${index}`),
    () =>
      fetch(`${made.issuer}/oauth/token?n=${index}`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'nobody', refresh_token: `none-${index}` }),
      }),
  ];
  return ways[index % ways.length]!();
}
const indexOf = (exchange: Exchange): number => Number(new URL(exchange.request.url).searchParams.get('n'));

/**
 * Reads the stream after an id, until `enough` events have come or it breaks off.
 * @returns what came whole
 */
async function read(origin: string, made: Sandbox, after: number, enough: number): Promise<Exchange[]> {
  const control = new AbortController();
  const response = await fetch(`${origin}/api/sandboxes/${made.id}/stream`, {
    headers: { ...bearer(made), 'last-event-id': String(after) },
    signal: control.signal,
  });
  expect(response.status).toBe(200);
  const events = createEventReader();
  const decoder = new TextDecoder();
  const found: Exchange[] = [];
  try {
    for await (const chunk of response.body!) {
      for (const event of events.push(decoder.decode(chunk as Uint8Array, { stream: true }))) {
        if (event.event !== 'exchange') continue;
        const exchange = JSON.parse(event.data) as Exchange;
        expect.soft(String(exchange.seq)).toBe(event.id);
        found.push(exchange);
        // The connection ends here, whatever else is on its way.
        if (found.length >= enough) {
          control.abort();
          return found;
        }
      }
    }
  } catch {
    /* broken off */
  }
  return found;
}

test('cut again and again in the middle of traffic, it goes on after the last number', async () => {
  const server = await startServer();
  const made = await server.sandbox();
  const count = 240;
  const traffic = (async () => {
    for (let index = 1; index <= count; index += 4)
      await Promise.all([0, 1, 2, 3].map(async (more) => (await ask(made, index + more)).text()));
  })();
  const seen: Exchange[] = [];
  let cuts = 0;
  while (seen.length < count) {
    seen.push(
      ...(await read(server.origin, made, seen.at(-1)?.seq ?? 0, Math.min(1 + ((cuts * 7) % 23), count - seen.length))),
    );
    cuts += 1;
  }
  await traffic;
  expect(cuts).toBeGreaterThan(15);
  expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_nothing, index) => index + 1));
  expect(seen.map(indexOf).sort((a, b) => a - b)).toEqual(
    Array.from({ length: count }, (_nothing, index) => index + 1),
  );
  await server.close();
});

test('the page’s own reader, whose connections break off after some bytes', async () => {
  const server = await startServer();
  const made = await server.sandbox();
  let streams = 0;
  const breaking: typeof globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).includes('/stream') || response.body === null) return response;
    streams += 1;
    let left = 4_000 + ((streams * 2_500) % 9_000);
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) controller.error(new Error('broken off'));
      },
    });
    return new Response(response.body.pipeThrough(cut), response);
  };
  const live = createLive({
    address: `${server.origin}/api/sandboxes/${made.id}`,
    token: made.controlToken,
    fetch: breaking,
  });
  const stop = live.start();
  for (let index = 1; index <= 60; index += 1) await (await ask(made, index)).text();
  for (let waited = 0; live.snapshot().exchanges.length < 60 && waited < 200; waited += 1) await pause(100);
  stop();
  expect(streams).toBeGreaterThan(2);
  expect(live.snapshot().exchanges.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 60 }, (_nothing, index) => index + 1),
  );
  await server.close();
});

/** The server as a child process. */
async function spawnServer(file: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'lib', 'child-server.ts'), String(port)],
    { env: { ...process.env, DATABASE_URL: `file:${file}`, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const listening = await new Promise<number>((resolve, reject) => {
    child.stdout!.on('data', (data: Buffer) => {
      const found = /listening (\d+)/.exec(String(data))?.[1];
      if (found) resolve(Number(found));
    });
    child.once('exit', (code, signal) => reject(new Error(`the server ended: ${code} ${signal}`)));
  });
  return { child, port: listening };
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

test('killed with kill -9 and started again: what was acknowledged is there, and the stream goes on', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'authwalk-stream-'));
  const file = join(folder, 'authwalk.db');
  let { child, port } = await spawnServer(file, 0);
  const origin = `http://127.0.0.1:${port}`;
  try {
    const made = await (await connectAuthwalk(origin)).sandbox();
    const other = await (await connectAuthwalk(origin)).sandbox();
    const seen: Exchange[] = [];
    const answered = new Set<number>();
    let listed: Exchange[] = [];
    let index = 0;
    for (let round = 0; round < 3; round += 1) {
      let isUp = true;
      const traffic = (async () => {
        while (isUp) {
          index += 1;
          const mine = index;
          await ask(made, mine).then(
            async (answer) => {
              await answer.text();
              answered.add(mine);
            },
            () => undefined,
          );
        }
      })();
      seen.push(...(await read(origin, made, seen.at(-1)?.seq ?? 0, 25)));
      const answer = await fetch(`${origin}/api/sandboxes/${made.id}/exchanges`, { headers: bearer(made) });
      listed = ((await answer.json()) as { exchanges: Exchange[] }).exchanges;
      // It is cut down in the middle of what is being asked and told.
      const reading = read(origin, made, seen.at(-1)!.seq, 10_000).catch((): Exchange[] => []);
      await pause(60);
      await kill(child);
      isUp = false;
      seen.push(...(await reading));
      await traffic;
      ({ child } = await spawnServer(file, port));
      const after = (
        (await (await fetch(`${origin}/api/sandboxes/${made.id}/exchanges`, { headers: bearer(made) })).json()) as {
          exchanges: Exchange[];
        }
      ).exchanges;
      const kept = new Map(after.map((exchange) => [exchange.seq, exchange]));
      for (const exchange of [...seen, ...listed].filter(({ seq }) => seq > after.at(-1)!.seq - 490))
        expect.soft(kept.get(exchange.seq)?.request.url).toBe(exchange.request.url);
      seen.push(
        ...(after.at(-1)!.seq > seen.at(-1)!.seq
          ? await read(origin, made, seen.at(-1)!.seq, after.at(-1)!.seq - seen.at(-1)!.seq)
          : []),
      );
    }
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: seen.length }, (_nothing, place) => place + 1));
    const numbers = seen.map(indexOf);
    expect(new Set(numbers).size).toBe(numbers.length);
    // What waits to be written when the process dies may be lost, and nothing else.
    expect([...answered].filter((number) => !numbers.includes(number)).length).toBeLessThan(3 * 30);
    // The sandboxes and their control tokens outlive it.
    expect((await fetch(`${origin}/api/sandboxes/${other.id}`, { headers: bearer(other) })).status).toBe(200);
    const registered = await fetch(`${other.issuer}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://localhost/cb'] }),
    });
    expect(registered.status).toBe(201);
  } finally {
    await kill(child);
    await rm(folder, { recursive: true, force: true });
  }
});
