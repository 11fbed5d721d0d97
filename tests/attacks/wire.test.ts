/** Bytes that no client library would send, to a real socket. */
import type { Sandbox } from 'authwalk/testing';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../lib/server.ts';

let server: RunningServer;
let sandbox: Sandbox;
let host: string;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox();
  host = new URL(server.origin).host;
});
afterAll(() => server.close());

/** Sends bytes and reads until the server closes, or for a while. */
function raw(bytes: string, wait = 400): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
    let text = '';
    const timer = setTimeout(() => socket.destroy(), wait);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
    );
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}
const statuses = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
const alive = async () => expect((await fetch(`${server.origin}/health`)).status).toBe(200);
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

test('an absolute address in the request line does not become the issuer', async () => {
  for (const [line, header] of [
    [`GET http://evil.example/.well-known/oauth-authorization-server HTTP/1.1`, `Host: ${host}`],
    [`GET http://evil.example/.well-known/oauth-authorization-server HTTP/1.1`, 'Host: evil.example'],
    [`GET https://evil.example@${host}/.well-known/oauth-authorization-server HTTP/1.1`, `Host: ${host}`],
    [`GET //evil.example/.well-known/oauth-authorization-server HTTP/1.1`, `Host: ${host}`],
  ]) {
    const answer = await raw(`${line}\r\n${header}\r\nConnection: close\r\n\r\n`);
    expect.soft([line, header, answer.includes('"issuer":"http://evil')]).toEqual([line, header, false]);
    for (const status of statuses(answer)) expect.soft(status).toBeLessThan(500);
  }
  await alive();
});

test('two hosts, no host, or an odd one', async () => {
  for (const headers of [
    `Host: ${host}\r\nHost: evil.example`,
    `Host: evil.example\r\nHost: ${host}`,
    'X: y',
    'Host: ',
    `Host: ${host}, evil.example`,
    `Host: ${host}/evil`,
    `Host: user@${host}`,
    'Host: [::1',
    'Host: \u00e9',
  ]) {
    const answer = await raw(
      `GET /.well-known/oauth-authorization-server HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`,
    );
    expect.soft([headers, answer.includes('evil')]).toEqual([headers, false]);
    for (const status of statuses(answer)) expect.soft([200, 400, 421]).toContain(status);
  }
  expect(statuses(await raw('GET /health HTTP/1.0\r\n\r\n', 10_000))).toEqual([200]);
  await alive();
});

test('a request hidden in another is not carried out', async () => {
  const hidden =
    `DELETE /api/sandboxes/${sandbox.id} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ` +
    `${sandbox.controlToken}\r\n\r\n`;
  for (const framing of [
    'Content-Length: 0\r\nContent-Length: 5',
    `Content-Length: 6\r\nTransfer-Encoding: chunked`,
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding : chunked',
    'Content-Length: +5',
    'Content-Length: -1',
    'Content-Length: 0x5',
    'Transfer-Encoding:\tchunked, gzip',
  ]) {
    const answer = await raw(
      `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}${framing}\r\n\r\n0\r\n\r\n${hidden}`,
    );
    expect.soft([framing, statuses(answer).includes(204)]).toEqual([framing, false]);
  }
  expect(
    (
      await fetch(`${server.origin}/api/sandboxes/${sandbox.id}`, {
        headers: { authorization: `Bearer ${sandbox.controlToken}` },
      })
    ).status,
  ).toBe(200);
});

test('a line, a header, a method or a version that is none', async () => {
  for (const bytes of [
    'GET / HTTP/9.9\r\n\r\n',
    'FOO\r\n\r\n',
    `G\u0000T / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /\u0000 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /\u00e9\u00ff HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `GET /#fragment HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `GET * HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `TRACE / HTTP/1.1\r\nHost: ${host}\r\nCookie: secret=1\r\nConnection: close\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(30_000)}\r\n\r\n`,
    `GET /?${'x'.repeat(30_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    '\u0016\u0003\u0001\u0002\u0000\u0001',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  ]) {
    const answer = await raw(bytes);
    for (const status of statuses(answer))
      expect.soft([bytes.slice(0, 40), status < 500]).toEqual([bytes.slice(0, 40), true]);
    expect.soft(answer).not.toContain('secret=1');
  }
  await alive();
});

test('a body that never ends, or ends too soon, or is not what it says', async () => {
  for (const bytes of [
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Content-Length: 100\r\n\r\ngrant_type=x`,
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nx`,
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Content-Length: 99999999999\r\n\r\nx`,
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Content-Encoding: gzip\r\nContent-Length: ` +
      '3\r\nConnection: close\r\n\r\nx=y',
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Expect: 100-continue\r\nContent-Length: ` +
      '3\r\nConnection: close\r\n\r\nx=y',
    `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\n${FORM}Expect: nonsense\r\nContent-Length: ` +
      '3\r\nConnection: close\r\n\r\nx=y',
  ]) {
    for (const status of statuses(await raw(bytes)))
      expect.soft([bytes.slice(50, 160), status < 500]).toEqual([bytes.slice(50, 160), true]);
  }
  await alive();
});

test('what comes twice in a header is not read as one of the two', async () => {
  const answer = await raw(
    `GET /api/resource HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer a\r\nAuthorization: Bearer ` +
      'b\r\nConnection: close\r\n\r\n',
    10_000,
  );
  expect(statuses(answer)).toEqual([401]);
  const cookies = await raw(
    `GET /oauth/authorize?client_id=x HTTP/1.1\r\nHost: ${host}\r\nCookie: ` +
      `authwalk=${'a'.repeat(43)}\r\nCookie: authwalk=${'b'.repeat(43)}\r\nConnection: close\r\n\r\n`,
    10_000,
  );
  expect(statuses(cookies)).toEqual([400]);
});
