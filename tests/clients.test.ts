/**
 * Where a specification leaves a choice, a common client must not fail in silence. Each behaviour that is lenient has a
 * knob that is strict, and says in the record what the client did.
 */
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  bearer,
  CALLBACK,
  decide,
  type Instance,
  json,
  openInstance,
  pkce,
  type TestClient,
  type TestSandbox,
  visit,
} from './lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const USER = { auto_approve: undefined, auto_approve_email: 'ada@example.com', auto_approve_password: 'engine' };

/** The checks of the latest recorded exchange. */
async function checksOf(place: TestSandbox): Promise<readonly Record<string, unknown>[]> {
  const { body } = await place.control('GET', '/exchanges?limit=500');
  return body.exchanges.at(-1).between;
}
const locationOf = (answer: { headers: Headers }) => new URL(answer.headers.get('location')!);

describe('scopes', () => {
  test('a registered scope is a default and no limit, and the record says what went beyond it', async () => {
    const narrow = await sandbox.register({ scope: 'notes:read' });
    expect((await sandbox.answerOf(narrow, { scope: 'notes:read notes:write' })).get('code')).not.toBeNull();
    const entry = (await checksOf(sandbox)).find(({ check }) => check === 'scope-registered');
    expect(entry).toMatchObject({ ok: true, evidence: { beyond: ['notes:write'] } });
  });

  test('of a pre-registered client it is a limit, and for a client in its own name too', async () => {
    const own = await instance.sandbox(
      {},
      { clients: [{ client_id: 'a', redirect_uris: [CALLBACK], scope: 'notes:read' }] },
    );
    expect((await own.answerOf('a', { scope: 'notes:write' })).get('error')).toBe('invalid_scope');
    const machine = await sandbox.confidential({ scope: 'read' });
    const wide = await sandbox.token({ grant_type: 'client_credentials', scope: 'write' }, basicOf(machine));
    expect(wide.body.error).toBe('invalid_scope');
  });

  test.each([
    ['ignore-with-openid', 'openid made:up', 'openid'],
    ['ignore-with-openid', 'notes:read made:up', null],
    ['ignore', 'notes:read made:up', 'notes:read'],
    ['refuse', 'openid made:up', null],
  ])('unknown ones with scopes.unknown %s: %s', async (rule, scope, granted) => {
    const place = await instance.sandbox({ 'scopes.unknown': rule });
    const one = await place.register();
    const answer = await place.answerOf(one, { scope });
    expect(answer.get('error')).toBe(granted === null ? 'invalid_scope' : null);
    if (granted === null) return;
    const entry = (await checksOf(place)).find(({ check }) => check === 'scope-known');
    expect(entry).toMatchObject({ ok: true, evidence: { ignored: ['made:up'], scope: [granted] } });
  });

  test('address and phone are known', async () => {
    expect((await sandbox.tokens(client, { scope: 'openid address phone' })).scope).toBe('openid address phone');
  });

  test.each([
    [undefined, true],
    [['authorization_code', 'refresh_token'], true],
    [['authorization_code'], false],
  ])('offline_access with the registered grants %j', async (grant_types, granted) => {
    const one = await sandbox.register({ grant_types });
    const tokens = await sandbox.tokens(one, { scope: 'notes:read offline_access' });
    expect([tokens.scope.split(' ').includes('offline_access'), tokens.refresh_token !== undefined]).toEqual([
      granted,
      granted,
    ]);
  });
});

