/**
 * The recipe for a cloud client (docs/configuration.md): a personal instance behind a tunnel. A reverse proxy on
 * loopback plays the tunnel: it ends TLS, and passes on what a browser or client of the public name sends.
 */
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../lib/server.ts';
import { MemoryProvider } from './mcp-provider.ts';

const PUBLIC = 'https://your-words.tunnel.example';
const ADMIN = 'the-token-that-is-printed-at-the-start';

let server: RunningServer;
let proxy: Server;
beforeAll(async () => {
  server = await startServer({ PUBLIC_URL: PUBLIC, AUTHWALK_INSTANCE: 'personal', AUTHWALK_ADMIN_TOKEN: ADMIN });
  const { port } = new URL(server.origin);
  proxy = createServer((request, response) => {
    const { method, url, headers } = request;
    const passed = { ...headers, host: new URL(PUBLIC).host, 'x-forwarded-proto': 'https', 'x-forwarded-for': '::1' };
    const onward = forward({ host: '127.0.0.1', port, method, path: url, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await server.close();
});

/** As the outside sees it: the public name leads to the tunnel, and nothing else is reached. */
const outside = (address: string | URL, init?: RequestInit): Promise<Response> => {
  const url = new URL(address);
  expect(url.origin).toBe(PUBLIC);
  const { port } = proxy.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, init);
};

class Outside extends MemoryProvider {
  override async redirectToAuthorization(url: URL): Promise<void> {
    url.searchParams.set('auto_approve', 'true');
    const answer = await outside(url, { redirect: 'manual' });
    this.answer = new URL(answer.headers.get('location')!);
  }
}

test('a client of the public name discovers, registers, authorizes and calls through the tunnel', async () => {
  const provider = new Outside();
  const options = { authProvider: provider as never, fetch: outside };
  const address = new URL(`${PUBLIC}/mcp`);
  const first = new StreamableHTTPClientTransport(address, options);
  await expect(new Client({ name: 'cloud', version: '1' }).connect(first)).rejects.toBeInstanceOf(UnauthorizedError);
  await first.finishAuth(provider.answer!.searchParams);
  const client = new Client({ name: 'cloud', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(address, options));
  const told = await client.callTool({ name: 'whoami', arguments: {} });
  expect(JSON.stringify(told.structuredContent)).toContain(PUBLIC);
  await client.close();
});

test('its root is recorded, and only the admin token reads and steers it', async () => {
  const read = (headers: Record<string, string>) => outside(`${PUBLIC}/api/sandboxes/default/exchanges`, { headers });
  expect((await read({})).status).toBe(401);
  const answer = await read({ authorization: `Bearer ${ADMIN}` });
  const { exchanges } = (await answer.json()) as { exchanges: readonly { endpoint: string }[] };
  const endpoints = exchanges.map(({ endpoint }) => endpoint);
  for (const endpoint of ['prm', 'as-metadata', 'register', 'authorize', 'token', 'mcp'])
    expect(endpoints).toContain(endpoint);
  const fault = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"endpoint":"token"}' };
  expect((await outside(`${PUBLIC}/api/sandboxes/default/faults`, fault)).status).toBe(401);
});
