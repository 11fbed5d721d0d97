import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staticFiles } from './static-files.ts';

const dir = mkdtempSync(join(tmpdir(), 'authwalk-static-'));
const send = staticFiles(dir);
const server = createServer((request, response) => {
  void send(request, response).then((sent) => {
    if (!sent) response.writeHead(418).end();
  });
});

beforeAll(async () => {
  mkdirSync(join(dir, '.next', 'static', 'chunks'), { recursive: true });
  writeFileSync(join(dir, '.next', 'static', 'chunks', 'a.js.br'), brotliCompressSync('go()'));
  writeFileSync(join(dir, '.next', 'secret.js.br'), brotliCompressSync('secret'));
  mkdirSync(join(dir, 'public', 'fonts'), { recursive: true });
  writeFileSync(join(dir, 'public', 'theme.js'), 'dark()');
  writeFileSync(join(dir, 'public', 'fonts', 'serif.woff2'), 'face');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

/** By a socket: `fetch` tidies paths and decompresses. */
const get = (path: string, accepts = 'gzip, br', more: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    ask({ port, host: '127.0.0.1', path, headers: { 'Accept-Encoding': accepts, ...more } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });

test('a file of the build goes out as it was compressed with the build', async () => {
  const { status, headers, body } = await get('/_next/static/chunks/a.js?x');
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  expect(brotliDecompressSync(body).toString()).toBe('go()');
});

test('a reader that takes no Brotli gets a file of the build by gzip, or as it is', async () => {
  const zipped = await get('/_next/static/chunks/a.js', 'gzip');
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.body).toString()).toBe('go()');
  const whole = await get('/_next/static/chunks/a.js', '');
  expect(whole.headers).not.toHaveProperty('content-encoding');
  expect(whole.headers.vary).toBe('Accept-Encoding');
  expect(whole.body.toString()).toBe('go()');
});

test('a file of public/ is compressed once, and asked for again by its tag', async () => {
  const { headers, body } = await get('/theme.js');
  expect(headers).toMatchObject({ 'content-encoding': 'br', 'cache-control': 'public, max-age=0' });
  expect(brotliDecompressSync(body).toString()).toBe('dark()');
  const again = await get('/theme.js', 'br', { 'If-None-Match': String(headers.etag) });
  expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
});

test('a face goes out as it is, to pages without an origin, too', async () => {
  const { headers, body } = await get('/fonts/serif.woff2', 'identity');
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'content-type': 'font/woff2' });
  expect(body.toString()).toBe('face');
});

test.each([
  ['a file of public/ for a reader that takes no Brotli', '/theme.js', 'gzip'],
  ['a file that is not there', '/_next/static/chunks/b.js', 'br'],
  ['a path that leads out', '/_next/static/../secret.js', 'br'],
  ['another kind of file', '/_next/static/chunks/a.json', 'br'],
  ['a page', '/guide', 'br'],
])('%s is left to Next', async (_, path, accepts) => {
  expect((await get(path, accepts)).status).toBe(418);
});
