/** Whatever one sandbox gives out is nothing in another: each is an issuer of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  bearer,
  decide,
  form,
  type Instance,
  json,
  openInstance,
  ORIGIN,
  s256,
  type TestClient,
  type TestSandbox,
  type Tokens,
  visit,
} from '../lib/sandbox.ts';

let instance: Instance;
let a: TestSandbox;
let b: TestSandbox;
let client: TestClient;
let api: TestClient;
let tokens: Tokens;
/** The same names and secrets in both: what is refused is refused for its origin. */
const SEED = {
  clients: [
    {
      client_id: 'twin',
      client_secret: 'twin-secret',
      auth_method: 'client_secret_basic',
      redirect_uris: ['https://client.example/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  ],
  users: [{ email: 'ada@example.com', password: 'in A', sub: 'u_ada' }],
};
const TWIN = { authorization: `Basic ${btoa('twin:twin-secret')}` };

beforeAll(async () => {
  instance = await openInstance();
  a = await instance.sandbox({}, SEED);
  b = await instance.sandbox({}, { ...SEED, users: [{ email: 'ada@example.com', password: 'in B', sub: 'u_ada' }] });
  client = await a.register();
  api = await a.confidential();
  tokens = await a.tokens(client, { scope: 'openid notes:write' });
});
afterAll(() => instance.close());

const places = (): { issuer: string }[] => [b, { issuer: ORIGIN }];

describe('of sandbox A, in sandbox B and at the root', () => {
  test('an access token opens nothing', async () => {
    for (const { issuer } of places())
      for (const path of ['/mcp', '/oauth', '/api/resource', '/oauth/userinfo', '']) {
        const answer = await instance.ask(
          issuer + path,
          path === '/mcp' || path === '/oauth'
            ? json(
                'POST',
                { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
                { ...bearer(tokens.access_token), accept: 'application/json, text/event-stream' },
              )
            : { headers: bearer(tokens.access_token) },
        );
        expect.soft([issuer + path, answer.status]).toEqual([issuer + path, 401]);
      }
  });

  test('an opaque access token opens nothing', async () => {
    const [one, two] = [
      await instance.sandbox({ 'tokens.format': 'opaque' }),
      await instance.sandbox({ 'tokens.format': 'opaque' }),
    ];
    const { access_token } = await one.tokens(await one.register());
    expect([(await one.call(access_token)).status, (await two.call(access_token)).status]).toEqual([200, 401]);
  });

  test(
    'a code, a refresh token and a device code give nothing, not even to a client of the same name and ' + 'secret',
    async () => {
      const code = await a.code('twin');
      for (const { issuer } of places()) {
        expect
          .soft(
            (await instance.ask(`${issuer}/oauth/token`, form({ grant_type: 'authorization_code', ...code }, TWIN)))
              .status,
          )
          .toBeGreaterThanOrEqual(400);
      }
      const { body } = await a.token({ grant_type: 'authorization_code', ...code }, TWIN);
      expect((await b.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token }, TWIN)).body.error).toBe(
        'invalid_grant',
      );
      expect((await b.post('/oauth/revoke', { token: body.refresh_token }, TWIN)).status).toBe(200);
      expect((await a.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token }, TWIN)).status).toBe(
        200,
      );
      const tv = await a.register({ redirect_uris: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] });
      const { body: codes } = await a.post('/oauth/device_authorization', { client_id: tv.client_id });
      expect((await b.get(`/activate?user_code=${codes.user_code}`)).status).toBe(400);
      expect((await b.post('/activate', { user_code: codes.user_code, action: 'auto' })).status).toBe(400);
    },
  );

  test('a client, its secret, its registration and its pushed request are not known', async () => {
    expect((await b.token({ grant_type: 'client_credentials' }, basicOf(api))).status).toBe(401);
    expect((await b.authorize(client, { auto_approve: 'true' })).status).toBe(400);
    expect(
      (await b.ask(`/oauth/register/${client.client_id}`, { headers: bearer(client.registration_access_token) }))
        .status,
    ).toBe(401);
    expect(
      (
        await b.ask(`/oauth/register/${client.client_id}`, {
          method: 'DELETE',
          headers: bearer(client.registration_access_token),
        })
      ).status,
    ).toBe(401);
    const { body } = await a.post(
      '/oauth/par',
      { response_type: 'code', code_challenge: s256('v'.repeat(43)), code_challenge_method: 'S256' },
      TWIN,
    );
    expect(
      (
        await b.authorize('twin', [
          ['client_id', 'twin'],
          ['request_uri', body.request_uri],
          ['auto_approve', 'true'],
        ])
      ).status,
    ).toBe(400);
    expect(
      (
        await a.authorize('twin', [
          ['client_id', 'twin'],
          ['request_uri', body.request_uri],
          ['auto_approve', 'true'],
        ])
      ).status,
    ).toBe(302);
  });

  test('a login, a user and a password are not known, though the browser and the address are the same', async () => {
    const open = await visit(a, client, { scope: 'openid' });
    await decide(a, open, { action: 'login', email: 'ada@example.com', password: 'in A', scope: 'openid' });
    const signedIn = async (place: TestSandbox, one: TestClient) =>
      (
        await place.answerOf(one, { auto_approve: undefined, scope: 'openid', prompt: 'none' }, { cookie: open.cookie })
      ).get('error');
    expect([await signedIn(a, client), await signedIn(b, await b.register())]).toEqual([null, 'login_required']);
    expect(
      (
        await b.answerOf(await b.register(), {
          auto_approve: undefined,
          auto_approve_email: 'ada@example.com',
          auto_approve_password: 'in A',
        })
      ).get('error'),
    ).toBe('access_denied');
  });

  test('an ID token is no hint', async () => {
    expect((await b.get(`/oauth/logout?id_token_hint=${tokens.id_token}`)).status).toBe(400);
    expect(
      (
        await b.answerOf(
          await b.register(),
          { auto_approve: undefined, prompt: 'none', id_token_hint: tokens.id_token },
          {},
        )
      ).has('code'),
    ).toBe(false);
  });

  test('the control token steers nothing', async () => {
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { ttl: 60 }],
      ['DELETE', '', undefined],
      ['POST', '/reset', {}],
      ['POST', '/clock', { advance: 1 }],
      ['GET', '/exchanges', undefined],
      ['POST', '/users', { email: 'x@example.com' }],
      ['POST', '/tokens', {}],
      ['POST', '/faults', { endpoint: 'token', effect: { status: 500 } }],
      ['POST', '/keys/rotate', {}],
    ] as const) {
      for (const token of [a.made.control_token, tokens.access_token, client.registration_access_token, '']) {
        const answer = await instance.ask(
          `${ORIGIN}/api/sandboxes/${b.id}${path}`,
          body === undefined ? { method, headers: bearer(token) } : json(method, body, bearer(token)),
        );
        expect.soft([method, path, answer.status]).toEqual([method, path, 401]);
      }
    }
    const open = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
    const [one, two] = [await open.sandbox(), await open.sandbox()];
    const foreign = await two.register();
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site', accept: 'text/html' };
    expect(
      (
        await two.authorize(foreign, { auto_approve: 'true', control_token: one.made.control_token }, navigation)
      ).headers.get('location'),
    ).toBeNull();
    await open.close();
  });

  test('a note is not seen', async () => {
    await a.call(tokens.access_token, 'notes_add', { text: 'only in A' });
    const its = await b.tokens(await b.register(), { scope: 'notes:read' });
    expect((await b.call(its.access_token, 'notes_list')).text).not.toContain('only in A');
    await a.call(null, 'notes_add', { text: 'open in A' }, { path: '/no-auth' });
    expect((await b.call(null, 'notes_list', {}, { path: '/no-auth' })).text).not.toContain('open in A');
  });

  test('a nonce for DPoP, a clock and a configuration have no effect', async () => {
    await a.advance(10_000);
    expect(Math.abs((await b.now()) - Date.now() / 1000)).toBeLessThan(30);
    await a.advance(-10_000);
    await a.configure({ 'code.lifetime': 1 });
    const code = await b.code(await b.register());
    expect(code.code).toBeTruthy();
    await a.configure({ 'code.lifetime': 60 });
  });
});

