import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const REFUSED = { status: 400, body: { error: 'invalid_grant' } };

test('each use brings a new refresh token, and the old one is dead [#refresh.rotates]', async () => {
  for (const one of [client, await sandbox.confidential()]) {
    const first = await sandbox.tokens(one);
    const asked = one.client_secret === undefined ? undefined : one;
    expect.soft((await sandbox.introspect(first.refresh_token, asked)).active).toBe(true);
    const { status, body } = await sandbox.refresh(one, first.refresh_token);
    expect.soft(status).toBe(200);
    expect.soft(body.refresh_token).toEqual(expect.any(String));
    expect.soft(body.refresh_token).not.toBe(first.refresh_token);
    expect.soft(body.access_token).not.toBe(first.access_token);
    expect.soft((await sandbox.introspect(first.refresh_token, asked)).active).toBe(false);
    expect.soft((await sandbox.introspect(body.refresh_token, asked)).active).toBe(true);
    expect.soft((await sandbox.refresh(one, first.refresh_token)).body.error).toBe('invalid_grant');
  }
});

test('a used one that comes back ends the whole family [#refresh.reuse-revokes]', async () => {
  const first = await sandbox.tokens(client);
  const { body: second } = await sandbox.refresh(client, first.refresh_token);
  const { body: third } = await sandbox.refresh(client, second.refresh_token);
  expect((await sandbox.call(third.access_token)).status).toBe(200);
  expect(await sandbox.refresh(client, first.refresh_token)).toMatchObject(REFUSED);
  expect(await sandbox.refresh(client, third.refresh_token)).toMatchObject(REFUSED);
  for (const token of [first.access_token, second.access_token, third.access_token, third.refresh_token])
    expect.soft(await sandbox.alive(token)).toBe(false);
  expect((await sandbox.call(third.access_token)).status).toBe(401);
});

test(
  "a refresh token is good for its client, and another's attempt does not harm it " + '[#refresh.bound-to-client]',
  async () => {
    const confidential = await sandbox.confidential();
    const first = await sandbox.tokens(confidential);
    for (const other of [client, await sandbox.confidential()])
      expect.soft(await sandbox.refresh(other, first.refresh_token)).toMatchObject(REFUSED);
    expect(
      await sandbox.token({
        grant_type: 'refresh_token',
        client_id: confidential.client_id,
        refresh_token: first.refresh_token,
      }),
    ).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await sandbox.refresh(confidential, first.refresh_token)).status).toBe(200);
  },
);

test('a refresh narrows the scope and never widens it [#refresh.scope-narrows]', async () => {
  const first = await sandbox.tokens(client, { scope: 'notes:write read' });
  for (const scope of ['notes:write read admin', 'admin', 'openid', 'unheard-of', 'notes:write  read']) {
    expect
      .soft([scope, (await sandbox.refresh(client, first.refresh_token, { scope })).body.error])
      .toEqual([scope, 'invalid_scope']);
  }
  const { body } = await sandbox.refresh(client, first.refresh_token, { scope: 'read' });
  expect(body.scope).toBe('read');
  expect((await sandbox.introspect(body.access_token)).scope).toBe('read');
});

test('a narrowed refresh leaves the refresh token its scope [#refresh.scope-kept]', async () => {
  const first = await sandbox.tokens(client, { scope: 'notes:write read' });
  const { body: narrow } = await sandbox.refresh(client, first.refresh_token, { scope: 'read' });
  expect((await sandbox.introspect(narrow.refresh_token)).scope).toBe('notes:write read');
  const { body: wide } = await sandbox.refresh(client, narrow.refresh_token);
  expect(wide.scope).toBe('notes:write read');
});

test('it ends when it was idle for too long, and when its family is too old [#refresh.expires]', async () => {
  const place = await instance.sandbox({ 'refresh.idleLifetime': 100, 'refresh.absoluteLifetime': 250 });
  const one = await place.register();
  const idle = await place.tokens(one);
  await place.advance(101);
  expect(await place.refresh(one, idle.refresh_token)).toMatchObject(REFUSED);
  let { refresh_token } = await place.tokens(one);
  for (let round = 0; round < 2; round += 1) {
    await place.advance(90);
    const { status, body } = await place.refresh(one, refresh_token);
    expect.soft(status).toBe(200);
    refresh_token = body.refresh_token;
  }
  await place.advance(75);
  expect(await place.refresh(one, refresh_token)).toMatchObject(REFUSED);
  const { refresh_token: usual } = await sandbox.tokens(client);
  const before = (await sandbox.introspect(usual)).exp - (await sandbox.now());
  expect(before).toBeGreaterThan(86_400);
});

