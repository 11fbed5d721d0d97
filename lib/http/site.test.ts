/** Who may ask: by `Host`, by `Origin`, by the address of the peer, by preflight. */
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { json, testServer } from '#lib/server/testing.ts';
import { judgeSite, type SiteRules } from './site.ts';

const local: SiteRules = {
  scheme: 'http',
  publicUrl: null,
  isPublic: false,
  allowedHosts: new Set(),
  allowedOrigins: [],
};
const listed: SiteRules = {
  ...local,
  allowedHosts: new Set(['authwalk', 'auth.internal']),
  allowedOrigins: ['vscode-webview://*', 'tauri://localhost', 'https://app.example.com', 'null'],
};

describe('the Host of a local instance', () => {
  test.each([
    ['localhost:3000', 'http://localhost:3000'],
    ['LOCALHOST', 'http://localhost'],
    ['127.0.0.5:80', 'http://127.0.0.5'],
    ['[::1]:3000', 'http://[::1]:3000'],
    ['tenant.localhost:3000', 'http://tenant.localhost:3000'],
  ])('is loopback: %s', (host, origin) => {
    expect(judgeSite(local, host, null, '/')).toEqual({ ok: true, origin });
  });

  test.each([
    'evil.example:3000',
    'localhost.evil.example',
    '128.0.0.1',
    'authwalk',
    'a b',
    'localhost:65536',
    '.localhost',
    'a..localhost',
    null,
  ])('is nothing else: %s', (host) => {
    const verdict = judgeSite(local, host, null, '/');
    expect(verdict).toMatchObject({ ok: false, status: 421 });
    expect(verdict).toHaveProperty('says', expect.stringMatching(/PUBLIC_URL.*AUTHWALK_ALLOWED_HOSTS/));
  });

  it('may be a name that the operator lists', () => {
    expect(judgeSite(listed, 'authwalk:3000', null, '/')).toEqual({ ok: true, origin: 'http://authwalk:3000' });
    expect(judgeSite(listed, 'auth.internal', null, '/').ok).toBe(true);
  });

  it('leads to a link at the port that was asked, and not to advice that was followed already', () => {
    expect(judgeSite(local, 'evil.example:4000', null, '/').origin).toBe('http://localhost:4000');
    const known = { ...local, publicUrl: 'http://localhost:4000' };
    const verdict = judgeSite(known, 'evil.example:4000', null, '/');
    expect(verdict).toMatchObject({ origin: 'http://localhost:4000' });
    expect(verdict).toHaveProperty('says', expect.not.stringContaining('Set PUBLIC_URL'));
  });
});

describe('the Origin at a local instance', () => {
  const takes = (rules: SiteRules, origin: string): boolean => judgeSite(rules, 'localhost', origin, '/').ok;
  test.each(['http://localhost:5173', 'https://127.0.0.1', 'http://app.localhost:8080'])(
    'is loopback: %s',
    (origin) => {
      expect(takes(local, origin)).toBe(true);
    },
  );
  test.each([
    'https://app.example.com',
    'null',
    'vscode-webview://1a2b',
    'tauri://localhost',
    'http://localhost.evil.example',
  ])('is nothing else unless it is listed: %s', (origin) => {
    expect(takes(local, origin)).toBe(false);
  });
  test.each(['https://app.example.com', 'null', 'vscode-webview://1a2b-3c', 'tauri://localhost', 'http://authwalk:81'])(
    'may be listed: %s',
    (origin) => {
      expect(takes(listed, origin)).toBe(true);
    },
  );
  test.each([
    'https://app.example.com.evil.example',
    'vscode-webview://a/b',
    'tauri://localhost.evil',
    'https://vscode-webview',
  ])('is not what only looks like a listed one: %s', (origin) => {
    expect(takes(listed, origin)).toBe(false);
  });
});

describe('who controls the sandbox default when no admin token is set', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  beforeAll(async () => {
    server = await testServer({ AUTHWALK_ALLOWED_HOSTS: 'authwalk' });
  });
  afterAll(() => server.close());

  const from = (remoteAddress: string, headers: Record<string, string> = {}) => {
    const request = new Request('http://localhost:3000/api/sandboxes/default', {
      headers: { host: 'localhost:3000', ...headers },
    });
    const rawHeaders = [...request.headers].flat();
    const incoming = { socket: { remoteAddress }, rawHeaders, httpVersion: '1.1' } as unknown as IncomingMessage;
    return server.container.app.fetch(request, { incoming });
  };

  test.each([
    ['127.0.0.1', {}],
    ['::1', {}],
    ['::ffff:127.0.0.1', { host: 'my.localhost:3000' }],
    ['127.0.0.1', { 'sec-fetch-site': 'same-origin' }],
  ])('is this machine: %s %o', async (address, headers) => {
    expect((await from(address, headers as Record<string, string>)).status).toBe(200);
  });

  test.each([
    ['a neighbour that says that it is localhost', '192.168.0.7', {}],
    ['a neighbour over IPv6', 'fe80::1', {}],
    ['a listed host name', '127.0.0.1', { host: 'authwalk:3000' }],
    ['a page of another origin', '127.0.0.1', { 'sec-fetch-site': 'cross-site' }],
    ['a tunnel that ends on this machine', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }],
  ])('is not %s', async (_, address, headers) => {
    const response = await from(address, headers as Record<string, string>);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_token' });
  });
});

