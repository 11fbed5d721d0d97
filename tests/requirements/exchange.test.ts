import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  CALLBACK,
  form,
  type Instance,
  json,
  openInstance,
  s256,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TYPE = {
  access: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
  id: 'urn:ietf:params:oauth:token-type:id_token',
  refresh: 'urn:ietf:params:oauth:token-type:refresh_token',
  idJag: 'urn:ietf:params:oauth:token-type:id-jag',
};

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
let service: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  // What an exchange does once it is allowed; who may is tested in tests/attacks.
  sandbox = await instance.sandbox({ 'exchange.policy': 'open' });
  client = await sandbox.register();
  service = await sandbox.confidential({ redirect_uris: [], grant_types: ['client_credentials', EXCHANGE] });
});
afterAll(() => instance.close());

const exchange = (subject_token: string, more: Record<string, string | undefined> = {}, one = service) =>
  sandbox.token(
    {
      grant_type: EXCHANGE,
      subject_token,
      subject_token_type: TYPE.access,
      resource: `${sandbox.issuer}/oauth`,
      ...more,
    },
    basicOf(one),
  );

describe('token exchange', () => {
  test('verifies the subject token, and says which type it issued [#exchange.subject-token]', async () => {
    const subject = await sandbox.tokens(client, { resource: sandbox.mcp, scope: 'openid notes:write' });
    const { status, body } = await exchange(subject.access_token);
    expect([status, body.issued_token_type, body.token_type, body.refresh_token]).toEqual([
      200,
      TYPE.access,
      'Bearer',
      undefined,
    ]);
    expect(decodeJwt(body.access_token)).toMatchObject({
      sub: decodeJwt(subject.access_token).sub,
      aud: `${sandbox.issuer}/oauth`,
      client_id: service.client_id,
      scope: 'openid notes:write',
    });
    expect((await sandbox.call(body.access_token, 'notes_list', {}, { path: '/oauth' })).status).toBe(200);
    expect((await sandbox.call(body.access_token)).status).toBe(401);
    const revoked = await sandbox.tokens(client);
    await sandbox.post('/oauth/revoke', { token: revoked.refresh_token, client_id: client.client_id });
    const other = await instance.sandbox();
    const foreign = await other.tokens(await other.register());
    for (const [token, more] of [
      ['x', {}],
      ['a.b.c', {}],
      [`${subject.access_token}x`, {}],
      [subject.refresh_token, {}],
      [subject.id_token!, {}],
      [revoked.access_token, {}],
      [foreign.access_token, {}],
      [subject.access_token, { subject_token_type: undefined }],
      [subject.access_token, { subject_token_type: 'made-up' }],
      [subject.access_token, { subject_token_type: TYPE.refresh }],
      [subject.access_token, { requested_token_type: TYPE.refresh }],
      [subject.access_token, { requested_token_type: TYPE.idJag }],
      ['', {}],
    ] as const)
      expect
        .soft([token.slice(0, 20), more, await exchange(token, more)])
        .toMatchObject([token.slice(0, 20), more, { status: 400, body: { error: 'invalid_request' } }]);
  });

  test('narrows and moves, and never widens, nor outlives its subject [#exchange.no-more]', async () => {
    const subject = await sandbox.tokens(client, { scope: 'notes:read', expires_in: '100' });
    for (const scope of ['notes:write', 'notes:read admin', 'unheard-of'])
      expect.soft((await exchange(subject.access_token, { scope })).body.error).toBe('invalid_scope');
    expect((await exchange(subject.access_token, { resource: 'https://elsewhere.example/' })).body.error).toBe(
      'invalid_target',
    );
    const { body } = await exchange(subject.access_token);
    expect([body.scope, body.expires_in <= 100]).toEqual(['notes:read', true]);
    expect(decodeJwt(body.access_token).exp!).toBeLessThanOrEqual(decodeJwt(subject.access_token).exp!);
    const narrow = await sandbox.confidential({ redirect_uris: [], grant_types: [EXCHANGE], scope: 'read' });
    const wide = await sandbox.tokens(client, { scope: 'admin read' });
    expect((await exchange(wide.access_token, {}, narrow)).body.scope).toBe('read');
    expect((await exchange(wide.access_token, { scope: 'admin' }, narrow)).body.error).toBe('invalid_scope');
    await sandbox.advance(101);
    expect((await exchange(subject.access_token)).body.error).toBe('invalid_request');
  });

  test('what came of a grant ends with it', async () => {
    const subject = await sandbox.tokens(client);
    const { body } = await exchange(subject.access_token);
    expect(await sandbox.alive(body.access_token)).toBe(true);
    await sandbox.post('/oauth/revoke', { token: subject.refresh_token, client_id: client.client_id });
    expect(await sandbox.alive(body.access_token)).toBe(false);
  });

  test('with an actor token the new token names the actor, the latest outermost [#exchange.actor]', async () => {
    const subject = await sandbox.tokens(client);
    const actor = (await sandbox.token({ grant_type: 'client_credentials' }, basicOf(service))).body.access_token;
    const first = (await exchange(subject.access_token, { actor_token: actor, actor_token_type: TYPE.access })).body
      .access_token;
    expect(decodeJwt(first).act).toEqual({ sub: service.client_id });
    expect((await sandbox.introspect(first)).act).toEqual({ sub: service.client_id });
    const second = await sandbox.confidential({ redirect_uris: [], grant_types: ['client_credentials', EXCHANGE] });
    const its = (await sandbox.token({ grant_type: 'client_credentials' }, basicOf(second))).body.access_token;
    expect(
      decodeJwt((await exchange(first, { actor_token: its, actor_token_type: TYPE.jwt }, second)).body.access_token)
        .act,
    ).toEqual({ sub: second.client_id, act: { sub: service.client_id } });
    expect(decodeJwt((await exchange(subject.access_token)).body.access_token)).not.toHaveProperty('act');
    for (const more of [
      { actor_token: actor },
      { actor_token_type: TYPE.access },
      { actor_token: 'x', actor_token_type: TYPE.access },
      { actor_token: actor, actor_token_type: 'made-up' },
    ])
      expect.soft((await exchange(subject.access_token, more)).body.error).toBe('invalid_request');
  });

  test('is for confidential clients that registered for it [#exchange.client]', async () => {
    const subject = await sandbox.tokens(client);
    const open = await sandbox.register({ redirect_uris: [], grant_types: [EXCHANGE] });
    expect(
      (
        await sandbox.token({
          grant_type: EXCHANGE,
          client_id: open.client_id,
          subject_token: subject.access_token,
          subject_token_type: TYPE.access,
        })
      ).body.error,
    ).toBe('unauthorized_client');
    expect((await exchange(subject.access_token, {}, await sandbox.confidential())).body.error).toBe(
      'unauthorized_client',
    );
  });
});