test('a refresh asks for part of the granted resources, and no others [#refresh.resource-narrows]', async () => {
  const first = await sandbox.tokens(client, { resource: sandbox.mcp });
  for (const resource of [`${sandbox.issuer}/oauth`, 'https://elsewhere.example/'])
    expect.soft((await sandbox.refresh(client, first.refresh_token, { resource })).body.error).toBe('invalid_target');
  const { body } = await sandbox.refresh(client, first.refresh_token, { resource: sandbox.mcp });
  expect(decodeJwt(body.access_token).aud).toBe(sandbox.mcp);
});

test('two hundred refreshes at the same moment: one success, and the family is dead [#refresh.parallel]', async () => {
  const first = await sandbox.tokens(client);
  const answers = await Promise.all(Array.from({ length: 200 }, () => sandbox.refresh(client, first.refresh_token)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toHaveLength(199);
  expect(await sandbox.refresh(client, won[0]!.body.refresh_token)).toMatchObject(REFUSED);
  expect(await sandbox.alive(won[0]!.body.access_token)).toBe(false);
});

test('the user stays the same, and no nonce comes back [#refresh.same-subject]', async () => {
  const first = await sandbox.tokens(client, { scope: 'openid', nonce: 'n-1' });
  const { body } = await sandbox.refresh(client, first.refresh_token);
  const [before, after] = [decodeJwt(first.id_token!), decodeJwt(body.id_token)];
  expect(after).toMatchObject({ iss: before.iss, sub: before.sub, aud: before.aud, auth_time: before.auth_time });
  expect(after).not.toHaveProperty('nonce');
  expect((await sandbox.introspect(body.access_token)).sub).toBe(before.sub);
});

describe('where a sandbox is lenient by name', () => {
  test(
    'within the grace the same successor comes again, for as long as it was not used itself ' + '[#refresh.grace]',
    async () => {
      const place = await instance.sandbox({ 'refresh.grace': 30 });
      const one = await place.register();
      const first = await place.tokens(one);
      const { body: second } = await place.refresh(one, first.refresh_token);
      expect((await place.refresh(one, first.refresh_token)).body.refresh_token).toBe(second.refresh_token);
      expect((await place.refresh(one, second.refresh_token)).status).toBe(200);
      expect(await place.refresh(one, first.refresh_token)).toMatchObject(REFUSED);
      const late = await place.tokens(one);
      await place.refresh(one, late.refresh_token);
      await place.advance(31);
      expect(await place.refresh(one, late.refresh_token)).toMatchObject(REFUSED);
    },
  );

  test('two hundred refreshes within the grace give one and the same successor', async () => {
    const place = await instance.sandbox({ 'refresh.grace': 30 });
    const one = await place.register();
    const first = await place.tokens(one);
    const answers = await Promise.all(Array.from({ length: 200 }, () => place.refresh(one, first.refresh_token)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect((await place.refresh(one, answers[0]!.body.refresh_token)).status).toBe(200);
  });

  test('without offline_access, or ever, no refresh token comes [#refresh.issue]', async () => {
    const never = await instance.sandbox({ 'refresh.issue': 'never' });
    expect(await never.tokens(await never.register())).not.toHaveProperty('refresh_token');
    const offline = await instance.sandbox({ 'refresh.issue': 'offline-access' });
    const one = await offline.register();
    expect(await offline.tokens(one)).not.toHaveProperty('refresh_token');
    expect(await offline.tokens(one, { scope: 'notes:read offline_access' })).toHaveProperty('refresh_token');
    expect(await sandbox.tokens(await sandbox.register({ grant_types: ['authorization_code'] }))).not.toHaveProperty(
      'refresh_token',
    );
  });
});

test('an access token is no refresh token, nor is a code', async () => {
  const tokens = await sandbox.tokens(client);
  const { code } = await sandbox.code(client);
  for (const token of [tokens.access_token, code, '', 'x', 'x'.repeat(5000), '\u0000'])
    expect.soft([400, 401]).toContain((await sandbox.refresh(client, token)).status);
  const api = await sandbox.confidential();
  expect(
    (await sandbox.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, basicOf(api))).body
      .error,
  ).toBe('invalid_grant');
});
