/** The HTTP server itself, on real sockets: what it refuses, what it ignores, and how it stops. */
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Container, createContainer } from './container.ts';
import { createEntry, type Entry } from './entry.ts';
import { readEnv } from './env.ts';
import type { PageHandler } from './pages.ts';

interface Running {
  readonly entry: Entry;
  readonly container: Container;
  readonly port: number;
  /** Sends bytes as they are; resolves with all that came back when the other side ends. */
  raw(text: string): Promise<string>;
  open(text?: string): Promise<Socket>;
  json(path: string, body: unknown): Promise<Record<string, unknown>>;
}

const running: Running[] = [];
afterEach(async () => {
  for (const { entry, container } of running.splice(0)) {
    await entry.stop(0);
    await container.close();
  }
});

/** Pages that do what Next does: they listen for upgrades once a page was opened, and answer 404 as HTML. */
function nextLike(entry: () => Entry): PageHandler {
  let attached = false;
  return async (request, response) => {
    if (!attached) entry().server.on('upgrade', () => undefined);
    attached = true;
    response.statusCode = request.url?.startsWith('/guide') ? 200 : 404;
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>page</title>');
  };
}

async function start(env: Record<string, string> = {}): Promise<Running> {
  const container = await createContainer(readEnv({ DATABASE_URL: ':memory:', ...env }), { log: () => undefined });
  const pages = nextLike(() => entry);
  const entry: Entry = createEntry(container, { dev: false, pages: () => pages });
  await new Promise<void>((resolve) => entry.server.listen(0, '127.0.0.1', resolve));
  const { port } = entry.server.address() as { port: number };
  const open = (text = ''): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        if (text !== '') socket.write(text.replaceAll('\n', '\r\n'));
        resolve(socket);
      });
      socket.on('error', reject);
    });
  const server: Running = {
    entry,
    container,
    port,
    open,
    async raw(text) {
      const socket = await open(text);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += String(chunk);
      });
      await new Promise((resolve) => socket.on('close', resolve));
      return answer;
    },
    async json(path, body) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    },
  };
  running.push(server);
  return server;
}

const request = (path: string, headers = '', port = 0): string =>
  `GET ${path} HTTP/1.1\nHost: localhost:${port}\nConnection: close${headers}\n\n`;
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

describe('an upgrade that is not offered', () => {
  it.each([
    ['h2c', 'Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'],
    ['websocket', 'Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13'],
  ])('is ignored and the request answered, before and after a page was opened: %s', async (_, headers) => {
    const { raw, port } = await start();
    const ask = `GET /health HTTP/1.1\nHost: localhost:${port}\n${headers}\n\n`;
    for (const opened of [false, true]) {
      if (opened) await raw(request('/guide', '\nAccept: text/html', port));
      const answer = await raw(ask);
      expect([opened, answer.split('\r\n', 1)[0]]).toEqual([opened, 'HTTP/1.1 200 OK']);
      expect(answer).toContain('"status":"healthy"');
    }
  });

  it('leaves no socket behind', async () => {
    const { entry, raw, open, port } = await start();
    await raw(request('/guide', '\nAccept: text/html', port));
    const ask = `GET /health HTTP/1.1\nHost: localhost:${port}\nConnection: Upgrade\nUpgrade: h2c\n\n`;
    const sockets = await Promise.all(Array.from({ length: 50 }, () => open(ask)));
    await Promise.all(sockets.map((socket) => closed(socket.resume())));
    await expect
      .poll(() => new Promise((resolve) => entry.server.getConnections((_, count) => resolve(count))))
      .toBe(0);
  });
});