describe('claims', () => {
  const CLAIMS = { name: 'Ada', groups: ['engines'], address: { country: 'GB' } };
  const seed = { users: [{ email: 'ada@example.com', password: 'engine', claims: CLAIMS }] };

  test('those of the granted scopes, and own ones by name, are in ID token, userinfo and access token', async () => {
    const place = await instance.sandbox({}, seed);
    const one = await place.register();
    const tokens = await place.tokens(one, { ...USER, scope: 'openid profile email' });
    const told = { name: 'Ada', email: 'ada@example.com', groups: ['engines'] };
    expect(decodeJwt(tokens.id_token!)).toMatchObject(told);
    expect(decodeJwt(tokens.id_token!)).not.toHaveProperty('address');
    expect(decodeJwt(tokens.access_token)).toMatchObject({ groups: ['engines'] });
    expect(decodeJwt(tokens.access_token)).not.toHaveProperty('name');
    expect((await place.get('/oauth/userinfo', bearer(tokens.access_token))).body).toMatchObject(told);
  });

  test('idToken.claims minimal and tokens.claims none leave them out', async () => {
    const place = await instance.sandbox({ 'idToken.claims': 'minimal', 'tokens.claims': 'none' }, seed);
    const one = await place.register();
    const tokens = await place.tokens(one, { ...USER, scope: 'openid profile email' });
    for (const claims of [decodeJwt(tokens.id_token!), decodeJwt(tokens.access_token)])
      expect(Object.keys(claims).filter((name) => ['name', 'email', 'groups'].includes(name))).toEqual([]);
    const told = (await place.get('/oauth/userinfo', bearer(tokens.access_token))).body;
    expect(told).toMatchObject({ name: 'Ada' });
    expect(told).not.toHaveProperty('groups');
  });

  test('tokens.claims names those that tokens carry', async () => {
    const place = await instance.sandbox({ 'tokens.claims': ['team'] }, seed);
    await place.control('POST', '/users', { email: 'ada@example.com', claims: { groups: ['x'], team: 'blue' } });
    const tokens = await place.tokens(await place.register(), { ...USER, scope: 'openid' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ team: 'blue' });
    expect(decodeJwt(tokens.access_token)).not.toHaveProperty('groups');
  });
});

test('notes that are seeded for nobody by name are in the account of every made-up user, and of no other', async () => {
  const notes = [{ text: 'for all' }, { email: 'ada@example.com', text: 'for Ada' }];
  const place = await instance.sandbox({}, { users: [{ email: 'ada@example.com', password: 'engine' }], notes });
  const one = await place.register();
  const listed = async (as: Record<string, string | undefined>) => {
    const { access_token } = await place.tokens(one, { scope: 'notes:read', ...as });
    const { body } = await place.call(access_token, 'notes_list');
    return body.result.structuredContent.notes.map(({ text }: { text: string }) => text);
  };
  expect(await listed({})).toEqual(['for all']);
  expect(await listed({})).toEqual(['for all']);
  expect(await listed(USER)).toEqual(['for Ada']);
});

describe('resources of others', () => {
  test.each([
    ['loopback', 'http://localhost:8765/mcp', true],
    ['loopback', 'http://127.0.0.1:8765/', true],
    ['loopback', 'http://notes.localhost:9000/mcp', true],
    ['loopback', 'http://localhost:3000/elsewhere', false],
    ['loopback', 'https://api.example/mcp', false],
    ['own', 'http://localhost:8765/mcp', false],
    ['any', 'https://api.example/mcp', true],
    [['https://api.example/mcp'], 'https://api.example/mcp', true],
    [['https://api.example/mcp'], 'https://api.example/other', false],
  ])('resources %j: %s', async (resources, resource, allowed) => {
    const place = await instance.sandbox({ resources });
    const one = await place.register();
    const answer = await place.answerOf(one, { resource });
    if (allowed) {
      expect(decodeJwt((await place.tokens(one, { resource })).access_token).aud).toBe(resource);
    } else {
      expect(answer.get('error')).toBe('invalid_target');
      expect(answer.get('error_description')).toContain('The knob resources');
    }
  });

  test('a name that is no URI joins at token exchange, and nowhere else', async () => {
    const service = await sandbox.confidential({
      grant_types: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      redirect_uris: [],
    });
    const subject = await sandbox.token({ grant_type: 'client_credentials' }, basicOf(service));
    const exchange = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subject.body.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'my-api',
    };
    const { body } = await sandbox.token(exchange, basicOf(service));
    expect(decodeJwt(body.access_token).aud).toBe('my-api');
    const { body: refused } = await sandbox.token(
      { grant_type: 'client_credentials', audience: 'my-api' },
      basicOf(service),
    );
    expect(refused.error).toBe('invalid_target');
  });
});

