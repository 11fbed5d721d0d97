/** Client ID metadata documents §6.5, MCP best practices: where this server can be sent on a stranger's word. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardedFetch } from '#lib/fetch/guarded.ts';
import { CALLBACK, type Instance, openInstance, ORIGIN, type TestSandbox } from '../lib/sandbox.ts';

let site: Server;
let port: number;
let hits: string[] = [];
let open: Instance;
let place: TestSandbox;
let home: Instance;
let room: TestSandbox;
beforeAll(async () => {
  site = createServer((request, response) => {
    hits.push(`${request.headers.host}${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"secret":"inner"}');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  port = (site.address() as { port: number }).port;
  open = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
  place = await open.sandbox();
  home = await openInstance();
  room = await home.sandbox();
});
afterAll(async () => {
  site.closeAllConnections();
  site.close();
  await open.close();
  await home.close();
});

/** Ways to write an address that leads inside. */
const INSIDE = [
  '127.0.0.1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'foo.localhost',
  '127.1',
  '127.0.1',
  '0',
  '0.0.0.0',
  '2130706433',
  '0x7f000001',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '127.255.255.254',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '198.18.0.1',
  '192.0.0.192',
  '168.63.129.16',
  '224.0.0.1',
  '255.255.255.255',
  'metadata.google.internal',
  'metadata',
  'router.lan',
  'printer.local',
  'db.corp',
  'intranet',
  'kubernetes.default.svc.cluster.local',
  'x.home.arpa',
];

describe('a client identifier that leads inside', () => {
  test.each(INSIDE)('%s is not fetched', async (host) => {
    hits = [];
    for (const address of [`https://${host}:${port}/client.json`, `https://${host}/client.json`]) {
      const answer = await place.authorize(
        address,
        { redirect_uri: CALLBACK, auto_approve: 'true' },
        { accept: 'text/html' },
      );
      expect.soft([address, answer.status, answer.headers.get('location')]).toEqual([address, 400, null]);
      expect.soft(answer.text).not.toContain('inner');
      const token = await place.token({
        grant_type: 'authorization_code',
        client_id: address,
        code: 'x',
        code_verifier: 'x',
      });
      expect.soft([address, token.status, token.body.error]).toEqual([address, 401, 'invalid_client']);
      const logout = await place.get(`/oauth/logout?${new URLSearchParams({ client_id: address })}`);
      expect.soft(logout.status).toBeLessThan(500);
    }
    expect(hits).toEqual([]);
  });

  test('what went wrong inside is told in the same words, so that nobody can map a network', async () => {
    const told = async (address: string) =>
      (await place.authorize(address, { redirect_uri: CALLBACK })).body.error_description;
    const first = await told(`https://127.0.0.1:${port}/client.json`);
    for (const host of ['10.0.0.1', '169.254.169.254', '[::1]', 'localhost', 'db.corp'])
      expect.soft(await told(`https://${host}/client.json`)).toBe(first);
  });

  test.each([
    `http://127.1.evil.example:${port}/c.json`,
    `http://10.0.0.1:${port}/c.json`,
    `http://0.0.0.0:${port}/c.json`,
    `http://[::ffff:127.0.0.1]:${port}/c.json`,
    `http://169.254.169.254/c.json`,
    `http://client.example/c.json`,
  ])('on a loopback instance only loopback is open, and by no other name: %j', async (address) => {
    hits = [];
    expect([
      address,
      (await room.authorize(address, { redirect_uri: CALLBACK, auto_approve: 'true' })).status,
      hits,
    ]).toEqual([address, 400, []]);
  });

  test('the server is not sent to itself', async () => {
    for (const address of [
      `${ORIGIN}/s/${room.id}/.well-known/jwks.json`,
      `${ORIGIN}/health`,
      `${ORIGIN}/api/sandboxes/${room.id}`,
    ]) {
      expect
        .soft([address, (await room.authorize(address, { redirect_uri: CALLBACK, auto_approve: 'true' })).status])
        .toEqual([address, 400]);
    }
  });
});

describe('a key set that leads inside', () => {
  test.each(INSIDE.slice(0, 45))('%s is not fetched', async (host) => {
    hits = [];
    const made = await place.json('POST', '/oauth/register', {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `https://${host}:${port}/jwks.json`,
      grant_types: ['client_credentials'],
    });
    if (made.status !== 201) {
      expect(made.body.error).toBe('invalid_client_metadata');
      return;
    }
    const answer = await place.token({
      grant_type: 'client_credentials',
      client_id: made.body.client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: ['{"alg":"ES256"}', '{}', '']
        .map((part) => (part === '' ? 'AAAA' : Buffer.from(part).toString('base64url')))
        .join('.'),
    });
    expect([answer.status, answer.body.error, hits]).toEqual([401, 'invalid_client', []]);
    expect(answer.text).not.toContain('inner');
  });
});

describe('a name that changes its mind (DNS rebinding)', () => {
  test('is held to the address that is connected to', async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return asked === 1 ? [{ address: '93.184.216.34', family: 4 }] : [{ address: '127.0.0.1', family: 4 }];
    };
    const fetch = createGuardedFetch({ resolve, timeout: 500 });
    hits = [];
    await expect(
      fetch(`https://rebind.example:${port}/client.json`, { maxBytes: 1000, accept: 'application/json' }),
    ).rejects.toMatchObject({ name: 'FetchRefused' });
    // Another path: that the first one failed is remembered for a while, and it would not be asked again.
    await expect(
      fetch(`https://rebind.example:${port}/again.json`, { maxBytes: 1000, accept: 'application/json' }),
    ).rejects.toMatchObject({ kind: 'address' });
    expect(hits).toEqual([]);
  });

  test.each(['127.0.0.1', '10.0.0.1', '::1', '::ffff:10.0.0.1', 'fd00::1', '169.254.169.254'])(
    'with an inner address beside a public one, is refused as a whole: %j',
    async (inner) => {
      const fetch = createGuardedFetch({
        resolve: async () => [
          { address: '93.184.216.34', family: 4 },
          { address: inner, family: inner.includes(':') ? 6 : 4 },
        ],
        timeout: 500,
      });
      await expect(
        fetch('https://both.example/client.json', { maxBytes: 1000, accept: 'application/json' }),
        inner,
      ).rejects.toMatchObject({ kind: 'address' });
    },
  );
});
