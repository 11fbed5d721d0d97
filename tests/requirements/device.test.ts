import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicOf, type Instance, openInstance, sameSite, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
let instance: Instance;
let sandbox: TestSandbox;
let tv: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  tv = await device();
});
afterAll(() => instance.close());

const device = (place = sandbox, metadata: Record<string, unknown> = {}) =>
  place.register({ redirect_uris: [], grant_types: [GRANT, 'refresh_token'], ...metadata });
const begin = async (place = sandbox, one = tv, more: Record<string, string> = {}) =>
  (await place.post('/oauth/device_authorization', { client_id: one.client_id, ...more })).body;
const poll = (device_code: string, place = sandbox, one = tv) =>
  place.token({ grant_type: GRANT, device_code, client_id: one.client_id });
/** What the user answers on the page; as a script does, without a browser. */
const answer = (user_code: string, fields: Record<string, string> = { action: 'auto' }, place = sandbox) =>
  place.post('/activate', { user_code, ...fields });

describe('beginning', () => {
  test(
    'a device gets a long secret code, a short user code, where to go, how long and how often ' + '[#device.codes]',
    async () => {
      const { status, body, headers } = await sandbox.post('/oauth/device_authorization', {
        client_id: tv.client_id,
        scope: 'notes:read',
      });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        device_code: expect.stringMatching(/^[\w-]{43}$/),
        user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
        verification_uri: `${sandbox.issuer}/activate`,
        verification_uri_complete: `${sandbox.issuer}/activate?user_code=${body.user_code}`,
        expires_in: 900,
        interval: 5,
      });
      expect((await begin()).user_code).not.toBe(body.user_code);
    },
  );

  test('only for clients that registered for it, within their scopes [#device.client]', async () => {
    const codesOnly = await sandbox.register();
    expect((await sandbox.post('/oauth/device_authorization', { client_id: codesOnly.client_id })).body.error).toBe(
      'unauthorized_client',
    );
    expect((await sandbox.post('/oauth/device_authorization', { client_id: 'nobody' })).status).toBe(401);
    expect((await begin(sandbox, tv, { scope: 'unheard-of' })).error).toBe('invalid_scope');
    expect((await begin(sandbox, tv, { resource: 'https://elsewhere.example/' })).error).toBe('invalid_target');
    const confidential = await device(sandbox, { token_endpoint_auth_method: 'client_secret_basic' });
    expect((await sandbox.post('/oauth/device_authorization', { client_id: confidential.client_id })).status).toBe(401);
    expect((await sandbox.post('/oauth/device_authorization', {}, basicOf(confidential))).status).toBe(200);
    const off = await instance.sandbox({ grants: ['authorization_code'] });
    expect((await off.post('/oauth/device_authorization', { client_id: 'x' })).body.error).toBe(
      'unsupported_grant_type',
    );
    expect((await off.get('/activate')).status).toBe(404);
  });
});

