import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

/** By a socket: `fetch` tidies paths and decompresses. */
const get = (path: string, accepts = 'gzip, br') =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    ask({ port, host: '127.0.0.1', path, headers: { 'Accept-Encoding': accepts } }, (answer) => {
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

test.each([
  ['a reader that takes no Brotli', '/_next/static/chunks/a.js', 'gzip'],
  ['a file that is not there', '/_next/static/chunks/b.js', 'br'],
  ['a path that leads out', '/_next/static/../secret.js', 'br'],
  ['another kind of file', '/_next/static/chunks/a.json', 'br'],
])('%s is left to Next', async (_, path, accepts) => {
  expect((await get(path, accepts)).status).toBe(418);
});
