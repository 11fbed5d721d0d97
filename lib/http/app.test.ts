import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form, json, testServer } from '#lib/server/testing.ts';

let server: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const body = async (response: Response) => (await response.json()) as Record<string, unknown>;

async function sandbox(
  config: Record<string, unknown> = {},
): Promise<{ id: string; control_token: string; issuer: string }> {
  const made = await server.ask('/api/sandboxes', json({ config }));
  expect(made.status).toBe(201);
  return (await made.json()) as { id: string; control_token: string; issuer: string };
}

describe('discovery', () => {
  const documents = (id: string | null): [string, string][] => {
    const base = id === null ? '' : `/s/${id}`;
    return [
      [`/.well-known/oauth-authorization-server${base}`, 'issuer'],
      [`${base}/.well-known/oauth-authorization-server`, 'issuer'],
      [`/.well-known/openid-configuration${base}`, 'issuer'],
      [`${base}/.well-known/openid-configuration`, 'issuer'],
      [`/.well-known/oauth-protected-resource${base}/mcp`, 'resource'],
      [`/.well-known/oauth-protected-resource${base}/oauth`, 'resource'],
      [`/.well-known/oauth-protected-resource${base}/bearer`, 'resource'],
      [`${base}/.well-known/jwks.json`, 'keys'],
    ];
  };

  it('answers at every location of the root', async () => {
    for (const [path, member] of documents(null)) {
      const response = await server.ask(path);
      expect.soft([path, response.status]).toEqual([path, 200]);
      expect.soft(await body(response)).toHaveProperty(member);
    }
  });

  it('answers at every location of a sandbox, with its issuer', async () => {
    const { id, issuer } = await sandbox();
    for (const [path, member] of documents(id)) {
      const response = await server.ask(path);
      expect.soft([path, response.status]).toEqual([path, 200]);
      const document = await body(response);
      if (member === 'issuer') expect.soft(document.issuer).toBe(issuer);
      if (member === 'resource') expect.soft(String(document.resource).startsWith(`${issuer}/`)).toBe(true);
    }
  });

  it('is 404, and never a redirect, for everything else below /.well-known', async () => {
    const { id } = await sandbox();
    for (const path of [
      '/.well-known/oauth-authorization-server/mcp',
      '/.well-known/openid-configuration/mcp',
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/nothing',
      '/.well-known/oauth-protected-resource/no-auth',
      '/.well-known/oauth-protected-resource/mcp/',
      '/.well-known/oauth-protected-resource/mcp/mcp',
      '/.well-known/oauth-authorization-server/',
      `/.well-known/oauth-authorization-server/s/${id}/`,
      `/.well-known/oauth-authorization-server/s/${id}/mcp`,
      `/.well-known/oauth-protected-resource/s/${id}`,
      `/.well-known/oauth-authorization-server/s/${id}/as2`,
      `/s/${id}/as2/.well-known/oauth-authorization-server`,
      '/.well-known/oauth-authorization-server/s/nobody',
      '/.well-known/jwks.json/',
      '/.well-known/',
      '/.well-known/else',
      `/s/${id}/resource-metadata.json`,
      `/s/${id}/decoy/oauth/token`,
    ]) {
      const response = await server.ask(path);
      expect.soft([path, response.status]).toEqual([path, 404]);
      expect.soft(response.headers.get('access-control-allow-origin')).toBe('*');
      expect.soft(await body(response)).toMatchObject({
        error_description: expect.any(String),
        error_uri: expect.stringMatching(/^http:\/\/localhost:3000\/reference#error-/),
      });
    }
  });

  it('opens further issuers where the configuration says so', async () => {
    const { id, issuer } = await sandbox({ issuers: ['as2'] });
    for (const path of [
      `/.well-known/oauth-authorization-server/s/${id}/as2`,
      `/s/${id}/as2/.well-known/oauth-authorization-server`,
      `/.well-known/openid-configuration/s/${id}/as2`,
      `/s/${id}/as2/.well-known/openid-configuration`,
    ]) {
      const response = await server.ask(path);
      expect.soft([path, response.status]).toEqual([path, 200]);
      expect.soft((await body(response)).issuer).toBe(`${issuer}/as2`);
    }
    expect((await server.ask(`/s/${id}/idp/.well-known/openid-configuration`)).status).toBe(404);
  });

  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:8080', 'localhost'])(
    'names the loopback origin that was asked: %j',
    async (host) => {
      const document = await body(await server.ask('/.well-known/oauth-authorization-server', { host }));
      expect(document.issuer).toBe(`http://${host}`);
    },
  );
});