describe('an assertion as a grant', () => {
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let signer: TestClient;
  let now: number;
  let count = 0;
  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    signer = await sandbox.confidential({
      redirect_uris: [],
      grant_types: [BEARER],
      jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k' }] },
    });
    now = await sandbox.now();
  });
  const assertion = (
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key: CryptoKey = keys.privateKey,
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
    return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: 'k', ...header }).sign(key);
  };
  const present = (value: string, more: Record<string, string> = {}) =>
    sandbox.token({ grant_type: BEARER, assertion: value, ...more }, basicOf(signer));

  test('is from a trusted issuer, for this server, unexpired; an own one is once [#jwt-bearer.assertion]', async () => {
    const other = (await generateKeyPair('ES256')).privateKey;
    const bad = [
      await assertion({ iss: 'https://idp.example' }),
      await assertion({ iss: sandbox.issuer }),
      await assertion({ iss: undefined }),
      await assertion({ sub: undefined }),
      await assertion({ sub: 'u_someone' }),
      await assertion({ aud: undefined }),
      await assertion({ aud: 'https://elsewhere.example' }),
      await assertion({ exp: undefined }),
      await assertion({ exp: now - 31 }),
      await assertion({ nbf: now + 1000 }),
      await assertion({ iat: now + 1000 }),
      await assertion({ jti: undefined }),
      await assertion({}, { typ: 'at+jwt' }),
      await assertion({}, {}, other),
      await assertion({}, { kid: 'other' }),
      `${(await assertion()).slice(0, -4)}AAAA`,
      'x',
      'a.b.c',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await assertion()).split('.')[1]}.`,
    ];
    for (const [at, one] of bad.entries())
      expect.soft([at, await present(one)]).toMatchObject([at, { status: 400, body: { error: 'invalid_grant' } }]);
    const good = await assertion();
    const { status, body } = await present(good);
    expect([status, body.refresh_token, decodeJwt(body.access_token).sub]).toEqual([200, undefined, signer.client_id]);
    expect((await present(good)).body.error).toBe('invalid_grant');
    expect((await sandbox.token({ grant_type: BEARER }, basicOf(signer))).body.error).toBe('invalid_request');
    const once = await assertion();
    expect(
      (await Promise.all(Array.from({ length: 20 }, () => present(once)))).filter((answer) => answer.status === 200),
    ).toHaveLength(1);
  });
});

describe('enterprise-managed authorization', () => {
  let place: TestSandbox;
  let idp: {
    register: (metadata: Record<string, unknown>) => Promise<TestClient>;
    token: (body: Record<string, string>, headers?: Record<string, string>) => ReturnType<TestSandbox['token']>;
  };
  let atIdp: TestClient;
  let atServer: TestClient;
  beforeAll(async () => {
    place = await instance.sandbox({ issuers: ['idp', 'as2'] });
    idp = {
      register: async (metadata) =>
        (await instance.ask(`${place.issuer}/idp/oauth/register`, json('POST', metadata))).body,
      token: (body, headers = {}) => instance.ask(`${place.issuer}/idp/oauth/token`, form(body, headers)),
    };
    atIdp = await idp.register({
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token', EXCHANGE],
    });
    atServer = await place.confidential({ redirect_uris: [], grant_types: [BEARER] });
  });
  /** Signs in at the identity provider. @returns an ID token for the client there */
  async function signIn(
    extra: Record<string, string> = { auto_approve: 'true' },
  ): Promise<{ id_token: string; access_token: string }> {
    const query = new URLSearchParams({
      client_id: atIdp.client_id,
      response_type: 'code',
      scope: 'openid email',
      code_challenge: s256('v'.repeat(43)),
      code_challenge_method: 'S256',
      ...extra,
    });
    const answer = await instance.ask(`${place.issuer}/idp/oauth/authorize?${query}`);
    const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
    return (await idp.token({ grant_type: 'authorization_code', code, code_verifier: 'v'.repeat(43) }, basicOf(atIdp)))
      .body;
  }
  /**
   * An assertion of the identity provider for a client of the authorization server, which shares its name with that
   * of the provider or not.
   */
  const idJag = async (id_token: string, more: Record<string, string> = {}) =>
    idp.token(
      {
        grant_type: EXCHANGE,
        subject_token: id_token,
        subject_token_type: TYPE.id,
        requested_token_type: TYPE.idJag,
        audience: place.issuer,
        resource: place.mcp,
        scope: 'notes:read',
        ...more,
      },
      basicOf(atIdp),
    );

  test('an ID token gives an assertion for another server, if it is known [#exchange.id-jag]', async () => {
    const { id_token, access_token } = await signIn();
    const { status, body } = await idJag(id_token);
    expect([status, body.issued_token_type, body.token_type]).toEqual([200, TYPE.idJag, 'N_A']);
    expect(decodeProtectedHeader(body.access_token).typ).toBe('oauth-id-jag+jwt');
    expect(decodeJwt(body.access_token)).toMatchObject({
      iss: `${place.issuer}/idp`,
      aud: place.issuer,
      sub: decodeJwt(id_token).sub,
      resource: place.mcp,
      scope: 'notes:read',
      jti: expect.any(String),
    });
    for (const audience of ['https://elsewhere.example', `${place.issuer}/`, sandbox.issuer])
      expect.soft((await idJag(id_token, { audience })).body.error).toBe('invalid_target');
    expect((await idJag(id_token, { audience: '' })).body.error).toBe('invalid_request');
    expect((await idJag(access_token)).body.error).toBe('invalid_request');
    expect((await idJag(id_token, { subject_token_type: TYPE.access })).body.error).toBe('invalid_request');
    const stranger = await idp.register({ redirect_uris: [CALLBACK], grant_types: [EXCHANGE] });
    expect(
      (
        await idp.token(
          {
            grant_type: EXCHANGE,
            subject_token: id_token,
            subject_token_type: TYPE.id,
            requested_token_type: TYPE.idJag,
            audience: place.issuer,
          },
          basicOf(stranger),
        )
      ).body.error,
    ).toBe('invalid_request');
    await place.advance(3601);
    expect((await idJag(id_token)).body.error).toBe('invalid_request');
    await place.advance(-3601);
  });

  test('the assertion is for one client at one server, and no access token [#jwt-bearer.id-jag]', async () => {
    const { id_token } = await signIn();
    const { body } = await idJag(id_token);
    // The provider made it for its own client; another client of the authorization server cannot use it.
    expect(
      (await place.token({ grant_type: BEARER, assertion: body.access_token }, basicOf(atServer))).body.error,
    ).toBe('invalid_grant');
    expect((await place.call(body.access_token)).status).toBe(401);
    expect((await place.get('/api/resource', { authorization: `Bearer ${body.access_token}` })).status).toBe(401);
  });

  test('the identity provider asks for the secret, unless a knob says that the identifier is enough', async () => {
    const clients = [
      {
        client_id: 'staff',
        client_secret: 'secret',
        auth_method: 'client_secret_basic',
        grant_types: [BEARER, EXCHANGE],
      },
    ];
    const answers = async (more: Record<string, unknown>) => {
      const { issuer } = await instance.sandbox({ issuers: ['idp'], clients, ...more });
      const ask = async (where: string, headers: Record<string, string> = {}) =>
        (
          await instance.ask(
            `${issuer}${where}/oauth/token`,
            form({ grant_type: EXCHANGE, ...('authorization' in headers ? {} : { client_id: 'staff' }) }, headers),
          )
        ).body.error;
      return [
        await ask('/idp'),
        await ask('/idp', { authorization: `Basic ${btoa('staff:wrong')}` }),
        await ask('/idp', { authorization: `Basic ${btoa('staff:secret')}` }),
        await ask(''),
      ];
    };
    expect(await answers({})).toEqual(['invalid_client', 'invalid_client', 'invalid_request', 'invalid_client']);
    expect(await answers({ 'idp.clientAuth': 'optional' })).toEqual([
      'invalid_request',
      'invalid_client',
      'invalid_request',
      'invalid_client',
    ]);
  });

  test('the same client at both ends gets a token for the user, until it expires [#jwt-bearer.again]', async () => {
    const id = 'enterprise-client';
    const both = await instance.sandbox({
      issuers: ['idp', 'as2'],
      clients: [
        {
          client_id: id,
          client_secret: 'secret',
          auth_method: 'client_secret_basic',
          redirect_uris: [CALLBACK],
          grant_types: ['authorization_code', EXCHANGE, BEARER],
        },
      ],
    });
    const headers = { authorization: `Basic ${btoa(`${id}:secret`)}` };
    const ask = async (email: string) => {
      const query = new URLSearchParams({
        client_id: id,
        response_type: 'code',
        scope: 'openid email',
        auto_approve_email: email,
        auto_approve_password: 'secret',
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
      });
      const answer = await instance.ask(`${both.issuer}/idp/oauth/authorize?${query}`);
      const location = answer.headers.get('location');
      if (location === null) return null;
      const code = new URL(location).searchParams.get('code')!;
      const { id_token } = (
        await instance.ask(
          `${both.issuer}/idp/oauth/token`,
          form({ grant_type: 'authorization_code', code, code_verifier: 'v'.repeat(43) }, headers),
        )
      ).body;
      return (
        await instance.ask(
          `${both.issuer}/idp/oauth/token`,
          form(
            {
              grant_type: EXCHANGE,
              subject_token: id_token,
              subject_token_type: TYPE.id,
              requested_token_type: TYPE.idJag,
              audience: both.issuer,
              resource: both.mcp,
              scope: 'notes:read',
            },
            headers,
          ),
        )
      ).body.access_token as string;
    };
    // Somebody with this address has an account of their own at the authorization server already.
    await both.tokens(await both.register(), {
      auto_approve: undefined,
      auto_approve_email: 'grace@example.com',
      auto_approve_password: 'other',
    });
    const jag = await ask('grace@example.com');
    if (jag === null) throw new Error('The provider does not know the client.');
    expect((await both.token({ grant_type: BEARER, assertion: jag, scope: 'admin' }, headers)).body.error).toBe(
      'invalid_scope',
    );
    const fresh = (await ask('grace@example.com'))!;
    const answer = await both.token({ grant_type: BEARER, assertion: fresh }, headers);
    expect([answer.status, answer.body.scope]).toEqual([200, 'notes:read']);
    expect(decodeJwt(answer.body.access_token)).toMatchObject({
      iss: both.issuer,
      aud: both.mcp,
      sub: decodeJwt(fresh).sub,
    });
    expect((await both.call(answer.body.access_token)).status).toBe(200);
    await both.advance(290);
    const again = await both.token({ grant_type: BEARER, assertion: fresh }, headers);
    expect([again.status, again.body.refresh_token]).toEqual([200, undefined]);
    expect(
      (
        await instance.ask(
          `${both.issuer}/as2/oauth/token`,
          form({ grant_type: BEARER, assertion: (await ask('grace@example.com'))! }, headers),
        )
      ).status,
    ).toBeGreaterThanOrEqual(400);
    const late = (await ask('grace@example.com'))!;
    await both.advance(400);
    expect((await both.token({ grant_type: BEARER, assertion: late }, headers)).body.error).toBe('invalid_grant');
  });
});