describe('a personal instance', () => {
  it('records its root, and takes the admin token only', async () => {
    const server = await testServer({
      PUBLIC_URL: 'https://my.tunnel.example',
      AUTHWALK_INSTANCE: 'personal',
      AUTHWALK_ADMIN_TOKEN: 'a-token-of-my-own',
    });
    await server.ask('/.well-known/jwks.json');
    const read = (headers: Record<string, string>) => server.ask('/api/sandboxes/default/exchanges', { headers });
    expect((await read({})).status).toBe(401);
    const { exchanges } = (await (await read({ authorization: 'Bearer a-token-of-my-own' })).json()) as {
      exchanges: { endpoint: string }[];
    };
    expect(exchanges.map(({ endpoint }) => endpoint)).toEqual(['jwks']);
    await server.close();
  });
});

describe('the address of a client behind a proxy', () => {
  it('is one whatever port the proxy writes', async () => {
    const server = await testServer({ TRUST_PROXY: '1', AUTHWALK_RATE_LIMITS: 'on' });
    const left = async (hop: string): Promise<string | null> =>
      (await server.ask('/oauth/token', { method: 'POST', headers: { 'x-forwarded-for': hop } })).headers.get(
        'ratelimit',
      );
    expect(await left('203.0.113.9:1000')).toContain('r=599');
    expect(await left('203.0.113.9:2000')).toContain('r=598');
    expect(await left('203.0.113.9')).toContain('r=597');
    expect(await left('[2001:db8::1]:5')).toContain('r=599');
    expect(await left('2001:db8::1')).toContain('r=598');
    await server.close();
  });
});

describe('requests from pages of other origins', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());
  const make = async (config: Record<string, unknown>) =>
    (await (await server.ask('/api/sandboxes', json({ config }))).json()) as { id: string };
  const origin = 'http://localhost:5173';
  const preflight = (path: string) =>
    server.ask(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, mcp-protocol-version',
      },
    });

  test.each(['https://app.example.com', 'null'])(
    'may ask for an authorization by form, and not decide it or ask for a token: %s',
    async (page) => {
      const post = (path: string, fields: Record<string, string>) =>
        server.ask(path, { method: 'POST', headers: { origin: page }, body: new URLSearchParams(fields) });
      const registered = await server.ask(
        '/oauth/register',
        json({ redirect_uris: ['http://localhost:9999/callback'], token_endpoint_auth_method: 'none' }),
      );
      const { client_id } = (await registered.json()) as { client_id: string };
      const asked = await post('/oauth/authorize', {
        client_id,
        response_type: 'code',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      });
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([302, null]);
      const interaction = asked.headers.get('location')!.split('/').at(-1)!;
      expect((await post('/oauth/authorize', { interaction, action: 'auto' })).status).toBe(403);
      expect((await post('/oauth/token', { grant_type: 'refresh_token' })).status).toBe(403);
    },
  );

  test.each([
    '/.well-known/oauth-protected-resource',
    '/resource-metadata.json',
    '/as2/.well-known/oauth-authorization-server',
    '/s/nosuchsandbox/oauth/token',
    '/api/sandboxes/nosuchsandbox',
    '/register',
    '/oauth/nothing',
  ])('get the preflight answered before it is asked whether the address exists: %s', async (path) => {
    const response = await preflight(path);
    expect([path, response.status]).toEqual([path, 204]);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization, mcp-protocol-version');
  });

  test.each([
    ['full', { origin: '*', credentials: null, exposes: true, preflight: true }],
    ['credentials', { origin, credentials: 'true', exposes: true, preflight: true }],
    ['no-expose', { origin: '*', credentials: null, exposes: false, preflight: true }],
    ['none', { origin: null, credentials: null, exposes: false, preflight: false }],
  ])('may do what the knob cors says: %s', async (cors, expected) => {
    const { id } = await make({ cors });
    const { headers } = await server.ask(`/s/${id}/.well-known/jwks.json`, { headers: { origin } });
    const asked = await preflight(`/s/${id}/oauth/token`);
    expect({
      origin: headers.get('access-control-allow-origin'),
      credentials: headers.get('access-control-allow-credentials'),
      exposes: headers.has('access-control-expose-headers'),
      preflight: asked.headers.has('access-control-allow-methods'),
    }).toEqual(expected);
    expect(asked.status).toBe(204);
  });

  it('never send cookies to what carries them, nor to the authorization endpoint', async () => {
    const { id } = await make({ cors: 'credentials' });
    for (const path of ['/oauth/authorize', '/activate', '/oauth/logout']) {
      const response = await server.ask(`/s/${id}${path}`, { headers: { origin } });
      expect([path, response.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
  });
});

describe('the knob limits', () => {
  it('answers 429 with Retry-After past the limit, by address or by client', async () => {
    const server = await testServer();
    const made = (await (
      await server.ask(
        '/api/sandboxes',
        json({
          config: {
            limits: {
              jwks: { requests: 2, seconds: 60, per: 'address' },
              token: { requests: 1, seconds: 60, per: 'client' },
            },
          },
        }),
      )
    ).json()) as { id: string };
    const keys = () => server.ask(`/s/${made.id}/.well-known/jwks.json`);
    const token = (client_id: string) =>
      server.ask(`/s/${made.id}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id }) });
    expect([(await keys()).status, (await keys()).status]).toEqual([200, 200]);
    const refused = await keys();
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await refused.json()).toMatchObject({ error: 'rate_limit_exceeded' });
    const statuses = [await token('one'), await token('one'), await token('two')].map(({ status }) => status);
    expect([statuses[1], statuses[0] !== 429, statuses[2] !== 429]).toEqual([429, true, true]);
    await server.close();
  });
});
