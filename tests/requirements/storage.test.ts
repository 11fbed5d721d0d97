import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicOf, bearer, decide, type Instance, openInstance, s256, TestSandbox, visit } from '../lib/sandbox.ts';

let folder: string;
let instance: Instance;
let sandbox: TestSandbox;
/** A public instance: what happens at its root is not recorded. */
let site: Instance;
let root: TestSandbox;
const ADMIN = 'the-admin-token-of-these-tests';
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  folder = mkdtempSync(join(tmpdir(), 'requirements-'));
  site = await openInstance({
    DATABASE_URL: `file:${join(folder, 'test.db')}`,
    PUBLIC_URL: 'https://authwalk.example',
    AUTHWALK_ADMIN_TOKEN: ADMIN,
    AUTHWALK_DEFAULT_CONFIG: '{"tokens.format":"opaque"}',
  });
  const issuer = 'https://authwalk.example';
  const mcp = { oauth: `${issuer}/mcp`, bearer: `${issuer}/bearer`, no_auth: `${issuer}/no-auth` };
  root = new TestSandbox(site, { id: 'default', issuer, mcp, control_token: ADMIN });
});
afterAll(async () => {
  await Promise.all([instance.close(), site.close()]);
  rmSync(folder, { recursive: true, force: true });
});

test('the database holds no code, token, secret or password that could be used [#storage.hashed]', async () => {
  const client = await root.register();
  const api = await root.confidential();
  const code = await root.code(client);
  const unspent = await root.code(client);
  const { body: tokens } = await root.redeem(client, code);
  const { body: later } = await root.refresh(client, tokens.refresh_token);
  const device = await root.register({
    redirect_uris: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  });
  const { body: codes } = await root.post('/oauth/device_authorization', { client_id: device.client_id });
  const { body: pushed } = await root.post('/oauth/par', {
    client_id: client.client_id,
    response_type: 'code',
    code_challenge: s256('v'.repeat(43)),
    code_challenge_method: 'S256',
  });
  const open = await visit(root, client);
  await decide(root, open, {
    action: 'login',
    email: 'ada@example.com',
    password: 'a password of Ada',
    scope: 'notes:read',
  });
  const other = await site.sandbox();
  const secrets: Record<string, string> = {
    code: unspent.code,
    'spent code': code.code,
    'access token': tokens.access_token,
    'refresh token': tokens.refresh_token,
    'next refresh token': later.refresh_token,
    'client secret': api.client_secret!,
    'registration token': api.registration_access_token,
    'device code': codes.device_code,
    'request uri': pushed.request_uri.split(':').at(-1),
    cookie: open.cookie.split('=')[1]!,
    password: 'a password of Ada',
    'control token': other.made.control_token,
    'admin token': ADMIN,
  };
  const lies = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'latin1'))
    .join('\n');
  // That it is looked for in the right place: what is no secret is there.
  for (const known of [client.client_id, 'ada@example.com', s256(unspent.code), s256(later.refresh_token)])
    expect.soft(lies).toContain(known);
  expect(
    Object.entries(secrets)
      .filter(([, secret]) => lies.includes(secret))
      .map(([name]) => name),
  ).toEqual([]);
});

test('what is recorded is masked, but for whoever holds the control token and asks [#recorder.masked]', async () => {
  const client = await sandbox.confidential();
  const tokens = await sandbox.tokens(client);
  await sandbox.call(tokens.access_token);
  const masked = (await sandbox.control('GET', '/exchanges?limit=500')).text;
  for (const secret of [
    tokens.access_token,
    tokens.refresh_token,
    client.client_secret!,
    client.registration_access_token,
    basicOf(client).authorization.split(' ')[1]!,
    'a password of Ada',
    sandbox.made.control_token,
  ])
    expect.soft(masked).not.toContain(secret);
  for (const headers of [{}, bearer('wrong'), bearer(tokens.access_token)] as Record<string, string>[])
    expect.soft((await instance.ask(`/api/sandboxes/${sandbox.id}/exchanges?reveal=1`, { headers })).status).toBe(401);
  expect((await sandbox.control('GET', '/exchanges?limit=500&reveal=1')).text).toContain(tokens.access_token);
});

test('a rotated key is published for as long as its tokens may live, and then no more [#jwks.rotation]', async () => {
  const place = await instance.sandbox({ 'keys.overlap': 100 });
  const client = await place.register();
  const kids = async () =>
    ((await place.get('/.well-known/jwks.json')).body.keys as { kid: string }[]).map(({ kid }) => kid);
  const before = await place.tokens(client, { expires_in: '90' });
  const old = decodeProtectedHeader(before.access_token).kid!;
  expect((await place.control('POST', '/keys/rotate', {})).status).toBeLessThan(300);
  const after = await place.tokens(client);
  const fresh = decodeProtectedHeader(after.access_token).kid!;
  expect(fresh).not.toBe(old);
  expect(await kids()).toEqual(expect.arrayContaining([old, fresh]));
  expect([(await place.call(before.access_token)).status, (await place.call(after.access_token)).status]).toEqual([
    200, 200,
  ]);
  await place.advance(101);
  expect(await kids()).not.toContain(old);
  expect(await kids()).toContain(fresh);
});
