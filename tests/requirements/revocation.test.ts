import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicOf, type Instance, openInstance, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const revoke = (token: string, one = client, more: Record<string, string> = {}) =>
  sandbox.post(
    '/oauth/revoke',
    { token, ...(one.client_secret === undefined ? { client_id: one.client_id } : {}), ...more },
    one.client_secret === undefined ? {} : basicOf(one),
  );

test("a client revokes its own tokens; another client's live on [#revoke.own-tokens-only]", async () => {
  const tokens = await sandbox.tokens(client);
  const other = await sandbox.register();
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    expect.soft(await revoke(token, other)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect.soft(await sandbox.alive(token)).toBe(true);
  }
  expect((await sandbox.call(tokens.access_token)).status).toBe(200);
});

test('an unknown token is answered 200 [#revoke.unknown-is-fine]', async () => {
  for (const token of ['x', 'a.b.c', 'ey.ey.ey', 'x'.repeat(5000), '\u0000', 'é'])
    expect.soft(await revoke(token)).toMatchObject({ status: 200, body: {} });
  const { access_token } = await sandbox.tokens(client);
  await revoke(access_token);
  expect((await revoke(access_token)).status).toBe(200);
  expect(await revoke('')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

test(
  'revoking a refresh token ends the access tokens of the same grant, and no other ' + '[#revoke.refresh-ends-grant]',
  async () => {
    const [one, other] = [await sandbox.tokens(client), await sandbox.tokens(client)];
    const { body: second } = await sandbox.refresh(client, one.refresh_token);
    expect((await revoke(second.refresh_token)).status).toBe(200);
    for (const token of [one.access_token, second.access_token, second.refresh_token])
      expect.soft(await sandbox.alive(token)).toBe(false);
    expect((await sandbox.call(second.access_token)).status).toBe(401);
    expect((await sandbox.refresh(client, second.refresh_token)).body.error).toBe('invalid_grant');
    expect(await sandbox.alive(other.access_token)).toBe(true);
  },
);

test('a confidential client authenticates to revoke [#revoke.authenticated]', async () => {
  const api = await sandbox.confidential();
  const { access_token } = await sandbox.tokens(api);
  expect(await sandbox.post('/oauth/revoke', { token: access_token, client_id: api.client_id })).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  });
  expect(await sandbox.post('/oauth/revoke', { token: access_token })).toMatchObject({ status: 401 });
  expect(await sandbox.alive(access_token)).toBe(true);
  expect((await revoke(access_token, api)).status).toBe(200);
  expect(await sandbox.alive(access_token)).toBe(false);
});

test('revoking one access token leaves the refresh tokens alive [#revoke.access-leaves-family]', async () => {
  const first = await sandbox.tokens(client);
  await revoke(first.access_token);
  expect((await sandbox.call(first.access_token)).status).toBe(401);
  expect((await sandbox.refresh(client, first.refresh_token)).status).toBe(200);
});

test.each(['refresh_token', 'access_token', 'made-up', ''])(
  'a hint that is wrong or unknown changes nothing: %j [#revoke.hint]',
  async (token_type_hint) => {
    const tokens = await sandbox.tokens(client);
    await revoke(tokens.access_token, client, { token_type_hint });
    expect([
      token_type_hint,
      await sandbox.alive(tokens.access_token),
      await sandbox.alive(tokens.refresh_token),
    ]).toEqual([token_type_hint, false, true]);
    await revoke(tokens.refresh_token, client, { token_type_hint });
    expect([token_type_hint, await sandbox.alive(tokens.refresh_token)]).toEqual([token_type_hint, false]);
  },
);

test('a forged token reaches no other with its jti', async () => {
  const { access_token } = await sandbox.tokens(client);
  const [header, payload] = access_token.split('.');
  await revoke(`${header}.${payload}.${'A'.repeat(86)}`);
  expect(await sandbox.alive(access_token)).toBe(true);
});

test('where a sandbox revokes at expiry, its access tokens live until then [#revoke.at-expiry]', async () => {
  const place = await instance.sandbox({ 'revocation.effect': 'at-expiry' });
  const one = await place.register();
  const tokens = await place.tokens(one);
  expect((await place.post('/oauth/revoke', { token: tokens.refresh_token, client_id: one.client_id })).status).toBe(
    200,
  );
  expect((await place.call(tokens.access_token)).status).toBe(200);
  expect((await place.refresh(one, tokens.refresh_token)).body.error).toBe('invalid_grant');
});