describe('asking', () => {
  test('before the decision: authorization_pending [#device.pending]', async () => {
    const codes = await begin();
    expect(await poll(codes.device_code)).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
    await sandbox.advance(6);
    expect((await poll(codes.device_code)).body.error).toBe('authorization_pending');
    await answer(codes.user_code);
    await sandbox.advance(6);
    expect(await poll(codes.device_code)).toMatchObject({
      status: 200,
      body: {
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        token_type: 'Bearer',
        scope: 'notes:read',
      },
    });
    const auth0 = await instance.sandbox({ preset: 'auth0-device' });
    const one = await device(auth0);
    expect((await poll((await begin(auth0, one)).device_code, auth0, one)).status).toBe(403);
  });

  test('too fast: slow_down, and the interval grows by five seconds [#device.slow-down]', async () => {
    const codes = await begin();
    expect((await poll(codes.device_code)).body.error).toBe('authorization_pending');
    await sandbox.advance(2);
    expect((await poll(codes.device_code)).body.error).toBe('slow_down');
    await sandbox.advance(6);
    expect((await poll(codes.device_code)).body.error).toBe('slow_down');
    await sandbox.advance(16);
    expect((await poll(codes.device_code)).body.error).toBe('authorization_pending');
    await answer(codes.user_code);
    expect((await poll(codes.device_code)).status).toBe(200);
  });

  test('after a refusal access_denied, too late expired_token [#device.denied-expired]', async () => {
    const denied = await begin();
    expect((await answer(denied.user_code, { action: 'deny' })).status).toBe(200);
    expect(await poll(denied.device_code)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
    expect((await answer(denied.user_code)).status).toBe(400);
    const late = await begin();
    await sandbox.advance(901);
    expect(await poll(late.device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } });
    expect((await answer(late.user_code)).status).toBe(400);
  });

  test('a device code gives tokens once, also where many ask at the same moment [#device.once]', async () => {
    const codes = await begin();
    await answer(codes.user_code);
    const answers = await Promise.all(Array.from({ length: 50 }, () => poll(codes.device_code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await sandbox.advance(600);
    expect(await poll(codes.device_code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('a device code is good for its client [#device.bound-to-client]', async () => {
    const codes = await begin();
    await answer(codes.user_code);
    const other = await device();
    expect(await poll(codes.device_code, sandbox, other)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    for (const wrong of ['x', codes.user_code, '']) expect.soft((await poll(wrong)).status).toBe(400);
    await sandbox.advance(6);
    expect((await poll(codes.device_code)).status).toBe(200);
  });
});

describe('the user', () => {
  test('sees who asks, and for what, before anything is approved', async () => {
    const named = await device(sandbox, { client_name: 'The <b>television</b>' });
    const codes = await begin(sandbox, named, { scope: 'notes:read profile' });
    const page = await sandbox.get(`/activate?user_code=${codes.user_code}`, { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('The &lt;b&gt;television&lt;/b&gt;');
    expect(page.text).not.toContain('<b>television');
    expect((await poll(codes.device_code, sandbox, named)).body.error).toBe('authorization_pending');
  });

  test('types the code in any way', async () => {
    for (const typed of [
      (code: string) => code.toLowerCase(),
      (code: string) => code.replace('-', ''),
      (code: string) => ` ${code.replace('-', ' ')} `,
    ]) {
      const codes = await begin();
      expect.soft((await answer(typed(codes.user_code))).status).toBe(200);
    }
  });

  test('grants no more than was asked, and can untick', async () => {
    const codes = await begin(sandbox, tv, { scope: 'notes:read profile' });
    await answer(codes.user_code, { action: 'auto', scope: 'notes:read admin' });
    expect((await poll(codes.device_code)).body.scope).toBe('notes:read');
  });

  test(
    'decides in the browser that the page was shown to, and no other page decides for them ' +
      '[#device.own-page-only]',
    async () => {
      const codes = await begin();
      const page = await sandbox.get(`/activate?user_code=${codes.user_code}`, { accept: 'text/html' });
      const cookie = page.headers.get('set-cookie')!.split(';')[0]!;
      const ticket = /name="ticket" value="([^"]+)"/.exec(page.text)![1]!;
      const other = await sandbox.get(`/activate?user_code=${codes.user_code}`, { accept: 'text/html' });
      const otherTicket = /name="ticket" value="([^"]+)"/.exec(other.text)![1]!;
      const fields = { user_code: codes.user_code, action: 'auto', scope: 'notes:read' };
      for (const [body, headers] of [
        [{ ...fields }, sameSite(sandbox, cookie)],
        [{ ...fields, ticket: otherTicket }, sameSite(sandbox, cookie)],
        [{ ...fields, ticket }, sameSite(sandbox)],
        [
          { ...fields, ticket },
          { ...sameSite(sandbox, cookie), 'sec-fetch-site': 'cross-site' },
        ],
        [
          { ...fields, ticket },
          { ...sameSite(sandbox, cookie), origin: 'http://localhost:9999' },
        ],
      ] as [Record<string, string>, Record<string, string>][])
        expect.soft((await sandbox.post('/activate', body, headers)).status).toBe(403);
      const elsewhere = await begin();
      expect(
        (
          await sandbox.post(
            '/activate',
            { ...fields, user_code: elsewhere.user_code, ticket },
            sameSite(sandbox, cookie),
          )
        ).status,
      ).toBe(403);
      expect((await sandbox.post('/activate', { ...fields, ticket }, sameSite(sandbox, cookie))).status).toBe(200);
    },
  );

  test('guesses are few, and counted for each sandbox [#device.guessing]', async () => {
    const place = await instance.sandbox();
    const one = await device(place);
    const codes = await begin(place, one);
    const answers = [];
    for (let at = 0; at < 25; at += 1)
      answers.push((await place.get('/activate?user_code=BBBB-BBBB', { accept: 'text/html' })).status);
    expect(answers.slice(0, 20).every((status) => status === 400)).toBe(true);
    expect(answers.slice(20).every((status) => status === 429)).toBe(true);
    // A right one is not told from a wrong one any more.
    const right = await place.get(`/activate?user_code=${codes.user_code}`);
    expect([right.status, right.headers.get('retry-after')]).toEqual([429, expect.any(String)]);
    expect((await place.post('/activate', { user_code: codes.user_code, action: 'auto' })).status).toBe(429);
    expect((await sandbox.get('/activate?user_code=BBBB-BBBB')).status).toBe(400);
  });
});