describe('registration', () => {
  const OFFERED = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };

  test('keeps what is offered, and says what was registered', async () => {
    const made = await sandbox.json('POST', '/oauth/register', {
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code', 'id_token', 'id_token token', 'code id_token'],
      scope: 'openid made:up',
    });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...OFFERED, scope: 'openid' })]);
    const entry = (await checksOf(sandbox)).find(({ check }) => check === 'registration-unoffered');
    expect(entry).toMatchObject({ evidence: { left_out: { grant_types: ['implicit'], scope: ['made:up'] } } });
  });

  test.each([[{ grant_types: ['implicit'] }], [{ response_types: ['token'] }], [{ scope: 'made:up' }]])(
    'refuses where nothing is left: %j',
    async (change) => {
      const made = await sandbox.json('POST', '/oauth/register', { redirect_uris: [CALLBACK], ...change });
      expect([made.status, made.body.error]).toEqual([400, 'invalid_client_metadata']);
    },
  );

  test('refuses all of it if registration.unoffered says so', async () => {
    const place = await instance.sandbox({ 'registration.unoffered': 'refuse' });
    const made = await place.json('POST', '/oauth/register', {
      redirect_uris: [CALLBACK],
      response_types: ['code', 'id_token'],
    });
    expect([made.status, made.body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(made.body.error_description).toContain('registration.unoffered');
  });

  test.each(['client_secret_basic', 'client_secret_post'])(
    'a client that registered %s may use either secret method at revocation and introspection, not at ' +
      'the token endpoint',
    async (token_endpoint_auth_method) => {
      const one = await sandbox.confidential({ token_endpoint_auth_method });
      const inBody = { client_id: one.client_id, client_secret: one.client_secret };
      for (const path of ['/oauth/introspect', '/oauth/revoke']) {
        expect.soft((await sandbox.post(path, { token: 'x' }, basicOf(one))).status, path).toBe(200);
        expect.soft((await sandbox.post(path, { token: 'x', ...inBody })).status, path).toBe(200);
      }
      const grant_type = 'client_credentials';
      const statuses = [
        (await sandbox.token({ grant_type }, basicOf(one))).status,
        (await sandbox.token({ grant_type, ...inBody })).status,
      ];
      expect(statuses).toEqual(token_endpoint_auth_method === 'client_secret_basic' ? [200, 401] : [401, 200]);
    },
  );

  test('an assertion under a secret is called by its own name', async () => {
    const one = await sandbox.confidential();
    const assertion = await new SignJWT({ iss: one.client_id, sub: one.client_id })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('k'.repeat(32)));
    const { body } = await sandbox.token({
      grant_type: 'client_credentials',
      client_id: one.client_id,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    expect(body.error_description).toContain('sent client_secret_jwt');
  });
});

describe('response modes', () => {
  test('fragment carries code and error', async () => {
    for (const [change, member] of [
      [{}, 'code'],
      [{ scope: 'made:up' }, 'error'],
    ] as const) {
      const url = locationOf(
        await sandbox.authorize(client, { auto_approve: 'true', response_mode: 'fragment', state: 's', ...change }),
      );
      const answer = new URLSearchParams(url.hash.slice(1));
      expect([url.search, answer.has(member), answer.get('state'), answer.get('iss')]).toEqual([
        '',
        true,
        's',
        sandbox.issuer,
      ]);
    }
  });

  test('form_post is a page that sends itself, whatever Accept says', async () => {
    for (const accept of ['application/json', 'text/html']) {
      const page = await sandbox.authorize(
        client,
        { auto_approve: 'true', response_mode: 'form_post', state: '"><script>x</script>' },
        { accept },
      );
      expect([page.status, page.headers.get('content-type'), page.headers.get('referrer-policy')]).toEqual([
        200,
        'text/html; charset=utf-8',
        'origin',
      ]);
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(page.text).toContain(`<form method="post" action="${CALLBACK}">`);
      expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"');
      expect(page.text).toMatch(/<button type="submit">/);
      expect(page.text.match(/<script>/g)).toHaveLength(1);
    }
    const refused = await sandbox.authorize(client, { response_mode: 'form_post', scope: 'made:up' });
    expect(refused.text).toMatch(/name="error" value="invalid_scope"/);
  });
});

describe('who may get a code by prompt=none', () => {
  const LOCAL = 'http://localhost:5173/silent';

  async function silent(place: TestSandbox, metadata: Record<string, unknown>, redirect_uri = LOCAL) {
    const one = await place.register({ redirect_uris: [LOCAL], application_type: undefined, ...metadata });
    const open = await visit(place, one, { redirect_uri, scope: 'openid' });
    await decide(place, open, { action: 'auto', scope: 'openid' });
    const parameters = { auto_approve: undefined, prompt: 'none', scope: 'openid', redirect_uri };
    return place.answerOf(one, parameters, { cookie: open.cookie });
  }

  test.each([
    ['a client with credentials', { token_endpoint_auth_method: 'client_secret_basic' }, LOCAL, true],
    ['a local page that says it is one', { application_type: 'web' }, LOCAL, true],
    ['the same at another port', { application_type: 'web' }, 'http://localhost:5174/silent', false],
    ['a native one', { application_type: 'native' }, LOCAL, false],
    ['one that does not say', {}, LOCAL, false],
  ])('%s', async (_, metadata, redirect_uri, allowed) => {
    const answer = await silent(sandbox, metadata, redirect_uri);
    expect([answer.has('code'), answer.get('error')]).toEqual([allowed, allowed ? null : 'consent_required']);
    if (!allowed) expect(answer.get('error_description')).toMatch(/^The knob authorize\.silent/);
  });

  test('anybody, with authorize.silent any', async () => {
    expect((await silent(await instance.sandbox({ 'authorize.silent': 'any' }), {})).has('code')).toBe(true);
  });
});

describe('hints hold on the ways without a page', () => {
  test('id_token_hint and login_hint that name somebody else, or are none, are login_required', async () => {
    const { id_token } = await sandbox.tokens(client, { ...USER, scope: 'openid' });
    const other = await instance.sandbox();
    const foreign = await other.tokens(await other.register(), { scope: 'openid' });
    const errorOf = async (parameters: Record<string, string | undefined>) =>
      (await sandbox.answerOf(client, { scope: 'openid', ...parameters })).get('error');
    expect(await errorOf({ ...USER, id_token_hint: id_token! })).toBeNull();
    expect(await errorOf({ ...USER, login_hint: 'ADA@example.com' })).toBeNull();
    expect(await errorOf({ id_token_hint: id_token! })).toBe('login_required');
    expect(await errorOf({ ...USER, id_token_hint: foreign.id_token! })).toBe('login_required');
    expect(await errorOf({ ...USER, id_token_hint: 'x' })).toBe('login_required');
    expect(await errorOf({ ...USER, login_hint: 'bob@example.com' })).toBe('login_required');
    expect(await errorOf({ auto_approve: undefined, id_token_hint: 'x' })).toBe('login_required');
  });

  test('prompt=none finds who is signed in, or nobody', async () => {
    const errorOf = async (parameters: Record<string, string | undefined>, headers = {}) =>
      (await sandbox.answerOf(client, { scope: 'openid', prompt: 'none', ...parameters }, headers)).get('error');
    expect(await errorOf({})).toBe('login_required');
    expect(await errorOf(USER)).toBe('login_required');
    const open = await visit(sandbox, client, { scope: 'openid' });
    await decide(sandbox, open, { action: 'login', email: 'ada@example.com', password: 'engine', scope: 'openid' });
    expect(await errorOf(USER, { cookie: open.cookie })).toBeNull();
    expect(await errorOf({}, { cookie: open.cookie })).toBeNull();
    await sandbox.advance(120);
    expect(await errorOf({ max_age: '60' }, { cookie: open.cookie })).toBe('login_required');
  });

  test('consent.outcome approve uses the signed-in user, and auto_approve makes a user up', async () => {
    const place = await instance.sandbox({ 'consent.outcome': 'approve' });
    const one = await place.register();
    const browser = { 'sec-fetch-mode': 'navigate' };
    const first = await place.authorize(one, { scope: 'openid' }, browser);
    let cookie = first.headers.get('set-cookie')!.split(';')[0]!;
    const subjectOf = async (parameters: Record<string, string | undefined>) => {
      const { challenge, verifier } = pkce();
      const asked = { scope: 'openid', code_challenge: challenge, ...parameters };
      const answer = await place.authorize(one, asked, { cookie });
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
      return decodeJwt((await place.redeem(one, { code, code_verifier: verifier })).body.id_token);
    };
    const again = await subjectOf({});
    expect((await subjectOf({ prompt: 'none' })).sub).toBe(again.sub);
    await place.advance(90);
    expect((await subjectOf({})).auth_time).toBe(again.auth_time);
    const renewed = await subjectOf({ max_age: '60' });
    expect(renewed.sub).toBe(again.sub);
    // The clock of the test runs on: a second may begin in between.
    expect(renewed.auth_time as number).toBeGreaterThanOrEqual((again.auth_time as number) + 90);
    expect((await subjectOf({ prompt: 'login' })).sub).toBe(again.sub);
    expect((await subjectOf({ auto_approve: 'true' })).sub).not.toBe(again.sub);
  });
});

describe('authorization requests', () => {
  test('a missing response_type is code, or an error if the knob is strict', async () => {
    expect((await sandbox.answerOf(client, { response_type: undefined })).has('code')).toBe(true);
    expect(await checksOf(sandbox)).toContainEqual(
      expect.objectContaining({ check: 'response-type', evidence: { expected: 'code', got: 'assumed' } }),
    );
    const strict = await instance.sandbox({ 'authorize.responseType': 'strict' });
    const answer = await strict.answerOf(await strict.register(), { response_type: undefined });
    expect(answer.get('error')).toBe('invalid_request');
  });

  test('an unknown client is let in with a loopback redirect URI if the knob says so', async () => {
    const parameters = { redirect_uri: 'http://127.0.0.1:9999/cb', auto_approve: 'true' };
    expect((await sandbox.authorize('nobody', parameters)).status).toBe(400);
    const open = await instance.sandbox({ 'authorize.unknownClient': 'accept' });
    const code = await open.code('nobody', parameters);
    const redeemed = await open.token(
      { grant_type: 'authorization_code', ...code, redirect_uri: parameters.redirect_uri },
      { authorization: `Basic ${Buffer.from('nobody:anything').toString('base64')}` },
    );
    expect([redeemed.status, redeemed.body.token_type]).toEqual([200, 'Bearer']);
    const elsewhere = await open.authorize('nobody', { ...parameters, redirect_uri: 'https://evil.example/cb' });
    expect(elsewhere.status).toBe(400);
  });

  test('the refusal for want of PKCE names the knob', async () => {
    const answer = await sandbox.answerOf(client, { code_challenge: undefined, code_challenge_method: undefined });
    expect(answer.get('error_description')).toContain('authorize.pkce');
  });

  test.each([
    'http://127.0.0.1:7777/rückruf',
    'https://bücher.example/cb',
    'https://client.example/a b',
    'https://client.example/%zz',
    'https://client.example/cb?x=[1]',
    'https://client.example/cb#f',
    'https://client.example/{id}',
    'https:client.example/cb',
    'https:///cb',
    'https://client.example:99999/cb',
    'https://client.example\\@evil.example/',
  ])('a redirect URI that RFC 3986 does not have is not registered: %s', async (uri) => {
    const made = await sandbox.json('POST', '/oauth/register', { redirect_uris: [uri] });
    expect([made.status, made.body.error]).toEqual([400, 'invalid_redirect_uri']);
  });

  test.each([
    'https://CLIENT.example/Cb',
    'https://client.example',
    'https://client.example/cb/../x?a=%C3%BC',
    'com.example.app:/cb',
    'http://[::1]/cb',
    'http://app.localhost:4000/cb',
  ])('a redirect URI comes back as it was registered: %s', async (uri) => {
    const one = await sandbox.register({ redirect_uris: [uri], application_type: undefined });
    const answer = await sandbox.authorize(one, { auto_approve: 'true' });
    const location = answer.headers.get('location')!;
    expect(location.startsWith(`${uri}${uri.includes('?') ? '&' : '?'}code=`)).toBe(true);
  });

  test('an answer that would double a parameter of a seeded redirect URI is shown, and not sent', async () => {
    const uri = `${CALLBACK}?code=fixed`;
    const place = await instance.sandbox({}, { clients: [{ client_id: 'a', redirect_uris: [uri] }] });
    expect((await place.authorize('a', { auto_approve: 'true' })).status).toBe(400);
    const inFragment = await place.authorize('a', { auto_approve: 'true', response_mode: 'fragment' });
    expect(inFragment.headers.get('location')).toMatch(/\?code=fixed#code=/);
  });
});

describe('tokens for readers with habits', () => {
  test('tokens.typ JWT', async () => {
    const place = await instance.sandbox({ 'tokens.typ': 'JWT' });
    const one = await place.register();
    const tokens = await place.tokens(one, { scope: 'openid notes:read' });
    expect(decodeProtectedHeader(tokens.access_token).typ).toBe('JWT');
    expect((await place.call(tokens.access_token)).status).toBe(200);
    expect((await place.introspect(tokens.access_token)).active).toBe(true);
    // The two kinds of token still do not pass for each other.
    expect((await place.call(tokens.id_token!)).status).toBe(401);
    const answer = await place.answerOf(one, { id_token_hint: tokens.access_token });
    expect(answer.get('error')).toBe('login_required');
  });

  test('HS256 with a key of its own: access tokens only, and never in the key set', async () => {
    const place = await instance.sandbox({ 'tokens.alg': 'HS256' });
    const one = await place.register();
    const none = await place.redeem(one, await place.code(one));
    expect([none.status, none.body.error]).toEqual([503, 'temporarily_unavailable']);
    const k = Buffer.from('s'.repeat(32)).toString('base64url');
    const put = await place.control('PUT', '/keys', { keys: [{ kty: 'oct', k, alg: 'HS256', kid: 'shared' }] });
    expect(put.body).toEqual({ kids: ['shared'] });
    const tokens = await place.tokens(one, { scope: 'openid notes:read' });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'HS256', kid: 'shared' });
    expect(decodeProtectedHeader(tokens.id_token!).alg).toBe('RS256');
    expect((await place.call(tokens.access_token)).status).toBe(200);
    const published = (await place.get('/.well-known/jwks.json')).text;
    expect(published).not.toContain('oct');
    expect(published).not.toContain(k);
    const metadata = (await place.get('/.well-known/oauth-authorization-server')).body;
    expect(metadata.id_token_signing_alg_values_supported).not.toContain('HS256');
    const weak = await place.control('PUT', '/keys', { keys: [{ kty: 'oct', k: 'c2hvcnQ', alg: 'HS256' }] });
    expect(weak.status).toBe(400);
  });
});