describe('the stop', () => {
  it('waits for a request in flight and ends it, and closes at once what is silent, half sent or idle', async () => {
    const { entry, container, open, json, port } = await start();
    const made = await json('/api/sandboxes', {
      config: { faults: [{ endpoint: 'jwks', effect: { delay_ms: 600 } }] },
    });
    const silent = await open();
    const half = await open('POST /oauth/token HTTP/1.1\nHost: loc');
    const idle = await open(`GET /health HTTP/1.1\nHost: localhost:${port}\n\n`);
    await new Promise((resolve) => idle.once('data', resolve));
    const slow = fetch(`http://127.0.0.1:${port}/s/${String(made.id)}/.well-known/jwks.json`);
    const stream = await fetch(`http://127.0.0.1:${port}/api/sandboxes/${String(made.id)}/stream`, {
      headers: { authorization: `Bearer ${String(made.control_token)}` },
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ended = Promise.all([silent, half, idle].map(closed));
    container.stopStreams();
    const stopped = entry.stop(30_000);
    await ended;
    // The stream ends in order: its reader comes back with its last id.
    expect(await stream.text()).toContain('retry: 1000');
    expect((await slow).status).toBe(200);
    await stopped;
  });

  it('destroys what does not end, a body that never comes among it', async () => {
    const { entry, open, port } = await start();
    const stuck = await open(
      `POST /oauth/token HTTP/1.1\nHost: localhost:${port}\nContent-Type: ` +
        'application/x-www-form-urlencoded\nContent-Length: 10\n\na',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([closed(stuck), entry.stop(100)]);
    expect(stuck.destroyed).toBe(true);
  });
});

describe('a target in absolute form', () => {
  it('is read as path and query, and its authority counts as the Host [RFC 9112 §3.2.2]', async () => {
    const { raw, port } = await start();
    const ask = (target: string, host: string) => raw(`GET ${target} HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
    const METADATA = '/.well-known/oauth-authorization-server';
    const good = await ask(`HTTP://127.0.0.1:${port}${METADATA}`, 'evil.example');
    expect(good).toMatch(/^HTTP\/1\.1 200 /);
    expect(good).toContain(`"issuer":"http://127.0.0.1:${port}"`);
    expect(await ask(`http://localhost:${port}/health?x=http://a.example`, `localhost:${port}`)).toContain('healthy');
    for (const authority of ['evil.example', `evil.example@localhost:${port}`, `localhost:${port}@evil.example`, '']) {
      const answer = await ask(`http://${authority}${METADATA}`, `localhost:${port}`);
      expect.soft([authority, answer.split(' ', 2)[1], answer.includes('"issuer"')]).toEqual([authority, '421', false]);
    }
    expect(await raw('OPTIONS * HTTP/1.1\nHost: x\nConnection: close\n\n')).toMatch(/^HTTP\/1\.1 204 /);
  });

  it('a request of HTTP/1.0 without a host is for the port that it came to', async () => {
    const { raw, port } = await start();
    expect(await raw('GET /.well-known/oauth-authorization-server HTTP/1.0\n\n')).toContain(
      `"issuer":"http://localhost:${port}"`,
    );
  });
});

describe('a request that cannot be read', () => {
  it('is a 421 that says so if its Host is none', async () => {
    const { raw } = await start();
    for (const host of ['localhost:abc', '[::ffff:127.0.0.1]', 'a@localhost', 'localhost,evil.example', '']) {
      const answer = await raw(`GET /mcp HTTP/1.1\nHost: ${host}\nConnection: close\n\n`);
      expect.soft([host, answer.split(' ', 2)[1], answer.includes('PUBLIC_URL')]).toEqual([host, '421', true]);
    }
    const site = await start({ PUBLIC_URL: 'https://authwalk.example', AUTHWALK_ADMIN_TOKEN: 'x'.repeat(32) });
    expect(await site.raw('GET /ready HTTP/1.1\nHost: localhost:abc\nConnection: close\n\n')).toContain('"ready":true');
  });

  it('is a 400 with a link if it has two Host headers', async () => {
    const { raw, port } = await start();
    for (const path of ['/health', '/guide', '/oauth/token']) {
      const answer = await raw(
        `GET ${path} HTTP/1.1\nHost: localhost:${port}\nhost: evil.example\nConnection: close\n\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain(`http://localhost:${port}/reference#error-invalid_request`);
    }
  });

  it('carries the policy whatever is wrong with it', async () => {
    const { raw, port } = await start();
    for (const path of ['/%ff', '//evil.example/', '/mcp/', '/nothing', '/_next/static/nothing.js']) {
      const answer = await raw(request(path, '', port));
      expect([path, /^HTTP\/1\.1 40[04] /.test(answer)]).toEqual([path, true]);
      expect([path, /content-security-policy: sandbox; default-src 'none'/i.test(answer)]).toEqual([path, true]);
      expect([path, /x-content-type-options: nosniff/i.test(answer)]).toEqual([path, true]);
    }
  });
});

describe('an address where there is nothing', () => {
  it('answers JSON unless Accept names text/html', async () => {
    const { port } = await start();
    const ask = (accept: string) => fetch(`http://127.0.0.1:${port}/nothing`, { headers: { accept } });
    for (const accept of ['*/*', 'application/json', 'text/*', 'text/html;q=0']) {
      const response = await ask(accept);
      expect([accept, response.status]).toEqual([accept, 404]);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toEqual({
        error: 'not_found',
        error_description: 'There is nothing at this address.',
        error_uri: `http://127.0.0.1:${port}/reference#error-not_found`,
      });
    }
    const page = await ask('text/html,application/xhtml+xml,*/*;q=0.8');
    expect([page.status, await page.text()]).toEqual([404, '<!doctype html><title>page</title>']);
    const found = await fetch(`http://127.0.0.1:${port}/guide`, { headers: { accept: '*/*' } });
    expect([found.status, await found.text()]).toEqual([200, '<!doctype html><title>page</title>']);
  });
});
