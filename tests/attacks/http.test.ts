/** What is done to the messages themselves: headers, hosts, sizes, doubles, poisoned JSON, forwarded lies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  basicOf,
  bearer,
  CALLBACK,
  decide,
  form,
  type Instance,
  json,
  openInstance,
  ORIGIN,
  sameSite,
  type TestClient,
  type TestSandbox,
  visit,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
let api: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
  api = await sandbox.confidential();
});
afterAll(() => instance.close());

const CRLF = [
  '\r\nSet-Cookie: evil=1',
  '%0d%0aSet-Cookie:%20evil=1',
  '\nLocation: https://evil.example',
  '\u2028Set-Cookie: x',
  '\u560a\u560dSet-Cookie: evil=1',
  '\u0000',
  '\r\n\r\n<script>alert(1)</script>',
];

describe('response splitting', () => {
  test.each(CRLF)('%j stays inside its parameter', async (evil) => {
    const answers = [
      await sandbox.authorize(client, { auto_approve: 'true', state: evil }),
      await sandbox.authorize(client, { state: evil, scope: evil }),
      await sandbox.authorize(client, { resource: evil, state: evil }),
      await sandbox.authorize(client, { prompt: evil }),
      await sandbox.authorize(client, { response_type: evil }),
      await sandbox.authorize(client, { redirect_uri: CALLBACK + evil }),
      await sandbox.authorize(evil),
      await sandbox.token({ grant_type: evil, client_id: client.client_id }),
      await sandbox.token({ grant_type: 'client_credentials', scope: evil, resource: evil }, basicOf(api)),
      await sandbox.token({ grant_type: 'client_credentials', client_id: evil, client_secret: evil }),
      await sandbox.post('/oauth/introspect', { token: evil }, basicOf(api)),
      await sandbox.get(`/activate?user_code=${encodeURIComponent(evil)}`),
      await sandbox.get(`/oauth/logout?${new URLSearchParams({ state: evil, post_logout_redirect_uri: evil })}`),
      await sandbox.json('POST', '/oauth/register', { redirect_uris: [evil], client_name: evil, scope: evil }),
      await sandbox.call('x', evil.replace(/[^\x20-\x7E]/g, '')),
    ];
    for (const { headers, status } of answers) {
      expect.soft(status).toBeLessThan(500);
      expect.soft(headers.get('set-cookie') ?? '').not.toContain('evil');
      for (const [, value] of headers) expect.soft(value).not.toMatch(/[\r\n\0]/);
    }
    // The header of a redirect holds it encoded, and brings it back as it was.
    const location = answers[0]!.headers.get('location')!;
    expect(location).toMatch(/^[\x21-\x7E]+$/);
    expect(new URL(location).searchParams.get('state')).toBe(evil);
  });

  const registration = (uri: string) =>
    sandbox.json('POST', '/oauth/register', { redirect_uris: [uri], token_endpoint_auth_method: 'none' });

  test.each(['https://client.example/\r\nX: y', 'https://client.example/ü?a=ü'])(
    'an address with characters that no URI has is not registered: %j',
    async (uri) => {
      const { status, body } = await registration(uri);
      expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
    },
  );

  test('a registered address with an encoded line break does not split the header either', async () => {
    const uri = 'https://client.example/%0d%0aX:%20y';
    const { headers } = await sandbox.authorize((await registration(uri)).body, { auto_approve: 'true' });
    expect(headers.get('location')).toMatch(/^[\x21-\x7E]+$/);
    expect(headers.get('location')).toContain(`${uri}?code=`);
  });
});

describe('markup in what is shown', () => {
  test('every page escapes it', async () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const named = await sandbox.register({
      client_name: evil,
      redirect_uris: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    });
    const { body: codes } = await sandbox.post('/oauth/device_authorization', { client_id: named.client_id });
    const html = { accept: 'text/html' };
    for (const { text } of [
      await sandbox.authorize(evil, {}, html),
      await sandbox.authorize(client, { redirect_uri: evil }, html),
      await sandbox.get(`/activate?user_code=${codes.user_code}`, html),
      await sandbox.get(`/activate?user_code=${encodeURIComponent(evil)}`, html),
      await sandbox.get(`/oauth/logout?${new URLSearchParams({ id_token_hint: evil })}`, html),
      await sandbox.get(
        `/oauth/logout?${new URLSearchParams({ client_id: evil, post_logout_redirect_uri: evil })}`,
        html,
      ),
      await sandbox.get(`/mcp?x=${encodeURIComponent(evil)}`, html),
      await instance.ask(`/s/${encodeURIComponent(evil)}/oauth/authorize`, { headers: html }),
    ]) {
      expect.soft(text).not.toContain('<script>alert');
      expect.soft(text).not.toContain('<img src=x');
    }
    const user = await visit(sandbox, client);
    await decide(sandbox, user, {
      action: 'login',
      email: `${'a'.repeat(10)}@example.com`,
      password: 'x',
      scope: 'notes:read',
    });
  });
});

describe('lies about the host and the connection', () => {
  test('on a loopback instance forwarding headers change nothing', async () => {
    const lies = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '8.8.8.8',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/evil',
      forwarded: 'for=8.8.8.8;host=evil.example;proto=https',
      'x-original-url': '/api/sandboxes',
      'x-rewrite-url': '/health',
      'x-http-method-override': 'DELETE',
      'x-real-ip': '8.8.8.8',
      via: '1.1 evil.example',
    };
    const { body, text } = await sandbox.get('/.well-known/oauth-authorization-server', lies);
    expect([body.issuer, text.includes('evil')]).toEqual([sandbox.issuer, false]);
    const answer = await sandbox.authorize(client, { auto_approve: 'true' }, lies);
    expect(new URL(answer.headers.get('location')!).searchParams.get('iss')).toBe(sandbox.issuer);
    const cookie = (await sandbox.authorize(client, {}, lies)).headers.get('set-cookie')!;
    expect(cookie).toMatch(/^authwalk=/);
    expect((await sandbox.call(null, 'whoami', {}, { headers: lies })).text).not.toContain('evil');
  });

  test('a password reset by Host is not to be had: no address in any answer comes from it', async () => {
    const site = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
    const place = await site.sandbox();
    for (const path of ['/.well-known/openid-configuration', '/mcp', '', '/nothing']) {
      const answer = await site.server.ask(`/s/${place.id}${path}`, {
        host: 'evil.example',
        headers: { accept: 'application/json', 'x-forwarded-host': 'evil.example' },
      });
      expect.soft((await answer.text()) + JSON.stringify([...answer.headers])).not.toContain('evil.example');
    }
    await site.close();
  });

  test('nobody lies about where they are to get around a limit', async () => {
    const site = await openInstance({ PUBLIC_URL: 'https://authwalk.example', AUTHWALK_RATE_LIMITS: 'on' });
    const statuses = [];
    for (let at = 0; at < 25; at += 1)
      statuses.push(
        (
          await site.ask(
            'https://authwalk.example/api/sandboxes',
            json(
              'POST',
              {},
              { 'x-forwarded-for': `1.2.3.${at}`, forwarded: `for=1.2.3.${at}`, 'x-real-ip': `1.2.3.${at}` },
            ),
          )
        ).status,
      );
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    expect(statuses.slice(20)).toEqual(Array.from({ length: 5 }, () => 429));
    await site.close();
  });
});

describe('poisoned JSON', () => {
  const POISON = [
    '{"__proto__":{"polluted":true},"redirect_uris":["https://client.example/callback"]}',
    '{"constructor":{"prototype":{"polluted":true}},"redirect_uris":["https://client.example/callback"]}',
    '{"redirect_uris":["https://client.example/callback"],"client_name":{"__proto__":{"polluted":true}}}',
    '{"redirect_uris":["https://client.example/callback"],"toString":1,"hasOwnProperty":1,"valueOf":null}',
    '{"redirect_uris":{"length":1,"0":"https://client.example/callback"}}',
  ];
  test('reaches no prototype, at registration, at the control API, at the MCP servers', async () => {
    for (const poison of POISON) {
      for (const answer of [
        await sandbox.ask('/oauth/register', json('POST', poison)),
        await instance.ask(`${ORIGIN}/api/sandboxes`, json('POST', poison)),
        await instance.ask(`${ORIGIN}/api/sandboxes`, json('POST', `{"config":${poison}}`)),
        await instance.ask(
          `${ORIGIN}/api/sandboxes/${sandbox.id}`,
          json('PATCH', `{"config":{"patch":{"token":${poison}}}}`, bearer(sandbox.made.control_token)),
        ),
        await sandbox.ask(
          '/no-auth',
          json('POST', `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${poison}}`, {
            accept: 'application/json, text/event-stream',
          }),
        ),
      ])
        expect.soft(answer.status).toBeLessThan(500);
      expect.soft(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect.soft(Object.prototype).not.toHaveProperty('polluted');
    }
    await sandbox.configure({ patch: {} });
    expect((await sandbox.token({ grant_type: 'client_credentials' }, basicOf(api))).body).not.toHaveProperty(
      'redirect_uris',
    );
  });
});

describe('doubles', () => {
  test('a parameter in the query adds nothing to the form', async () => {
    const { code, code_verifier } = await sandbox.code(client);
    const missing = await sandbox.post(
      `/oauth/token?${new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: client.client_id,
        code,
        code_verifier,
      })}`,
      {},
    );
    expect(missing.status).toBe(400);
    const split = await sandbox.post(`/oauth/token?code_verifier=${code_verifier}`, {
      grant_type: 'authorization_code',
      client_id: client.client_id,
      code,
    });
    expect(split.body.error).toBe('invalid_request');
    expect(
      (
        await sandbox.post(
          `/oauth/token?scope=admin`,
          { grant_type: 'client_credentials', scope: 'notes:read' },
          basicOf(api),
        )
      ).body.scope,
    ).toBe('notes:read');
    expect((await sandbox.redeem(client, { code, code_verifier })).status).toBe(200);
  });

  test('a member that comes twice in JSON is read once, and the same way by all', async () => {
    const made = await sandbox.ask(
      '/oauth/register',
      json(
        'POST',
        '{"redirect_uris":["https://honest.example/"],"redirect_uris":["https://client.example/callback"],' +
          '"token_endpoint_auth_method":"none"}',
      ),
    );
    expect(made.body.redirect_uris).toEqual(['https://client.example/callback']);
    expect(
      (await sandbox.authorize(made.body, { redirect_uri: 'https://honest.example/', auto_approve: 'true' })).status,
    ).toBe(400);
  });

  test('two Authorization headers, two cookies, two proofs', async () => {
    const { access_token } = await sandbox.tokens(client);
    const headers = new Headers();
    headers.append('authorization', 'Bearer x');
    headers.append('authorization', `Bearer ${access_token}`);
    expect((await sandbox.ask('/api/resource', { headers })).status).toBe(401);
    const open = await visit(sandbox, client);
    expect(
      (await decide(sandbox, { ...open, cookie: `${open.cookie}; authwalk=${'x'.repeat(43)}` }, { action: 'auto' }))
        .status,
    ).toBe(403);
  });
});

describe('cookies', () => {
  test('one that was not made here is not taken up', async () => {
    for (const cookie of [
      'authwalk=fixed',
      `authwalk=${'<'.repeat(43)}`,
      'authwalk=',
      `__Host-authwalk=${'x'.repeat(43)}`,
      `authwalk=${'x'.repeat(44)}`,
    ]) {
      const answer = await sandbox.authorize(client, {}, { cookie, accept: 'text/html' });
      expect.soft([cookie, answer.headers.get('set-cookie')?.startsWith('authwalk=')]).toEqual([cookie, true]);
      expect.soft(answer.headers.get('set-cookie')).not.toContain(cookie.split('=')[1] || 'nothing');
    }
  });

  test('a value that somebody else knows names no login: signing in makes a new one, and nothing is lost', async () => {
    const other = await instance.sandbox();
    const otherClient = await other.register();
    const cookieOf = ({ headers }: Answer) => headers.get('set-cookie')!.split(';')[0]!;
    const silent = (place: TestSandbox, of: TestClient, cookie: string) =>
      place
        .answerOf(of, { auto_approve: undefined, prompt: 'none', scope: 'openid' }, { cookie })
        .then((answer) => answer.get('error'));
    const ada = { action: 'login', email: 'ada@example.com', password: 'secret', scope: 'openid' };
    // Mallory knows this value: she has set it, or read it.
    const planted = await visit(sandbox, client, { scope: 'openid' });
    const elsewhere = await visit(other, otherClient, { scope: 'openid' }, { cookie: planted.cookie });
    const known = planted.cookie;
    const signedIn = cookieOf(await decide(sandbox, planted, ada));
    expect(signedIn).not.toBe(known);
    expect(await silent(sandbox, client, known)).toBe('login_required');
    expect(await silent(sandbox, client, signedIn)).not.toBe('login_required');
    // The consent page that was open in another tab, at another sandbox, still answers; and both logins live on.
    expect((await decide(other, elsewhere, ada)).status).toBe(403);
    const both = await decide(other, { ...elsewhere, cookie: signedIn }, ada);
    expect(both.headers.get('location')).toContain('code=');
    expect(await silent(other, otherClient, cookieOf(both))).not.toBe('login_required');
    expect(await silent(sandbox, client, cookieOf(both))).not.toBe('login_required');
  });

  test('protocol endpoints that are open to every origin set none and read none', async () => {
    const open = await visit(sandbox, client, { scope: 'openid' });
    await decide(sandbox, open, { action: 'login', email: 'ada@example.com', password: 'secret', scope: 'openid' });
    for (const answer of [
      await sandbox.get('/oauth/userinfo', { cookie: open.cookie }),
      await sandbox.call(null, 'whoami', {}, { headers: { cookie: open.cookie } }),
      await sandbox.post('/oauth/introspect', { token: 'x' }, { cookie: open.cookie }),
      await instance.ask(`${ORIGIN}/api/sandboxes/${sandbox.id}`, { headers: { cookie: open.cookie } }),
    ]) {
      expect.soft([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    }
  });
});

describe('size', () => {
  test('long parameters, many parameters, many repetitions are told, and cost little', async () => {
    for (const answer of [
      await sandbox.authorize(client, { state: 'x'.repeat(60_000), auto_approve: 'true' }),
      await sandbox.authorize(client, { scope: 'notes:read '.repeat(5000).trim() }),
      await sandbox.authorize(client, { nonce: 'x'.repeat(50_000) }),
      await sandbox.authorize(client, { login_hint: 'x'.repeat(50_000) }),
      await sandbox.authorize(client, { redirect_uri: `${CALLBACK}?${'x'.repeat(50_000)}` }),
      await sandbox.token(Array.from({ length: 5000 }, (_, at) => [`p${at}`, 'x'] as const)),
      await sandbox.token(Array.from({ length: 2000 }, () => ['resource', sandbox.mcp] as const)),
      await sandbox.token({ grant_type: 'x'.repeat(60_000) }),
      await sandbox.token({ grant_type: 'client_credentials', client_id: 'x'.repeat(60_000), client_secret: 'x' }),
      await sandbox.post('/oauth/introspect', { token: `${'a'.repeat(20_000)}.${'b'.repeat(20_000)}.c` }, basicOf(api)),
      await sandbox.call('x'.repeat(7000)),
      await sandbox.json('POST', '/oauth/register', {
        redirect_uris: Array.from({ length: 1000 }, (_, at) => `https://client.example/${at}`),
      }),
      await sandbox.json('POST', '/oauth/register', {
        redirect_uris: [CALLBACK],
        jwks: { keys: Array.from({ length: 500 }, () => ({ kty: 'EC' })) },
      }),
      await sandbox.post('/oauth/authorize', { interaction: 'x'.repeat(60_000) }, sameSite(sandbox)),
    ])
      expect.soft([answer.status < 500, answer.text.length < 5000]).toEqual([true, true]);
    // A state that is too long for a URL is refused, and not cut.
    expect((await sandbox.answerOf(client, { state: 'x'.repeat(9000) })).get('error')).toBe('invalid_request');
  });

  test('a password is bounded, so that hashing it is too', async () => {
    const open = await visit(sandbox, client);
    const answer = await decide(sandbox, open, {
      action: 'login',
      email: 'long@example.com',
      password: 'x'.repeat(50_000),
      scope: 'notes:read',
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/\/consent\/[^?#]+$/);
    expect(
      (
        await sandbox.answerOf(client, {
          auto_approve: undefined,
          auto_approve_email: 'long@example.com',
          auto_approve_password: 'x'.repeat(5000),
        })
      ).get('error'),
    ).toBe('access_denied');
  });
});

describe('errors', () => {
  test('tell nothing of the inside', async () => {
    for (const answer of [
      await sandbox.token({}),
      await sandbox.get('/nothing'),
      await sandbox.json('POST', '/oauth/register', '{'),
      await instance.ask('/%ff'),
      await sandbox.token({ grant_type: 'client_credentials', client_id: 'x' }),
      await sandbox.call('x'),
    ]) {
      expect.soft(answer.text).not.toMatch(/node_modules|\.ts:|at \w+ \(|SQLITE|Error:/);
      expect.soft(answer.headers.get('x-powered-by')).toBeNull();
      expect.soft(answer.headers.get('server')).toBeNull();
    }
    expect(instance.server.logged).toEqual([]);
  });

  test('are not redirected with what could run at the client', async () => {
    const evil = '<script>alert(1)</script>"\\é\u0000';
    for (const parameters of [
      { scope: evil },
      { prompt: evil },
      { response_type: evil },
      { resource: evil },
      { max_age: evil },
      { dpop_jkt: evil },
      { code_challenge_method: evil },
    ]) {
      const answer = await sandbox.answerOf(client, { state: 'x', ...parameters });
      expect.soft(answer.get('error_description')).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
    }
  });

  test('the request that was posted is not in the answer', async () => {
    const secret = 'a-secret-that-must-not-be-told';
    for (const answer of [
      await sandbox.token({ grant_type: 'client_credentials', client_id: api.client_id, client_secret: secret }),
      await sandbox.token({ grant_type: 'refresh_token', client_id: client.client_id, refresh_token: secret }),
      await sandbox.token({
        grant_type: 'authorization_code',
        client_id: client.client_id,
        code: secret,
        code_verifier: secret,
      }),
      await sandbox.call(secret),
      await sandbox.post(
        '/oauth/authorize',
        form({ interaction: 'x', action: 'login', email: 'a@example.com', password: secret }).body as string,
      ),
    ]) {
      expect.soft(answer.text.length).toBeGreaterThan(0);
      expect.soft(answer.text + JSON.stringify([...answer.headers])).not.toContain(secret);
    }
  });
});
