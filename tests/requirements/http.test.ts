import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../lib/server.ts';
import { basicOf, form, type Instance, json, openInstance, ORIGIN, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
});
afterAll(() => instance.close());

test.each([
  ['/oauth/token', 'POST, OPTIONS'],
  ['/oauth/introspect', 'POST, OPTIONS'],
  ['/oauth/revoke', 'POST, OPTIONS'],
  ['/oauth/register', 'POST, OPTIONS'],
  ['/oauth/par', 'POST, OPTIONS'],
  ['/oauth/authorize', 'GET, POST, HEAD, OPTIONS'],
  ['/.well-known/jwks.json', 'GET, HEAD, OPTIONS'],
  ['/oauth/userinfo', 'GET, POST, HEAD, OPTIONS'],
])('a wrong method is 405, with Allow: %j %j [#http.method-not-allowed]', async (path, allow) => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    const answer = await sandbox.ask(path!, { method });
    expect.soft([path, method, answer.status, answer.headers.get('allow')]).toEqual([path, method, 405, allow]);
  }
});

test('a body over 64 KiB is 413, whether its length is declared or not [#http.body-bound]', async () => {
  const api = await sandbox.confidential();
  const body = `grant_type=client_credentials&x=${'x'.repeat(65_536)}`;
  expect(await sandbox.post('/oauth/token', body, basicOf(api))).toMatchObject({
    status: 413,
    body: { error: 'invalid_request' },
  });
  expect(
    (
      await sandbox.json('POST', '/oauth/register', {
        redirect_uris: ['https://client.example/'],
        x: 'x'.repeat(65_536),
      })
    ).status,
  ).toBe(413);
  expect(
    (await sandbox.post('/oauth/token', `grant_type=client_credentials&x=${'x'.repeat(65_000)}`, basicOf(api))).status,
  ).toBe(200);
  const server = await startServer();
  try {
    const stream = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 20; at += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(8192)));
        controller.close();
      },
    });
    const answer = await fetch(`${server.origin}/oauth/token`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    } as RequestInit);
    expect(answer.status).toBe(413);
  } finally {
    await server.close();
  }
});

test('on a loopback instance another Host is 421 [#http.host]', async () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.0.1',
    '10.0.0.1:3000',
    '[::2]',
    '0.0.0.0',
    '127.1',
    '2130706433',
    '[::ffff:127.0.0.1]',
  ]) {
    for (const path of [
      '/.well-known/oauth-authorization-server',
      '/mcp',
      '/api/sandboxes',
      `/s/${sandbox.id}/oauth/authorize`,
    ]) {
      const answer = await instance.server.ask(path, { host });
      expect.soft([host, path, answer.status]).toEqual([host, path, 421]);
    }
  }
  expect((await instance.server.ask('/health', { host: 'evil.example' })).status).toBe(200);
});

test('the Host of a public instance is ignored [#http.public-host]', async () => {
  const site = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
  for (const host of ['evil.example', 'authwalk.example', 'localhost:3000']) {
    const answer = await site.server.ask('/.well-known/oauth-authorization-server', {
      host,
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' },
    });
    const text = await answer.text();
    expect
      .soft([answer.status, JSON.parse(text).issuer, text.includes('evil')])
      .toEqual([200, 'https://authwalk.example', false]);
  }
  await site.close();
});

test('every origin may read protocol answers, and none with credentials [#http.cors]', async () => {
  const site = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
  const place = await site.sandbox();
  const origin = 'https://spa.example';
  for (const path of [
    '/.well-known/oauth-authorization-server',
    '/.well-known/jwks.json',
    '/oauth/userinfo',
    '/mcp',
    '/oauth/token',
    '/nothing',
  ]) {
    const answer = await place.get(path, { origin });
    expect
      .soft([
        path,
        answer.headers.get('access-control-allow-origin'),
        answer.headers.get('access-control-allow-credentials'),
      ])
      .toEqual([path, '*', null]);
    expect.soft(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
    const preflight = await place.ask(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, dpop, mcp-protocol-version',
      },
    });
    expect.soft(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    if (path !== '/nothing')
      expect
        .soft([preflight.status, preflight.headers.get('access-control-allow-headers')])
        .toEqual([204, 'authorization, dpop, mcp-protocol-version']);
  }
  // What carries the cookie is not shared at all.
  for (const path of ['/oauth/authorize', '/oauth/logout', '/activate']) {
    const answer = await place.get(path, { origin });
    expect.soft([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, null]);
  }
  await site.close();
});

