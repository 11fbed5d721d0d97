import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInnerName, isPublicAddress } from './addresses.ts';
import { createGuardedFetch } from './guarded.ts';

const options = { maxBytes: 1000, accept: 'application/json' };

describe('addresses', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    'not an address',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each(['metadata.google.internal', 'METADATA.GOOGLE.INTERNAL.', 'printer.local', 'router', 'db.corp'])(
    '%s is a name of an inner network',
    (name) => {
      expect(isInnerName(name)).toBe(true);
    },
  );
});

describe('the guard [#cimd.guarded]', () => {
  test.each([
    'http://8.8.8.8/',
    'ftp://8.8.8.8/',
    'file:///etc/passwd',
    'https://user:pw@8.8.8.8/',
    'https://localhost/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest/',
    'https://[::ffff:10.0.0.1]/',
    'https://metadata.google.internal/',
    'nonsense',
  ])('refuses %s before anything is resolved', async (url) => {
    const resolve = () => {
      throw new Error('resolved');
    };
    await expect(createGuardedFetch({ resolve })(url, options)).rejects.toMatchObject({ kind: 'address' });
  });

  test('refuses a public name that resolves to an inner address, at connecting', async () => {
    const resolve = async () => [{ address: '10.0.0.1', family: 4 }];
    await expect(createGuardedFetch({ resolve })('https://client.example.com/', options)).rejects.toMatchObject({
      kind: 'address',
    });
  });

  test('refuses a name of which one address is inner', async () => {
    const resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(createGuardedFetch({ resolve })('https://client.example.com/', options)).rejects.toMatchObject({
      kind: 'address',
    });
  });

  test('refuses loopback by another name even where loopback is open to http', async () => {
    await expect(createGuardedFetch({ loopback: true })('http://client.example.com/', options)).rejects.toMatchObject({
      kind: 'address',
    });
  });

  test('says when a name does not resolve', async () => {
    const resolve = async () => {
      throw new Error('ENOTFOUND');
    };
    await expect(createGuardedFetch({ resolve })('https://client.example.com/', options)).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });
});

describe('the exchange [#cimd.bounded]', () => {
  let server: Server;
  let base: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { Location: 'http://10.0.0.1/' }).end();
      else if (request.url === '/long') response.end('x'.repeat(2000));
      else if (request.url === '/never') response.write('{');
      else if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else
        response
          .writeHead(200, { 'Content-Type': 'application/json', ETag: '"1"' })
          .end(JSON.stringify({ accept: request.headers.accept }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const fetch = createGuardedFetch({ loopback: true, timeout: 300 });

  test('brings status, headers and body', async () => {
    const answer = await fetch(`${base}/`, options);
    expect([answer.status, answer.headers.get('etag'), new TextDecoder().decode(answer.body)]).toEqual([
      200,
      '"1"',
      '{"accept":"application/json"}',
    ]);
  });
  test('revalidates by ETag', async () =>
    expect(await fetch(`${base}/`, { ...options, etag: '"1"' })).toMatchObject({ status: 304 }));
  test('does not follow a redirect', async () =>
    expect(fetch(`${base}/redirect`, options)).rejects.toMatchObject({ kind: 'redirect' }));
  test('stops reading past the bound', async () =>
    expect(fetch(`${base}/long`, options)).rejects.toMatchObject({ kind: 'too-large' }));
  test('gives up when the whole time is over', async () =>
    expect(fetch(`${base}/never`, options)).rejects.toMatchObject({ kind: 'timeout' }));
});

test('an address that did not answer is not asked again for a while', async () => {
  let asked = 0;
  let time = 0;
  const fetch = createGuardedFetch({
    now: () => time,
    resolve: async () => {
      asked += 1;
      throw new Error('no such name');
    },
  });
  const ask = () => fetch('https://gone.example.com/doc', options).catch((error: { kind?: string }) => error.kind);
  expect([await ask(), await ask(), asked]).toEqual(['unreachable', 'unreachable', 1]);
  await fetch('https://gone.example.com/doc', { ...options, method: 'POST', body: '' }).catch(() => undefined);
  expect(asked).toBe(2);
  time = 30_001;
  expect([await ask(), asked]).toEqual(['unreachable', 3]);
});
