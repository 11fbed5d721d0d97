import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicOf, type Instance, json, openInstance, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

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

describe('the token endpoint', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('takes POST alone: %j [#token.post-only]', async (method) => {
    const answer = await sandbox.ask('/oauth/token?grant_type=client_credentials', { method, headers: basicOf(api) });
    expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST, OPTIONS']);
    expect(answer.text).not.toContain('access_token');
  });

  test('reads a form and nothing else [#token.form-only]', async () => {
    const asJson = await sandbox.ask('/oauth/token', json('POST', { grant_type: 'client_credentials' }, basicOf(api)));
    expect(asJson).toMatchObject({ status: 415, body: { error: 'invalid_request' } });
    for (const type of ['multipart/form-data; boundary=x', 'text/plain', 'application/xml']) {
      expect
        .soft(
          await sandbox.ask('/oauth/token', {
            method: 'POST',
            body: 'grant_type=client_credentials',
            headers: { 'content-type': type, ...basicOf(api) },
          }),
        )
        .toMatchObject({ status: 415 });
    }
    const inQuery = await sandbox.post('/oauth/token?grant_type=client_credentials', {}, basicOf(api));
    expect(inQuery).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(
      (
        await sandbox.ask('/oauth/token', {
          method: 'POST',
          body: 'grant_type=client_credentials',
          headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8', ...basicOf(api) },
        })
      ).status,
    ).toBe(200);
  });

  test('refuses a repeated parameter, known or not, even with the same value [#token.parameter-once]', async () => {
    for (const name of ['grant_type', 'scope', 'client_id', 'something']) {
      const answer = await sandbox.token(
        [
          ['grant_type', 'client_credentials'],
          ['client_id', api.client_id],
          ['scope', 'notes:read'],
          ['something', 'x'],
          [name, name === 'client_id' ? api.client_id : name === 'grant_type' ? 'client_credentials' : 'notes:read'],
        ],
        basicOf(api),
      );
      expect.soft([name, answer.status, answer.body.error]).toEqual([name, 400, 'invalid_request']);
      expect.soft(answer.body.error_description).toContain(name);
    }
    const resources = await sandbox.token(
      [
        ['grant_type', 'client_credentials'],
        ['resource', sandbox.mcp],
        ['resource', `${sandbox.issuer}/oauth`],
      ],
      basicOf(api),
    );
    expect(resources.status).toBe(200);
  });

  test('takes a parameter without a value as left out [#token.empty-is-absent]', async () => {
    expect(await sandbox.token({ grant_type: '' }, basicOf(api))).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringContaining('grant_type') },
    });
    expect(
      await sandbox.token(
        { grant_type: 'client_credentials', scope: '', resource: '', client_secret: '', client_assertion: '' },
        basicOf(api),
      ),
    ).toMatchObject({ status: 200, body: { scope: 'notes:read' } });
    const code = await sandbox.code(client);
    expect((await sandbox.redeem(client, code, { redirect_uri: '' })).status).toBe(200);
  });

  test('ignores parameters that it does not know', async () => {
    expect(
      (await sandbox.token({ grant_type: 'client_credentials', no_such_parameter: 'x' }, basicOf(api))).status,
    ).toBe(200);
  });

  test('lets no answer be stored [#token.no-store]', async () => {
    const good = await sandbox.token({ grant_type: 'client_credentials' }, basicOf(api));
    expect(good.headers.get('cache-control')).toBe('no-store');
    expect(good.headers.get('content-type')).toMatch(/^application\/json/);
    const bad = await sandbox.token({ grant_type: 'authorization_code', code: 'x', client_id: client.client_id });
    expect(bad.headers.get('cache-control')).toBe('no-store');
    const openid = await sandbox.tokens(await sandbox.register(), { scope: 'openid' });
    const userinfo = await sandbox.get('/oauth/userinfo', { authorization: `Bearer ${openid.access_token}` });
    expect(userinfo.headers.get('cache-control')).toBe('no-store');
  });

  test('says which scope was granted [#token.scope-told]', async () => {
    expect((await sandbox.token({ grant_type: 'client_credentials' }, basicOf(api))).body.scope).toBe('notes:read');
    expect(
      (await sandbox.token({ grant_type: 'client_credentials', scope: 'notes:write read' }, basicOf(api))).body.scope,
    ).toBe('notes:write read');
    const narrow = await instance.sandbox({ 'scopes.grant': { drop: ['notes:write'] } });
    const narrowClient = await narrow.register();
    expect((await narrow.tokens(narrowClient, { scope: 'notes:read notes:write' })).scope).toBe('notes:read');
  });

  test('answers with token_type and expires_in [#token.answer]', async () => {
    const { body } = await sandbox.token({ grant_type: 'client_credentials' }, basicOf(api));
    expect(body).toMatchObject({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 });
    const tokens = await sandbox.tokens(client, { expires_in: '77' });
    expect(tokens.expires_in).toBe(77);
    await sandbox.advance(78);
    expect(await sandbox.alive(tokens.access_token)).toBe(false);
  });

  test('tells errors as JSON [#token.error-shape]', async () => {
    const code = await sandbox.code(client);
    const cases: [string, number, Record<string, string>, Record<string, string>][] = [
      ['invalid_request', 400, {}, {}],
      ['invalid_request', 400, { grant_type: 'authorization_code', client_id: client.client_id }, {}],
      ['invalid_client', 401, { grant_type: 'client_credentials', client_id: 'nobody' }, {}],
      [
        'invalid_client',
        401,
        { grant_type: 'client_credentials', client_id: api.client_id, client_secret: 'wrong' },
        {},
      ],
      [
        'invalid_grant',
        400,
        {
          grant_type: 'authorization_code',
          code: 'unknown',
          code_verifier: 'v'.repeat(43),
          client_id: client.client_id,
        },
        {},
      ],
      [
        'invalid_grant',
        400,
        { grant_type: 'refresh_token', refresh_token: 'unknown', client_id: client.client_id },
        {},
      ],
      [
        'invalid_grant',
        400,
        {
          grant_type: 'authorization_code',
          code: code.code,
          code_verifier: 'w'.repeat(43),
          client_id: client.client_id,
        },
        {},
      ],
      ['unauthorized_client', 400, { grant_type: 'client_credentials', client_id: client.client_id }, {}],
      ['unsupported_grant_type', 400, { grant_type: 'implicit', client_id: client.client_id }, {}],
      ['invalid_scope', 400, { grant_type: 'client_credentials', scope: 'unheard-of' }, basicOf(api)],
      [
        'invalid_target',
        400,
        { grant_type: 'client_credentials', resource: 'https://elsewhere.example/' },
        basicOf(api),
      ],
    ];
    for (const [error, status, body, headers] of cases) {
      const answer = await sandbox.token(body, headers);
      expect.soft([answer.body.error, answer.status]).toEqual([error, status]);
      expect.soft(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect.soft(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
      expect.soft(answer.body.error_uri).toBe(`${sandbox.origin}/reference#error-${error}`);
      expect.soft(Object.keys(answer.body).toSorted()).toEqual(['error', 'error_description', 'error_uri']);
    }
  });

  test('tells an unknown grant from one that the client did not register for [#token.grant-unsupported]', async () => {
    for (const grant_type of [
      'implicit',
      'urn:example:made-up',
      'Authorization_Code',
      'authorization_code ',
      '__proto__',
      'constructor',
    ]) {
      expect
        .soft((await sandbox.token({ grant_type, client_id: client.client_id })).body.error)
        .toBe('unsupported_grant_type');
    }
    const codesOnly = await sandbox.register({ grant_types: ['authorization_code'] });
    expect((await sandbox.refresh(codesOnly, 'x')).body.error).toBe('unauthorized_client');
    const off = await instance.sandbox({ grants: ['authorization_code'] });
    const offClient = await off.register({ grant_types: ['authorization_code'] });
    expect((await off.refresh(offClient, 'x')).body.error).toBe('unsupported_grant_type');
  });

  test('gives nothing for a password, unless that is switched on by name [#token.no-password-grant]', async () => {
    const seed = { users: [{ email: 'ada@example.com', password: 'correct horse' }] };
    const strict = await instance.sandbox({}, seed);
    const strictApi = await strict.confidential();
    const body = { grant_type: 'password', username: 'ada@example.com', password: 'correct horse' };
    expect(await strict.token(body, basicOf(strictApi))).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect((await strict.get('/.well-known/oauth-authorization-server')).body.grant_types_supported).not.toContain(
      'password',
    );
    const legacy = await instance.sandbox({ legacyGrants: true }, seed);
    const legacyApi = await legacy.confidential();
    expect((await legacy.token(body, basicOf(legacyApi))).status).toBe(200);
    for (const wrong of [{ password: 'wrong' }, { username: 'nobody@example.com' }, { password: 'correct horse ' }])
      expect.soft(await legacy.token({ ...body, ...wrong }, basicOf(legacyApi))).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    expect((await legacy.token({ ...body, password: '' }, basicOf(legacyApi))).body.error).toBe('invalid_request');
    expect((await legacy.token({ ...body, client_id: legacyApi.client_id })).status).toBe(401);
  });
});

describe('client credentials', () => {
  test('give no refresh token [#client-credentials.no-refresh]', async () => {
    const { body } = await sandbox.token({ grant_type: 'client_credentials', scope: 'notes:read' }, basicOf(api));
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('id_token');
    expect((await sandbox.introspect(body.access_token)).sub).toBe(api.client_id);
  });
});