test('no protocol answer can run a script, or be sniffed for one [#http.inert]', async () => {
  const answers = [
    await sandbox.get('/.well-known/jwks.json'),
    await sandbox.token({}),
    await sandbox.get('/nothing'),
    await sandbox.get('/oauth/authorize', { accept: 'text/html' }),
    await sandbox.call(null),
    await instance.ask('/%ff'),
  ];
  for (const { headers } of answers) {
    expect.soft(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect.soft(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test(
  'addresses with a trailing slash, in capitals or undecodable are not found, and never redirected ' +
    '[#http.addresses]',
  async () => {
    for (const path of [
      '/oauth/token/',
      '/oauth/authorize/',
      '/OAUTH/TOKEN',
      '/oauth//token',
      '/oauth/./token/x',
      '/oauth/token/extra',
      '/mcp/',
      '/oauth/token%2F',
      '/oauth%2Ftoken',
      '/s/',
      '/s/nobody/oauth/token',
      '/s/__proto__/oauth/token',
      '/s/constructor/mcp',
    ]) {
      for (const init of [{}, form({ grant_type: 'x' })]) {
        const answer = await instance.ask(path, init);
        expect.soft([path, answer.status, answer.headers.get('location')]).toEqual([path, 404, null]);
        expect.soft(answer.body).toMatchObject({
          error: expect.any(String),
          error_uri: expect.stringContaining(`${ORIGIN}/reference#error-`),
        });
      }
    }
    for (const path of ['/%', '/%ff', '/s/%ff/mcp', '/oauth/%c0%80', '/oauth/register/%ff'])
      expect.soft([path, (await instance.ask(path)).status]).toEqual([path, 400]);
  },
);

test('nothing that a client sends makes a 5xx [#http.never-500]', async () => {
  const api = await sandbox.confidential();
  const odd = [
    '\u0000',
    '💥'.repeat(100),
    '\uFFFF',
    '%',
    "'; DROP TABLE clients; --",
    '{"$ne":null}',
    '__proto__',
    '[object Object]',
    'NaN',
    '-1',
    '1e999',
    'x'.repeat(10_000),
  ];
  for (const value of odd) {
    for (const name of [
      'grant_type',
      'code',
      'client_id',
      'client_secret',
      'client_assertion',
      'scope',
      'resource',
      'refresh_token',
      'code_verifier',
      'subject_token',
      'assertion',
      'device_code',
      'token',
      'token_type_hint',
      'audience',
    ]) {
      for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke']) {
        const answer = await sandbox.post(
          path,
          { grant_type: 'authorization_code', token: 'x', [name]: value },
          name.startsWith('client') ? {} : basicOf(api),
        );
        expect
          .soft([path, name, value.slice(0, 20), answer.status < 500])
          .toEqual([path, name, value.slice(0, 20), true]);
      }
    }
    for (const header of [
      'authorization',
      'dpop',
      'cookie',
      'accept',
      'content-type',
      'content-encoding',
      'content-length',
    ]) {
      if (!/^[\x20-\x7E]*$/.test(value)) continue;
      expect
        .soft(
          (
            await instance.ask(`${sandbox.issuer}/oauth/token`, {
              method: 'POST',
              body: 'grant_type=x',
              headers: { 'content-type': 'application/x-www-form-urlencoded', [header]: value },
            })
          ).status,
        )
        .toBeLessThan(500);
    }
    expect
      .soft(
        (
          await sandbox.json('POST', '/oauth/register', {
            redirect_uris: [value],
            client_name: value,
            scope: value,
            jwks_uri: value,
          })
        ).status,
      )
      .toBeLessThan(500);
  }
  for (const deep of [
    '['.repeat(5000),
    `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`,
    `{"redirect_uris":${'['.repeat(1000)}${']'.repeat(1000)}}`,
  ]) {
    expect.soft((await instance.ask(`${sandbox.issuer}/oauth/register`, json('POST', deep))).status).toBe(400);
  }
  expect(
    (
      await instance.ask(
        `${sandbox.issuer}/oauth/register`,
        json('POST', `{"redirect_uris":["https://client.example/"],"x":${'['.repeat(40)}${']'.repeat(40)}}`),
      )
    ).body.error_description,
  ).toContain('nests');
  expect(instance.server.logged).toEqual([]);
});

test('nobody of another sandbox is known in this one [#sandbox.isolated]', async () => {
  const other = await instance.sandbox();
  const client = await other.register();
  const api = await other.confidential();
  const code = await other.code(client);
  const tokens = await other.tokens(client);
  expect((await sandbox.authorize(client, { auto_approve: 'true' })).status).toBe(400);
  expect((await sandbox.redeem(client, code)).body.error).toBe('invalid_client');
  expect((await sandbox.refresh(client, tokens.refresh_token)).body.error).toBe('invalid_client');
  expect((await sandbox.token({ grant_type: 'client_credentials' }, basicOf(api))).body.error).toBe('invalid_client');
  expect(await sandbox.introspect(tokens.access_token)).toEqual({ active: false });
  expect(
    (
      await instance.ask(`${ORIGIN}/api/sandboxes/${sandbox.id}`, {
        headers: { authorization: `Bearer ${other.made.control_token}` },
      })
    ).status,
  ).toBe(401);
});

test('too many requests are told when to come back, in headers that a page may read [#http.rate-limit]', async () => {
  const site = await openInstance({ AUTHWALK_RATE_LIMITS: 'on' });
  const place = await site.sandbox();
  const answers = [];
  for (let at = 0; at < 125; at += 1) answers.push(await place.post('/oauth/device_authorization', {}));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(5);
  expect(refused[0]).toMatchObject({
    body: { error: 'rate_limit_exceeded', error_uri: `${ORIGIN}/reference#error-rate_limit_exceeded` },
  });
  expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused[0]!.headers.get('ratelimit')).toContain('r=0');
  expect(answers[0]!.headers.get('ratelimit-policy')).toContain('q=120');
  // One endpoint's limit is not another's.
  expect((await place.get('/.well-known/jwks.json')).status).toBe(200);
  await site.close();
});

test.each([
  '/.well-known/oauth-authorization-server',
  '/.well-known/jwks.json',
  '/oauth/authorize',
  '/oauth/userinfo',
  '/api/resource',
  '',
])('HEAD wherever GET, OPTIONS wherever anything: %j [#http.head-options]', async (path) => {
  const [get, head, options] = [
    await sandbox.get(path),
    await sandbox.ask(path, { method: 'HEAD' }),
    await sandbox.ask(path, { method: 'OPTIONS' }),
  ];
  expect([path, head.status, head.text, options.status]).toEqual([path, get.status, '', 204]);
});

test('a sandbox is bounded, and says which bound was reached [#sandbox.bounded]', async () => {
  const place = await instance.sandbox();
  const body = { redirect_uris: ['https://client.example/'], token_endpoint_auth_method: 'none' };
  for (let at = 0; at < 10; at += 1) {
    const made = await Promise.all(
      Array.from({ length: 100 }, (_, one) =>
        place.control('POST', '/clients', { ...body, client_id: `c-${at}-${one}` }),
      ),
    );
    expect.soft(made.every(({ status }) => status === 201)).toBe(true);
  }
  const over = await place.control('POST', '/clients', { ...body, client_id: 'one-more' });
  expect([400, 429]).toContain(over.status);
  expect(over.body.error_description).toMatch(/1.?000/);
  // Whoever registers makes room among those who registered: nobody meets a full sandbox, and it does not grow.
  const open = await instance.sandbox();
  for (let at = 0; at < 11; at += 1) {
    const made = await Promise.all(Array.from({ length: 100 }, () => open.json('POST', '/oauth/register', body)));
    expect.soft(made.every(({ status }) => status === 201)).toBe(true);
  }
  expect(await instance.server.container.store.tenant(open.id).listClients({ limit: 2000 })).toHaveLength(1000);
  // 128 bits name a sandbox.
  expect(place.id.length).toBeGreaterThanOrEqual(22);
});
