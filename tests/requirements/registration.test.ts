import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basic,
  basicOf,
  bearer,
  CALLBACK,
  type Instance,
  json,
  openInstance,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
});
afterAll(() => instance.close());

const register = (body: unknown, path = '/oauth/register') => sandbox.json('POST', path, body);

describe('registering', () => {
  test('reads JSON and nothing else [#register.json-only]', async () => {
    expect(await sandbox.post('/oauth/register', { redirect_uris: CALLBACK })).toMatchObject({ status: 415 });
    expect(
      await sandbox.ask('/oauth/register', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }),
    ).toMatchObject({ status: 415 });
    for (const body of ['', '{', '[]', '"x"', 'null', '7', 'true', '{"redirect_uris":["https://client.example/"],}']) {
      const answer = await register(body);
      expect
        .soft([body, answer.status, answer.body.error])
        .toEqual([body, 400, expect.stringMatching(/^invalid_(?:client_metadata|redirect_uri)$/)]);
    }
  });

  test('is answered 201 with everything that was registered [#register.answer]', async () => {
    const metadata = {
      redirect_uris: [CALLBACK],
      client_name: 'A client',
      client_uri: 'https://client.example/',
      logo_uri: 'https://client.example/logo.png',
      scope: 'notes:read openid',
      contacts: ['a@example.com'],
      tos_uri: 'https://client.example/tos',
      policy_uri: 'https://client.example/policy',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
      software_id: 's',
      software_version: '1',
      post_logout_redirect_uris: ['https://client.example/bye'],
    };
    for (const path of ['/oauth/register', '/clients/register']) {
      const { status, body, headers } = await register(metadata, path);
      expect.soft(status).toBe(201);
      expect.soft(headers.get('cache-control')).toBe('no-store');
      expect.soft(body).toMatchObject({
        ...metadata,
        client_id: expect.any(String),
        client_id_issued_at: expect.any(Number),
        registration_access_token: expect.any(String),
      });
      expect.soft(body.registration_client_uri).toBe(`${sandbox.issuer}/oauth/register/${body.client_id}`);
      expect.soft(body).not.toHaveProperty('client_secret');
      expect.soft(Object.hasOwn(body, 'created_at')).toBe(path === '/clients/register');
    }
    const first = (await register(metadata)).body;
    expect((await register(metadata)).body.client_id).not.toBe(first.client_id);
  });

  test('without a method gives a secret, and client_secret_basic [#register.default-method]', async () => {
    const { body } = await register({ redirect_uris: [CALLBACK] });
    expect(body).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret: expect.any(String),
      client_secret_expires_at: 0,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
    expect(Buffer.from(body.client_secret, 'base64url').length).toBeGreaterThanOrEqual(32);
    const answers = await Promise.all([
      sandbox.post('/oauth/introspect', { token: 'x' }, basicOf(body)),
      sandbox.post('/oauth/introspect', { token: 'x', client_id: body.client_id, client_secret: body.client_secret }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('a name is cut, and loses what could pass for other text', async () => {
    const { body } = await register({ redirect_uris: [CALLBACK], client_name: `\u202Ea\u0007b${'é'.repeat(200)}` });
    expect(body.client_name).toBe(`ab${'é'.repeat(78)}`);
  });

  test('ignores members that the server does not know [#register.unknown-ignored]', async () => {
    const { status, body } = await register(
      '{"redirect_uris":["https://client.example/callback"],"made_up":{"a":[1]},"__proto__":{"x":1},' +
        '"constructor":{"prototype":{"y":1}},"client_id":"chosen","client_secret":"chosen",' +
        '"registration_access_token":"chosen","client_id_issued_at":1}',
    );
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('made_up');
    for (const name of ['client_id', 'client_secret', 'registration_access_token'])
      expect.soft(body[name]).not.toBe('chosen');
    expect(body.client_id_issued_at).not.toBe(1);
    expect(({} as Record<string, unknown>).x ?? ({} as Record<string, unknown>).y).toBeUndefined();
  });

  test('refuses a redirect URI with a fragment, or one that executes [#register.redirect-uri-safe]', async () => {
    for (const uri of [
      'https://client.example/#x',
      'https://client.example/#',
      'http://client.example/',
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      ' javascript:alert(1)',
      'java\tscript:alert(1)',
      'data:text/html,x',
      'blob:https://client.example/x',
      'file:///etc/passwd',
      'vbscript:x',
      'about:blank',
      'view-source:https://x.example',
      '/callback',
      'callback',
      '',
      '//client.example/',
      'https:',
      'https://',
      'https://[',
      'https:\\\\client.example\\',
      'https://client.example/\\@evil.example',
      'https://client.example/ x',
      'https://client.example/\r\nx: y',
      'http://127.0.0.1.evil.example/',
      'http://localhost.evil.example/',
      'http://0.0.0.0/',
      'http://[::ffff:7f00:1]/',
      'https://user:password@client.example/',
      'http://user@127.0.0.1/cb',
      'https://@client.example/',
      // Schemes that are for something else, and so private to nobody.
      'ftp://client.example/',
      'wss://client.example/',
      'mailto:ada@client.example',
      'tel:1',
      'jar:https://client.example!/',
      'x'.repeat(3000),
      `https://client.example/${'x'.repeat(3000)}`,
    ]) {
      const answer = await register({ redirect_uris: [CALLBACK, uri], token_endpoint_auth_method: 'none' });
      expect.soft([uri, answer.status, answer.body.error]).toEqual([uri, 400, 'invalid_redirect_uri']);
    }
    for (const uri of [7, null, {}, ['x']])
      expect.soft((await register({ redirect_uris: [uri] })).body.error).toBe('invalid_redirect_uri');
    expect((await register({ redirect_uris: 'https://client.example/' })).body.error).toBe('invalid_redirect_uri');
    expect((await register({})).body.error).toBe('invalid_redirect_uri');
    expect((await register({ redirect_uris: [] })).body.error).toBe('invalid_redirect_uri');
    for (const uri of [
      'https://client.example/?a=b',
      'http://127.0.0.1/cb',
      'http://127.0.0.1:8080/cb',
      'http://[::1]/cb',
      'http://localhost:1/',
      'com.example.app:/cb',
      'cursor://anysphere.cursor-retrieval/oauth/cb',
    ])
      expect.soft([uri, (await register({ redirect_uris: [uri] })).status]).toEqual([uri, 201]);
  });

  test('says what cannot be met [#register.invalid-metadata]', async () => {
    const key = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
    const cases: Record<string, unknown>[] = [
      { token_endpoint_auth_method: 'client_secret_jwt' },
      { token_endpoint_auth_method: 7 },
      { token_endpoint_auth_method: 'private_key_jwt' },
      { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://client.example/jwks' },
      { token_endpoint_auth_method: 'private_key_jwt', jwks: {} },
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } },
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } },
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } },
      { jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: 'https://client.example/jwks' },
      { grant_types: ['implicit'] },
      { grant_types: 'authorization_code' },
      { grant_types: ['password'] },
      { response_types: ['token'] },
      { scope: 'unheard-of' },
      { scope: 'notes:read  read' },
      { scope: ['notes:read'] },
      { client_uri: 'javascript:alert(1)' },
      { logo_uri: 'data:image/png,x' },
      { tos_uri: 'ftp://x' },
      { client_name: 7 },
      { client_name: {} },
      { application_type: 'made-up' },
      { token_endpoint_auth_signing_alg: 'none' },
      { subject_type: 'pairwise' },
      { id_token_signed_response_alg: 'none' },
      { id_token_signed_response_alg: 'HS256' },
      { default_max_age: -1 },
      { default_max_age: '5' },
      { dpop_bound_access_tokens: 'yes' },
      { require_pushed_authorization_requests: 1 },
      { contacts: [7] },
    ];
    for (const metadata of cases) {
      const answer = await register({ redirect_uris: [CALLBACK], ...metadata });
      expect.soft([metadata, answer.status, answer.body.error]).toEqual([metadata, 400, 'invalid_client_metadata']);
      expect.soft(answer.body.error_description.length).toBeGreaterThan(10);
    }
  });

  test('holds grant types and response types to each other [#register.grant-and-response-types]', async () => {
    expect(
      (await register({ redirect_uris: [CALLBACK], grant_types: ['client_credentials'], response_types: ['code'] }))
        .body.error,
    ).toBe('invalid_client_metadata');
    expect(
      (await register({ redirect_uris: [CALLBACK], grant_types: ['authorization_code'], response_types: [] })).body
        .error,
    ).toBe('invalid_client_metadata');
    expect((await register({ grant_types: ['client_credentials'] })).body).toMatchObject({
      response_types: [],
      redirect_uris: [],
    });
  });

  test('stores secrets and registration tokens as hashes, and shows them once [#register.secrets-hashed]', async () => {
    const { body } = await register({ redirect_uris: [CALLBACK] });
    const record = await instance.server.container.store.tenant(sandbox.id).getClient(body.client_id);
    expect(JSON.stringify(record)).not.toContain(body.client_secret);
    expect(JSON.stringify(record)).not.toContain(body.registration_access_token);
    const read = await instance.ask(body.registration_client_uri, { headers: bearer(body.registration_access_token) });
    expect(read.text).not.toContain(body.client_secret);
  });
});