describe('of one origin, at another name of the same machine', () => {
  test('a token of localhost is refused at 127.0.0.1, with the reason', async () => {
    const answer = await instance.ask(`http://127.0.0.1:3000/s/${a.id}/api/resource`, {
      headers: bearer(tokens.access_token),
    });
    expect([answer.status, answer.text.includes(a.issuer)]).toEqual([401, true]);
  });
});

describe('of a further issuer in the same sandbox', () => {
  test('clients, codes and tokens are its own', async () => {
    const place = await instance.sandbox({ issuers: ['as2'] });
    const own = await place.register();
    const code = await place.code(own);
    expect(
      (
        await instance.ask(
          `${place.issuer}/as2/oauth/token`,
          form({ grant_type: 'authorization_code', client_id: own.client_id, ...code }),
        )
      ).body.error,
    ).toBe('invalid_client');
    const { body } = await place.redeem(own, code);
    expect(
      (await instance.ask(`${place.issuer}/as2/oauth/userinfo`, { headers: bearer(body.access_token) })).status,
    ).toBe(401);
    const at2 = (
      await instance.ask(
        `${place.issuer}/as2/oauth/register`,
        json('POST', { redirect_uris: ['https://client.example/callback'], grant_types: ['client_credentials'] }),
      )
    ).body as TestClient;
    const other = (
      await instance.ask(
        `${place.issuer}/as2/oauth/token`,
        form({ grant_type: 'client_credentials', resource: place.mcp }, basicOf(at2)),
      )
    ).body;
    // The sandbox's resource does not trust that issuer unless its metadata says so.
    expect((await place.call(other.access_token)).status).toBe(401);
  });
});
