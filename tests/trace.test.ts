/** A request is found again: in the trace that it belongs to, and in the log. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';
import { testServer } from '#lib/server/testing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

afterEach(() => {
  vi.restoreAllMocks();
});

test('traceparent goes along with what is fetched on the word of a client', async () => {
  const seen: (string | undefined)[] = [];
  const documents = createServer((request, response) => {
    seen.push(request.headers.traceparent as string | undefined);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
  const server = await testServer();
  try {
    const address = `http://127.0.0.1:${(documents.address() as AddressInfo).port}/client.json`;
    const ask = (name: string, header: string) =>
      server.ask(`/oauth/authorize?client_id=${encodeURIComponent(`${address}?${name}`)}`, {
        headers: { traceparent: header },
      });
    await ask('one', traceparent);
    await ask('other', 'no trace at all');
    expect(seen).toEqual([traceparent, undefined]);
  } finally {
    documents.close();
    await server.close();
  }
});

test('a line of the log is JSON, and names the request and its trace', async () => {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
  const container = await createContainer(readEnv({ DATABASE_URL: ':memory:', AUTHWALK_LOG: 'json' }));
  vi.spyOn(container.store, 'getSandbox').mockRejectedValue(new Error('a fault of ours'));
  const ask = (headers: Record<string, string>) =>
    container.app.fetch(
      new Request('http://localhost:3000/s/abcdefghijklmnopqrstuvwxyz', {
        headers: { host: 'localhost:3000', ...headers },
      }),
      {},
    );
  expect((await ask({ traceparent, 'x-request-id': 'req-7' })).status).toBe(500);
  await ask({ 'x-request-id': 'two words' });
  await container.close();
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, string>);
  expect(first).toMatchObject({ request: 'req-7', trace: TRACE, endpoint: 'server' });
  expect(first!.error).toContain('a fault of ours');
  expect(second!.request).toMatch(/^[\w-]{12}$/);
});