describe('managing a registration', () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await sandbox.confidential();
  });
  const own = () => bearer(client.registration_access_token);
  const METADATA = {
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code', 'client_credentials'],
  };

  test('is for whoever holds the registration token, and nobody else [#registration.managed]', async () => {
    const other = await sandbox.register();
    const tokens = await sandbox.tokens(other);
    const stranger = await instance.sandbox();
    const foreign = await stranger.register();
    for (const headers of [
      {},
      bearer('wrong'),
      bearer(''),
      bearer(other.registration_access_token),
      bearer(foreign.registration_access_token),
      bearer(tokens.access_token),
      bearer(sandbox.made.control_token),
      { authorization: basic(client.client_id, client.client_secret!) },
      { authorization: client.registration_access_token },
    ] as Record<string, string>[]) {
      for (const init of [
        { headers },
        json('PUT', { client_id: client.client_id, ...METADATA }, headers),
        { method: 'DELETE', headers },
      ]) {
        const answer = await instance.ask(client.registration_client_uri, init);
        expect.soft([headers, init.method, answer.status]).toEqual([headers, init.method, 401]);
        expect.soft(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
    expect((await sandbox.ask('/oauth/register/nobody', { headers: own() })).status).toBe(401);
    const read = await instance.ask(client.registration_client_uri, { headers: own() });
    expect(read).toMatchObject({
      status: 200,
      body: {
        client_id: client.client_id,
        redirect_uris: [CALLBACK],
        registration_client_uri: client.registration_client_uri,
        registration_access_token: client.registration_access_token,
      },
    });
    expect(read.headers.get('cache-control')).toBe('no-store');
  });

  test('an update replaces all, and brings nothing that only the server says [#registration.update]', async () => {
    const update = (body: Record<string, unknown>) =>
      instance.ask(client.registration_client_uri, json('PUT', body, own()));
    expect((await update({ client_id: client.client_id, ...METADATA, client_name: 'Named' })).body).toMatchObject({
      client_name: 'Named',
      redirect_uris: [CALLBACK],
      registration_access_token: client.registration_access_token,
    });
    expect(
      (await update({ client_id: client.client_id, ...METADATA, redirect_uris: ['https://client.example/2'] })).body,
    ).not.toHaveProperty('client_name');
    expect((await sandbox.authorize(client, { redirect_uri: CALLBACK, auto_approve: 'true' })).status).toBe(400);
    expect((await sandbox.answerOf(client, { redirect_uri: 'https://client.example/2' })).has('code')).toBe(true);
    expect((await sandbox.token({ grant_type: 'client_credentials' }, basicOf(client))).status).toBe(200);
    for (const more of [
      { client_id: 'other' },
      { client_id: undefined },
      { registration_access_token: 'x' },
      { registration_client_uri: 'https://x.example' },
      { client_id_issued_at: 1 },
      { client_secret_expires_at: 1 },
      { client_secret: 'chosen' },
      { redirect_uris: ['javascript:x'] },
      { redirect_uris: ['http://evil.example/'] },
      { scope: 'unheard-of' },
    ]) {
      const answer = await update({ client_id: client.client_id, ...METADATA, ...more });
      expect.soft([more, answer.status]).toEqual([more, 400]);
    }
    for (const body of ['null', '[]', '"x"', '7', '{'])
      expect
        .soft([body, (await instance.ask(client.registration_client_uri, json('PUT', body, own()))).status])
        .toEqual([body, 400]);
    expect(
      (await update({ client_id: client.client_id, client_secret: client.client_secret, ...METADATA })).status,
    ).toBe(200);
  });

  test('deleting ends its grants [#registration.delete-ends]', async () => {
    const gone = await sandbox.register();
    const tokens = await sandbox.tokens(gone);
    const code = await sandbox.code(gone);
    expect(
      (
        await instance.ask(gone.registration_client_uri, {
          method: 'DELETE',
          headers: bearer(gone.registration_access_token),
        })
      ).status,
    ).toBe(204);
    expect(await sandbox.alive(tokens.access_token)).toBe(false);
    expect((await sandbox.call(tokens.access_token)).status).toBe(401);
    expect((await sandbox.refresh(gone, tokens.refresh_token)).body.error).toBe('invalid_client');
    expect((await sandbox.redeem(gone, code)).body.error).toBe('invalid_client');
    expect((await sandbox.authorize(gone, { auto_approve: 'true' })).status).toBe(400);
    expect(
      (await instance.ask(gone.registration_client_uri, { headers: bearer(gone.registration_access_token) })).status,
    ).toBe(401);
  });
});
