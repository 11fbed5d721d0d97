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
  checksOf,
  type Instance,
  openInstance,
  pkce,
  type TestClient,
  type TestSandbox,
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
