import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicOf, bearer, type Instance, openInstance, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

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

test('it needs client authentication [#introspect.authenticated]', async () => {
  const { access_token } = await sandbox.tokens(client);
  for (const [fields, headers] of [
    [{}, {}],
    [{ client_id: client.client_id }, {}],
    [{ client_id: api.client_id }, {}],
    [{}, bearer(access_token)],
    [{ client_id: api.client_id, client_secret: 'wrong' }, {}],
  ] as [Record<string, string>, Record<string, string>][]) {
    const answer = await sandbox.post('/oauth/introspect', { token: access_token, ...fields }, headers);
    expect.soft([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    expect.soft(answer.text).not.toContain('active');
  }
  expect((await sandbox.ask('/oauth/introspect', { headers: basicOf(api) })).status).toBe(405);
  expect(await sandbox.post('/oauth/introspect', {}, basicOf(api))).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
});

test(
  'of a token that is not alive the answer is active: false and nothing else ' + '[#introspect.inactive-says-no-more]',
  async () => {
    const other = await instance.sandbox();
    const foreign = await other.tokens(await other.register());
    const revoked = await sandbox.tokens(client);
    await sandbox.post('/oauth/revoke', { token: revoked.refresh_token, client_id: client.client_id });
    const used = await sandbox.tokens(client);
    await sandbox.refresh(client, used.refresh_token);
    const { code } = await sandbox.code(client);
    const expired = await sandbox.tokens(client, { expires_in: '5' });
    await sandbox.advance(6);
    for (const token of [
      'x',
      'a.b.c',
      foreign.access_token,
      foreign.refresh_token,
      revoked.access_token,
      revoked.refresh_token,
      used.refresh_token,
      code,
      expired.access_token,
      client.client_id,
      'é',
      '\u0000',
      'x'.repeat(9000),
    ]) {
      const answer = await sandbox.post('/oauth/introspect', { token }, basicOf(api));
      expect
        .soft([token.slice(0, 40), answer.status, answer.text])
        .toEqual([token.slice(0, 40), 200, '{"active":false}']);
    }
  },
);

test('of a live token it tells what the token says [#introspect.active]', async () => {
  const tokens = await sandbox.tokens(client, {
    scope: 'notes:read openid',
    resource: sandbox.mcp,
    auto_approve_email: 'ada@example.com',
    auto_approve_password: 'secret',
    auto_approve: undefined,
  });
  const access = await sandbox.introspect(tokens.access_token);
  const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1]!, 'base64url').toString());
  expect(access).toMatchObject({
    active: true,
    scope: 'notes:read openid',
    client_id: client.client_id,
    sub: claims.sub,
    aud: sandbox.mcp,
    iss: sandbox.issuer,
    exp: claims.exp,
    iat: claims.iat,
    jti: claims.jti,
    token_type: 'Bearer',
    username: 'ada@example.com',
  });
  expect(await sandbox.introspect(tokens.refresh_token)).toMatchObject({
    active: true,
    client_id: client.client_id,
    sub: claims.sub,
    iss: sandbox.issuer,
    scope: 'notes:read openid',
  });
  expect(await sandbox.introspect(tokens.refresh_token)).not.toHaveProperty('token_type');
});

test('a refresh token of a client with a secret is told to that client alone', async () => {
  const place = await instance.sandbox();
  const [one, other, open] = [await place.confidential(), await place.confidential(), await place.register()];
  const ask = async (by: TestClient, token: string): Promise<boolean> =>
    (await place.post('/oauth/introspect', { token }, basicOf(by))).body.active;
  const { refresh_token: kept, access_token } = await place.tokens(one);
  const { refresh_token: bearer } = await place.tokens(open);
  const seen = async () => [await ask(one, kept), await ask(other, kept), await ask(other, bearer)];
  expect(await ask(other, access_token)).toBe(true);
  expect((await place.post('/oauth/introspect', { token: kept }, basicOf(other))).text).toBe('{"active":false}');
  expect(await seen()).toEqual([true, false, true]);
  await place.configure({ 'introspect.refreshTokens': 'own' });
  expect(await seen()).toEqual([true, false, false]);
  await place.configure({ 'introspect.refreshTokens': 'any' });
  expect(await seen()).toEqual([true, true, true]);
});

test('a claim of the user never takes the place of what introspection says', async () => {
  const claims = { active: false, token_type: 'N_A', username: 'root', department: 'engines' };
  const place = await instance.sandbox({}, { users: [{ email: 'eve@example.com', password: 'secret', claims }] });
  const { access_token } = await place.tokens(await place.register(), {
    auto_approve_email: 'eve@example.com',
    auto_approve_password: 'secret',
    auto_approve: undefined,
  });
  expect(await place.introspect(access_token)).toMatchObject({
    active: true,
    token_type: 'Bearer',
    username: 'eve@example.com',
    department: 'engines',
  });
});

test('the hint helps and never decides', async () => {
  const tokens = await sandbox.tokens(client);
  for (const token of [tokens.access_token, tokens.refresh_token])
    for (const token_type_hint of ['access_token', 'refresh_token', 'made-up']) {
      expect
        .soft((await sandbox.post('/oauth/introspect', { token, token_type_hint }, basicOf(api))).body.active)
        .toBe(true);
    }
});

test('its answer is not stored', async () => {
  expect((await sandbox.post('/oauth/introspect', { token: 'x' }, basicOf(api))).headers.get('cache-control')).toBe(
    'no-store',
  );
});