describe('methods', () => {
  it('answers another method with 405 and Allow', async () => {
    const get = await server.ask('/oauth/token');
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await body(get)).toMatchObject({ error: 'invalid_request' });
    const post = await server.ask('/.well-known/oauth-authorization-server', { method: 'POST' });
    expect(post.status).toBe(405);
    expect(post.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it.each([
    '/',
    '/health',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-protected-resource/mcp',
    '/openapi.json',
    '/oauth/authorize',
  ])('answers HEAD wherever GET, without a body: %j', async (path) => {
    const get = await server.ask(path);
    const head = await server.ask(path, { method: 'HEAD' });
    expect([path, head.status]).toEqual([path, get.status]);
    expect(await head.text()).toBe('');
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  });

  it('answers OPTIONS with 204, and echoes the asked headers where any origin may read', async () => {
    const response = await server.ask('/oauth/token', {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, dpop, x-mine',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type, dpop, x-mine');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    const authorize = await server.ask('/oauth/authorize', {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:5173' },
    });
    expect(authorize.status).toBe(204);
    expect(authorize.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    '/mcp/',
    '/oauth/token/',
    '/health/',
    '/api/sandboxes/',
    '/oauth/',
    '/s/default/',
    '/s/default',
    '/s/default/mcp',
  ])('knows no trailing slashes: %j', async (path) => {
    expect([path, (await server.ask(path, { method: 'POST' })).status]).toEqual([path, 404]);
  });

  it.each(['/%ff', '/oauth/%', '/oauth/register/%C3%28', '/s/%80/mcp', '/.well-known/%E0%A4%A'])(
    'refuses paths that cannot be decoded: %j',
    async (path) => {
      const response = await server.ask(path);
      expect([path, response.status]).toEqual([path, 400]);
      expect(await body(response)).toMatchObject({ error: 'invalid_request' });
    },
  );
});

describe('bodies', () => {
  it('takes no other content type', async () => {
    const token = await server.ask('/oauth/token', json({ grant_type: 'refresh_token' }));
    expect(token.status).toBe(415);
    expect(await body(token)).toMatchObject({ error: 'invalid_request' });
    expect((await server.ask('/oauth/register', form({ a: 'b' }))).status).toBe(415);
    expect((await server.ask('/oauth/token', { method: 'POST', body: new Uint8Array([97]) })).status).toBe(415);
    expect(
      (await server.ask('/mcp', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(415);
  });

  it('reads 64 KiB and no more', async () => {
    const fits = await server.ask('/oauth/token', form(`grant_type=x&pad=${'a'.repeat(65_536 - 17)}`));
    expect(fits.status).toBe(400);
    const tooLong = await server.ask('/oauth/token', form(`grant_type=x&pad=${'a'.repeat(65_536)}`));
    expect(tooLong.status).toBe(413);
    expect(await body(tooLong)).toMatchObject({ error: 'invalid_request' });
    const streamed = await server.ask('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      duplex: 'half',
      body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill(97)) }),
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  it('refuses broken encodings as the endpoint refuses', async () => {
    for (const text of ['grant_type=%', 'grant_type=%ff', 'a=%zz', '%C3=1']) {
      const response = await server.ask('/oauth/token', form(text));
      expect.soft(response.status).toBe(400);
      expect.soft(await body(response)).toMatchObject({ error: 'invalid_request' });
    }
    const notText = await server.ask('/oauth/token', {
      method: 'POST',
      body: new Uint8Array([0xff, 0xfe]),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(notText.status).toBe(400);
    for (const text of ['{', '', '{"a":1}}', `${'['.repeat(60)}${']'.repeat(60)}`]) {
      const response = await server.ask('/oauth/register', json(text));
      expect.soft(response.status).toBe(400);
      expect.soft(await body(response)).toMatchObject({ error: 'invalid_client_metadata' });
    }
  });

  it('refuses a query that cannot be decoded', async () => {
    for (const path of [
      '/oauth/authorize?client_id=%ff',
      '/?a=%',
      '/oauth/logout?state=%C3',
      '/.well-known/jwks.json?%zz',
    ]) {
      const response = await server.ask(path);
      expect.soft([path, response.status]).toEqual([path, 400]);
      expect.soft(await body(response)).toMatchObject({ error: 'invalid_request' });
    }
    const page = await server.ask('/oauth/authorize?client_id=%ff', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(400);
    expect(page.headers.get('content-type')).toContain('text/html');
  });

  it('is not poisoned by __proto__', async () => {
    const response = await server.ask(
      '/oauth/register',
      json(
        '{"__proto__":{"redirect_uris":["http://localhost/x"]},"constructor":{"prototype":{"polluted":1}},' +
          '"redirect_uris":["http://localhost/cb"],"token_endpoint_auth_method":"none"}',
      ),
    );
    expect(response.status).toBe(201);
    expect((await body(response)).redirect_uris).toEqual(['http://localhost/cb']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('host and origin', () => {
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '10.0.0.1', '169.254.169.254', '[::2]'])(
    'answers to loopback hosts only, but for the probes: %j',
    async (host) => {
      const response = await server.ask('/.well-known/oauth-authorization-server', { host });
      expect([host, response.status]).toEqual([host, 421]);
      expect(String((await body(response)).error_description)).toContain('PUBLIC_URL');
      for (const probe of ['/health', '/ready', '/metrics'])
        expect.soft((await server.ask(probe, { host })).status).toBe(200);
    },
  );

  it('takes loopback origins at any port, and no other', async () => {
    for (const origin of ['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:1', 'http://[::1]:99']) {
      expect.soft((await server.ask('/.well-known/jwks.json', { headers: { origin } })).status).toBe(200);
    }
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost.evil.example',
      'file://',
      'http://localhost@evil.example',
    ]) {
      const response = await server.ask('/.well-known/jwks.json', { headers: { origin } });
      expect.soft([origin, response.status]).toEqual([origin, 403]);
      // The page that explains it is on this server, at its port.
      expect
        .soft(((await response.json()) as { error_uri: string }).error_uri)
        .toMatch(/^http:\/\/(?:localhost|127\.0\.0\.1):\d+\/reference#/);
    }
  });

  it('on a public instance ignores Host and takes any Origin', async () => {
    const open = await testServer({ PUBLIC_URL: 'https://walk.example' });
    const response = await open.ask('/.well-known/oauth-authorization-server', {
      host: 'anything.internal',
      headers: { origin: 'https://claude.ai' },
    });
    expect(response.status).toBe(200);
    expect((await body(response)).issuer).toBe('https://walk.example');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    await open.close();
  });
});

describe('what every answer carries', () => {
  it.each([
    ['/oauth/token', form({})],
    ['/health', {}],
    ['/nothing/here', {}],
    ['/mcp', json({})],
    ['/oauth/token', { method: 'OPTIONS' }],
    ['/', {}],
    ['/oauth/authorize', {}],
    ['/%ff', {}],
  ] as const)('has the policy of protocol answers: %j %j', async (path, init) => {
    const response = await server.ask(path, init);
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['/oauth/token', form({})],
    ['/oauth/revoke', form({})],
    ['/oauth/introspect', form({})],
    ['/oauth/userinfo', {}],
  ] as const)('is never stored where it holds something: %j %j', async (path, init) => {
    expect((await server.ask(path, init)).headers.get('cache-control')).toContain('no-store');
  });

  it('exposes what clients of other origins have to read', async () => {
    const exposed = (await server.ask('/mcp', json({}))).headers.get('access-control-expose-headers') ?? '';
    for (const name of ['WWW-Authenticate', 'DPoP-Nonce', 'Retry-After', 'Mcp-Session-Id', 'Location', 'RateLimit'])
      expect.soft(exposed).toContain(name);
  });

  it('challenges with every 401', async () => {
    for (const [path, init] of [
      ['/mcp', json({})],
      ['/oauth', json({})],
      ['/bearer', json({})],
      ['/oauth/userinfo', {}],
      ['/api/resource', {}],
      [
        '/oauth/token',
        {
          ...form({ grant_type: 'client_credentials' }),
          headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${btoa('a:b')}` },
        },
      ],
    ] as const) {
      const response = await server.ask(path, init);
      expect.soft([path, response.status]).toEqual([path, 401]);
      expect.soft(response.headers.get('www-authenticate')).toBeTruthy();
    }
  });
});

describe('HTML or not', () => {
  it('gives JSON unless Accept names text/html', async () => {
    for (const accept of ['*/*', 'application/json', 'text/*', 'text/html;q=0']) {
      const response = await server.ask('/', { headers: { accept } });
      expect.soft(response.headers.get('content-type')).toContain('json');
      expect.soft(response.headers.get('vary')).toContain('Accept');
    }
    for (const path of ['/mcp', '/bearer', '/no-auth'])
      expect.soft([path, (await server.ask(path)).headers.get('vary')]).toEqual([path, 'Accept']);
    expect(await body(await server.ask('/'))).toMatchObject({
      name: 'Authwalk',
      issuer: 'http://localhost:3000',
      version: expect.any(String),
      links: expect.any(Object),
    });
  });

  it('sends browsers from a sandbox to its page', async () => {
    const { id } = await sandbox();
    const page = await server.ask(`/s/${id}`, { headers: { accept: 'text/html,application/xhtml+xml' } });
    expect(page.status).toBe(303);
    expect(page.headers.get('location')).toBe(`http://localhost:3000/sandbox/${id}`);
    expect(await body(await server.ask(`/s/${id}`))).toMatchObject({ issuer: `http://localhost:3000/s/${id}` });
  });

  it('judges an Authorization header at the base', async () => {
    const made = await sandbox();
    const issued = await body(
      await server.ask(
        `/api/sandboxes/${made.id}/tokens`,
        json({}, 'POST', { authorization: `Bearer ${made.control_token}` }),
      ),
    );
    expect(
      (await server.ask(`/s/${made.id}`, { headers: { authorization: `Bearer ${String(issued.access_token)}` } }))
        .status,
    ).toBe(200);
    expect(
      (await server.ask('/', { headers: { authorization: `Bearer ${String(issued.access_token)}` } })).status,
    ).toBe(401);
    for (const authorization of ['Bearer nonsense', 'Basic abc', 'Bearer a.b.c']) {
      const response = await server.ask('/', { headers: { authorization } });
      expect.soft(response.status).toBe(401);
      expect.soft(response.headers.get('www-authenticate')).toBeTruthy();
    }
  });
});

describe('rate limits', () => {
  it('are off on a local instance, and told in headers where they are on', async () => {
    const limited = await testServer({ AUTHWALK_RATE_LIMITS: 'on' });
    const first = await limited.ask('/oauth/device_authorization', form({}));
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=120;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"default";r=119;t=\d+$/);
    let last = first;
    for (let i = 0; i < 120; i += 1) last = await limited.ask('/oauth/device_authorization', form({}));
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await body(last)).toMatchObject({ error: 'rate_limit_exceeded' });
    expect((await server.ask('/oauth/device_authorization', form({}))).headers.get('ratelimit')).toBeNull();
    await limited.close();
  });

  it('lets one address make twenty sandboxes an hour on a public instance', async () => {
    const open = await testServer({ PUBLIC_URL: 'https://walk.example', TRUST_PROXY: '1' });
    const make = (address: string) =>
      open.ask('/api/sandboxes', {
        ...json({}),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `6.6.6.6, ${address}` },
      });
    const statuses: number[] = [];
    for (let i = 0; i < 21; i += 1) statuses.push((await make('192.0.2.1')).status);
    expect(statuses).toEqual([...Array<number>(20).fill(201), 429]);
    expect((await make('192.0.2.2')).status).toBe(201);
    await open.close();
  });

  it('counts the participants of a class for themselves: a room has one address', async () => {
    const open = await testServer({ PUBLIC_URL: 'https://walk.example' });
    const { id } = await body(await open.ask('/api/classes', json({})));
    const join = async () => String((await body(await open.ask(`/api/classes/${id}/members`, json({})))).member_token);
    const make = async (token?: string, of: unknown = id) => {
      const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await open.ask('/api/sandboxes', json({ class: of }, 'POST', bearer))).status;
    };
    for (let participant = 0; participant < 25; participant += 1) expect(await make(await join())).toBe(201);
    const one = await join();
    for (let made = 0; made < 20; made += 1) expect(await make(one)).toBe(201);
    expect(await make(one)).toBe(429);
    // Whoever is no participant counts by the address.
    const statuses: number[] = [];
    for (const token of [undefined, 'made-up', ...Array<string>(19).fill('made-up')]) statuses.push(await make(token));
    expect(statuses).toEqual([...Array<number>(20).fill(201), 429]);
    expect(await make(await join(), 'moss-1')).toBe(429);
    expect(await make(one, '<b>')).toBe(400);
    await open.close();
  });
});

describe('probes and documents', () => {
  it('is healthy and ready', async () => {
    expect(await body(await server.ask('/health'))).toEqual({
      status: 'healthy',
      database: 'connected',
      version: '0.1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await body(await server.ask('/ready'))).toEqual({
      ready: true,
      database: 'ready',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('says so when the database is gone', async () => {
    const gone = await testServer();
    await gone.container.store.close();
    const response = await gone.ask('/health');
    expect(response.status).toBe(503);
    expect(await body(response)).toMatchObject({ status: 'unhealthy', database: 'disconnected' });
  });

  it('describes every route in OpenAPI', async () => {
    const document = (await (await server.ask('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/oauth/token']).toHaveProperty('post');
    expect(document.paths['/oauth/register/{client_id}']).toHaveProperty('put');
    expect(document.paths['/api/sandboxes/{id}/clock']).toHaveProperty('post');
  });

  it('gives Prometheus its text', async () => {
    await server.ask('/health');
    const text = await (await server.ask('/metrics')).text();
    expect(text).toContain('authwalk_http_requests_total{endpoint="health",method="GET",status="200"}');
    expect(text).toMatch(/authwalk_http_request_duration_seconds_bucket\{.*le="\+Inf"\}/);
  });
});