describe('smaller things', () => {
  test('a token in the query of userinfo is told so', async () => {
    const { access_token } = await sandbox.tokens(client, { scope: 'openid' });
    const answer = await sandbox.get(`/oauth/userinfo?access_token=${access_token}`);
    expect([answer.status, answer.body.error_description]).toEqual([
      401,
      'The access token stands in the address. Send it in the Authorization header.',
    ]);
  });

  test('post_logout_redirect_uri takes any port on loopback, as redirect_uri does', async () => {
    const one = await sandbox.register({ post_logout_redirect_uris: ['http://localhost:3333/bye'] });
    const leave = (uri: string) =>
      sandbox.get(`/oauth/logout?client_id=${one.client_id}&post_logout_redirect_uri=${encodeURIComponent(uri)}`);
    expect((await leave('http://localhost:4444/bye')).headers.get('location')).toBe('http://localhost:4444/bye');
    expect((await leave('http://localhost:4444/other')).status).toBe(400);
  });

  test("the schemas of the MCP server's tools have no lists of types", async () => {
    const listed = await sandbox.ask(
      '/no-auth',
      json(
        'POST',
        { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
        { accept: 'application/json, text/event-stream' },
      ),
    );
    expect(listed.body.result.tools.length).toBeGreaterThan(5);
    expect(JSON.stringify(listed.body.result.tools)).not.toMatch(/"type":\[/);
  });

  test('a code verifier of 42 characters is refused, and one of 43 that fits is not', async () => {
    const { verifier, challenge } = pkce();
    const code = (await sandbox.answerOf(client, { code_challenge: challenge })).get('code')!;
    const short = await sandbox.redeem(client, { code, code_verifier: verifier.slice(1) });
    expect([short.body.error, short.body.error_description]).toEqual([
      'invalid_grant',
      expect.stringContaining('43 to 128'),
    ]);
    expect((await sandbox.redeem(client, { code, code_verifier: verifier })).status).toBe(200);
  });
});

describe('negotiation at the MCP servers', () => {
  const initialize = (protocolVersion: string) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  });
  const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
  const send = (body: unknown, headers: Record<string, string> = {}, place = sandbox) =>
    place.ask('/no-auth', json('POST', body, { accept: 'application/json, text/event-stream', ...headers }));

  test.each([
    ['application/json, text/event-stream', 200],
    ['TEXT/EVENT-STREAM;q=0.1, Application/JSON', 200],
    ['*/*', 200],
    ['application/*, text/*', 200],
    ['application/json', 406],
    ['application/json, text/event-stream;q=0', 406],
    ['*/*, text/event-stream;q=0', 406],
    ['text/plain; x="application/json, text/event-stream"', 406],
  ])('Accept: %s', async (accept, status) => {
    expect((await send(initialize('2025-11-25'), { accept })).status).toBe(status);
  });

  test.each([
    ['Application/JSON; charset=UTF-8', 200],
    ['application/vnd.api+json', 415],
    ['text/plain; x=application/json', 415],
  ])('Content-Type: %s', async (type, status) => {
    expect((await send(initialize('2025-11-25'), { 'content-type': type })).status).toBe(status);
  });

  test.each([
    ['2025-03-26', 200],
    [undefined, 200],
    ['2025-06-18', 400],
    ['2025-11-25', 400],
    ['2026-07-28', 400],
  ])('a batch under revision %s', async (version, status) => {
    const headers: Record<string, string> = version === undefined ? {} : { 'mcp-protocol-version': version };
    const answer = await send([ping, { ...ping, id: 3 }], headers);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.map(({ id }: { id: number }) => id).toSorted()).toEqual([2, 3]);
    else expect(answer.body.error).toMatchObject({ code: -32600, message: expect.stringContaining('no batches') });
  });

  test('an empty batch is no message', async () => {
    expect((await send([])).body.error.code).toBe(-32600);
  });

  test('mcp.versions: a server that speaks older revisions only, or the stateless one only', async () => {
    const old = await instance.sandbox({ 'mcp.versions': ['2025-03-26', '2025-06-18'] });
    expect((await send(initialize('2025-11-25'), {}, old)).body.result.protocolVersion).toBe('2025-06-18');
    expect((await send(ping, { 'mcp-protocol-version': '2025-11-25' }, old)).status).toBe(400);
    expect((await old.call(null, 'add', { a: 1, b: 2 }, { path: '/no-auth' })).status).toBe(400);
    const modern = await instance.sandbox({ 'mcp.versions': ['2026-07-28'] });
    expect((await modern.call(null, 'add', { a: 1, b: 2 }, { path: '/no-auth' })).status).toBe(200);
    expect((await send(initialize('2025-11-25'), {}, modern)).status).toBe(400);
  });

  test('what is refused has a reason, and its failed check is the last one', async () => {
    for (const refused of [await send('{'), await send([]), await send({ jsonrpc: '2.0', id: 1, method: 'nothing' })]) {
      expect.soft(refused.body.error.code).toBeLessThan(0);
      const { body } = await sandbox.control('GET', '/exchanges?limit=500');
      const exchange = body.exchanges.at(-1);
      if (exchange.response.status < 400) continue;
      expect.soft(exchange.reason).toBe('rpc-message');
      expect.soft(exchange.between.at(-1).ok).toBe(false);
    }
  });
});
