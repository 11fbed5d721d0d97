import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, basicOf, type Instance, openInstance, type TestClient, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let api: TestClient;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  api = await sandbox.confidential();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const GRANT = { grant_type: 'client_credentials' };
const ENDPOINTS = [
  ['/oauth/token', GRANT],
  ['/oauth/introspect', { token: 'x' }],
  ['/oauth/revoke', { token: 'x' }],
  ['/oauth/par', { response_type: 'code', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }],
  ['/oauth/device_authorization', {}],
] as const;

describe('with a secret', () => {
  test('a confidential client authenticates with every request, everywhere [#client-auth.required]', async () => {
    const both = await sandbox.register({
      token_endpoint_auth_method: undefined,
      grant_types: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
    });
    for (const [path, body] of ENDPOINTS) {
      for (const [fields, headers] of [
        [{ client_id: both.client_id }, {}],
        [{}, {}],
        [{ client_id: both.client_id, client_secret: 'wrong' }, {}],
        [{}, { authorization: basic(both.client_id, 'wrong') }],
        [{}, { authorization: basic('nobody', both.client_secret!) }],
        [{ client_secret: both.client_secret! }, {}],
        [{}, { authorization: `Basic ${both.client_secret}` }],
        [{}, { authorization: 'Basic' }],
        [{}, { authorization: `Bearer ${both.client_secret}` }],
        [{}, { authorization: basic(both.client_id, '') }],
        [{ client_id: both.client_id, client_secret: api.client_secret! }, {}],
      ] as [Record<string, string>, Record<string, string>][]) {
        const answer = await sandbox.post(path, { ...body, ...fields }, headers);
        expect
          .soft([path, fields, headers, answer.status, answer.body.error])
          .toEqual([path, fields, headers, 401, 'invalid_client']);
      }
      expect.soft([path, (await sandbox.post(path, { ...body }, basicOf(both))).status]).not.toEqual([path, 401]);
      expect
        .soft([
          path,
          (await sandbox.post(path, { ...body, client_id: both.client_id, client_secret: both.client_secret })).status,
        ])
        .not.toEqual([path, 401]);
    }
  });

  test('identifier and secret of HTTP Basic are form-decoded [#client-auth.basic-decoded]', async () => {
    const special = await instance.sandbox({ 'registration.secretAlphabet': 'special' });
    const odd = await special.confidential();
    expect(odd.client_secret).toMatch(/[%+:/= ]/);
    expect((await special.token(GRANT, { authorization: basic(odd.client_id, odd.client_secret!) })).status).toBe(200);
    const raw = await special.token(GRANT, {
      authorization: `Basic ${Buffer.from(`${odd.client_id}:${odd.client_secret}`).toString('base64')}`,
    });
    expect(raw).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const percent = [...odd.client_secret!]
      .map((letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
      .join('');
    expect(
      (
        await special.token(GRANT, {
          authorization: `basic ${Buffer.from(`${odd.client_id}:${percent}`).toString('base64')}`,
        })
      ).status,
    ).toBe(200);
    const seeded = await instance.sandbox(
      {},
      { clients: [{ client_id: 'a:b c', client_secret: 's+:%20 x', auth_method: 'client_secret_basic' }] },
    );
    expect((await seeded.token(GRANT, { authorization: basic('a:b c', 's+:%20 x') })).status).toBe(200);
  });

  test('a 401 says with which scheme to come back [#client-auth.www-authenticate]', async () => {
    const answer = await sandbox.token(GRANT, { authorization: basic(api.client_id, 'wrong') });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic realm="/),
    ]);
    expect((await sandbox.token({ ...GRANT, client_id: 'nobody' })).headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  test('two ways at once are refused, also where both are right [#client-auth.one-method]', async () => {
    const both = await sandbox.register({
      token_endpoint_auth_method: undefined,
      grant_types: ['client_credentials', 'authorization_code'],
    });
    for (const [path, body] of ENDPOINTS.slice(0, 4)) {
      expect
        .soft(
          await sandbox.post(
            path,
            { ...body, client_id: both.client_id, client_secret: both.client_secret },
            basicOf(both),
          ),
        )
        .toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect
        .soft(
          await sandbox.post(
            path,
            {
              ...body,
              client_assertion: 'a.b.c',
              client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            },
            basicOf(both),
          ),
        )
        .toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect.soft(await sandbox.post(path, { ...body, client_id: client.client_id }, basicOf(both))).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
      expect
        .soft((await sandbox.post(path, { ...body, client_id: both.client_id }, basicOf(both))).status)
        .not.toBe(401);
    }
  });

  test('the registered method counts [#client-auth.method-enforced]', async () => {
    const post = await sandbox.confidential({ token_endpoint_auth_method: 'client_secret_post' });
    expect(await sandbox.token(GRANT, basicOf(post))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(
      (await sandbox.token({ ...GRANT, client_id: post.client_id, client_secret: post.client_secret })).status,
    ).toBe(200);
    expect(await sandbox.token({ ...GRANT, client_id: api.client_id, client_secret: api.client_secret })).toMatchObject(
      { status: 401, body: { error: 'invalid_client' } },
    );
    const off = await instance.sandbox(
      {},
      { clients: [{ client_id: 'm', client_secret: 's', auth_method: 'client_secret_basic' }] },
    );
    await off.configure({ 'clientAuth.methods': ['client_secret_post'] });
    expect((await off.token(GRANT, { authorization: basic('m', 's') })).status).toBe(401);
  });

  test('a secret is good until it expires [#client-auth.secret-expiry]', async () => {
    const short = await instance.sandbox({ 'registration.secretLifetime': 100 });
    const brief = await short.confidential();
    expect(brief.client_secret_expires_at).toBe(brief.client_id_issued_at + 100);
    expect((await short.token(GRANT, basicOf(brief))).status).toBe(200);
    await short.advance(101);
    expect(await short.token(GRANT, basicOf(brief))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  test('a public client cannot pass as a confidential one [#client-auth.public-no-secret]', async () => {
    const wide = await sandbox.register({ grant_types: ['authorization_code', 'client_credentials'] });
    expect(await sandbox.token({ ...GRANT, client_id: wide.client_id })).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    });
    for (const secret of ['x', '', 'undefined', 'null'])
      expect.soft(await sandbox.token(GRANT, { authorization: basic(wide.client_id, secret) })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
    expect(await sandbox.token({ ...GRANT, client_id: wide.client_id, client_secret: 'x' })).toMatchObject({
      status: 401,
    });
    expect(await sandbox.post('/oauth/introspect', { token: 'x', client_id: wide.client_id })).toMatchObject({
      status: 401,
    });
  });
});

describe('with an assertion', () => {
  const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let signer: TestClient;
  let now: number;
  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    signer = await sandbox.register({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }] },
      grant_types: ['client_credentials', 'authorization_code'],
    });
    now = await sandbox.now();
  });
  let count = 0;
  const assertion = (
    claims: Record<string, unknown> = {},
    key: CryptoKey | Uint8Array = keys.privateKey,
    header: Record<string, unknown> = {},
  ) => {
    const all: Record<string, unknown> = {
      iss: signer.client_id,
      sub: signer.client_id,
      aud: sandbox.issuer,
      iat: now,
      exp: now + 60,
      jti: `j${count++}`,
      ...claims,
    };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
  };
  const prove = (client_assertion: string, more: Record<string, string | undefined> = {}) =>
    sandbox.token({ ...GRANT, client_assertion_type: TYPE, client_assertion, ...more });

  test(
    'it is from the client, about the client, for this server, and of this moment ' + '[#client-assertion.claims]',
    async () => {
      for (const aud of [sandbox.issuer, `${sandbox.issuer}/oauth/token`, [sandbox.issuer, 'https://else.example']])
        expect.soft([aud, (await prove(await assertion({ aud }))).status]).toEqual([aud, 200]);
      const bad: Record<string, unknown>[] = [
        { iss: 'other' },
        { sub: 'other' },
        { sub: undefined },
        { iss: undefined },
        { aud: undefined },
        { aud: 'https://else.example' },
        { aud: `${sandbox.issuer}/` },
        { aud: [] },
        { aud: 'http://localhost:3000' },
        { exp: undefined },
        { exp: now - 31 },
        { exp: '9999999999' },
        { exp: now + 100_000 },
        { nbf: now + 100 },
        { iat: now + 100 },
        { jti: undefined },
        { jti: '' },
        { jti: 7 },
      ];
      for (const claims of bad) {
        const answer = await prove(await assertion(claims), { client_id: signer.client_id });
        expect.soft([claims, answer.status, answer.body.error]).toEqual([claims, 401, 'invalid_client']);
      }
    },
  );

  test('its signature is by a key of the client, and by no other algorithm [#client-assertion.signature]', async () => {
    const other = await generateKeyPair('ES256');
    const jwk = await exportJWK(other.publicKey);
    const bad = [
      await assertion({}, other.privateKey),
      await assertion({}, other.privateKey, { jwk }),
      await assertion({}, other.privateKey, { kid: undefined }),
      await assertion({}, keys.privateKey, { kid: 'other' }),
      await new SignJWT({ iss: signer.client_id, sub: signer.client_id, aud: sandbox.issuer, exp: now + 60, jti: 'hs' })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)))),
      new UnsecuredJWT({
        iss: signer.client_id,
        sub: signer.client_id,
        aud: sandbox.issuer,
        exp: now + 60,
        jti: 'none',
      }).encode(),
      `${await assertion()}x`,
      (await assertion()).replace(
        /\.[^.]*\./,
        `.${Buffer.from(
          JSON.stringify({
            iss: signer.client_id,
            sub: signer.client_id,
            aud: sandbox.issuer,
            exp: now + 60,
            jti: 'z',
          }),
        ).toString('base64url')}.`,
      ),
      'a.b.c',
      'x',
      '..',
    ];
    for (const [at, one] of bad.entries())
      expect
        .soft([at, await prove(one, { client_id: signer.client_id })])
        .toMatchObject([at, { status: 401, body: { error: 'invalid_client' } }]);
    expect(
      await prove(await assertion(), {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      }),
    ).toMatchObject({ status: 401 });
    expect(await prove(await assertion(), { client_assertion_type: undefined })).toMatchObject({ status: 401 });
    expect(await prove(await assertion(), { client_id: api.client_id })).toMatchObject({ status: 401 });
    expect(await sandbox.token({ ...GRANT, client_id: signer.client_id })).toMatchObject({ status: 401 });
  });

  test('its jti comes once, also where many send it at the same moment [#client-assertion.once]', async () => {
    const one = await assertion();
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(one)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await prove(one)).status).toBe(401);
  });

  test('it works at the other endpoints', async () => {
    for (const aud of [sandbox.issuer, `${sandbox.issuer}/oauth/token`]) {
      expect
        .soft(
          (
            await sandbox.post('/oauth/introspect', {
              token: 'x',
              client_assertion_type: TYPE,
              client_assertion: await assertion({ aud }),
            })
          ).body,
        )
        .toEqual({ active: false });
      expect
        .soft(
          (
            await sandbox.post('/oauth/revoke', {
              token: 'x',
              client_assertion_type: TYPE,
              client_assertion: await assertion({ aud }),
            })
          ).status,
        )
        .toBe(200);
    }
  });
});
