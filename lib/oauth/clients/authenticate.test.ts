import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#lib/oauth/hash.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { ask, attempt, basic, confidential, SECRET } from '#lib/testing/grants.ts';
import { token } from '../endpoints/token.ts';

let engine: Engine;
let client: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await confidential(engine);
});
afterEach(() => engine.close());

const FORM = { grant_type: 'client_credentials' };

describe('a request that does not say whose it is', () => {
  test('is told that Basic credentials cannot be read', async () => {
    for (const authorization of ['Basic', 'Basic !', `Basic ${Buffer.from('no colon').toString('base64')}`])
      expect.soft((await ask(engine, FORM, { authorization })).body).toMatchObject({
        error: 'invalid_client',
        error_description: expect.stringContaining('Basic credentials cannot be read'),
      });
  });

  test('is told of what came in the address, where it is not read', async () => {
    const asked = async (query: Record<string, string>, form: Record<string, string>) => {
      const path = `/oauth/token?${new URLSearchParams(query)}`;
      const refusal = await attempt(() => engine.call(token, { path, form }));
      return refusal instanceof Response ? refusal.status : refusal.description;
    };
    expect(await asked({ client_id: client.clientId, client_secret: SECRET }, FORM)).toContain('in the address');
    expect(await asked(FORM, { client_id: client.clientId })).toContain('grant_type is required in the body');
  });
});

describe('a secret', () => {
  test('is taken by Basic and in the form', async () => {
    expect((await ask(engine, FORM, { authorization: basic(client.clientId) })).status).toBe(200);
    expect((await ask(engine, { ...FORM, client_id: client.clientId, client_secret: SECRET })).status).toBe(200);
  });

  test('that is wrong or missing is 401 invalid_client [#client-auth.required]', async () => {
    for (const attempt of [
      ask(engine, FORM, { authorization: basic(client.clientId, 'wrong') }),
      ask(engine, { ...FORM, client_id: client.clientId, client_secret: 'wrong' }),
      ask(engine, { ...FORM, client_id: client.clientId }),
    ])
      expect.soft(await attempt).toMatchObject({
        status: 401,
        body: { error: 'invalid_client', reason: 'client-credentials-wrong' },
      });
  });

  test('is form-decoded out of Basic [#client-auth.basic-decoded]', async () => {
    const secret = 'a%b+c:d/e=f g';
    client = await confidential(engine, {}, { secretHash: sha256(secret) });
    expect((await ask(engine, FORM, { authorization: basic(client.clientId, secret) })).status).toBe(200);
    const raw = `Basic ${Buffer.from(`${client.clientId}:${secret}`).toString('base64')}`;
    expect((await ask(engine, FORM, { authorization: raw })).body).toMatchObject({
      error: 'invalid_client',
      reason: 'client-credentials-wrong',
    });
  });

  test('ends with its client_secret_expires_at [#client-auth.secret-expiry]', async () => {
    client = await confidential(engine, {}, { secretExpiresAt: engine.tenant.now() / 1000 + 60 });
    expect((await ask(engine, FORM, { authorization: basic(client.clientId) })).status).toBe(200);
    engine.advance(61);
    expect((await ask(engine, FORM, { authorization: basic(client.clientId) })).body).toMatchObject({
      error: 'invalid_client',
      error_description: expect.stringContaining('expired'),
    });
  });

  test('together with another proof is refused [#client-auth.one-method]', async () => {
    const headers = { authorization: basic(client.clientId) };
    expect(await ask(engine, { ...FORM, client_id: client.clientId, client_secret: SECRET }, headers)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', reason: 'credentials-twice' },
    });
    expect((await ask(engine, { ...FORM, client_id: 'another' }, headers)).body.reason).toBe('credentials-twice');
    expect((await ask(engine, { ...FORM, client_id: client.clientId }, headers)).status).toBe(200);
  });

  test('is taken only by the method that was registered [#client-auth.method-enforced]', async () => {
    client = await confidential(engine, {}, { authMethods: ['client_secret_post'] });
    expect((await ask(engine, FORM, { authorization: basic(client.clientId) })).body).toMatchObject({
      error: 'invalid_client',
      reason: 'client-credentials-wrong',
    });
  });

  test('of a public client does not exist', async () => {
    const open = await engine.client();
    expect(
      (
        await ask(engine, {
          grant_type: 'refresh_token',
          refresh_token: 'x',
          client_id: open.clientId,
          client_secret: 'x',
        })
      ).body.error,
    ).toBe('invalid_client');
  });
});

test('a request that names nobody, or nobody known, is 401', async () => {
  for (const form of [FORM, { ...FORM, client_id: 'nobody' }])
    expect.soft(await ask(engine, form)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', reason: 'client-unidentified' },
    });
  for (const authorization of ['Basic', 'Basic ###', `Basic ${Buffer.from('no-colon').toString('base64')}`])
    expect.soft((await ask(engine, FORM, { authorization })).body.reason).toBe('client-unidentified');
});

test('clientAuth.required off: a name is enough', async () => {
  engine.configure({ 'clientAuth.required': false });
  expect((await ask(engine, { ...FORM, client_id: client.clientId })).status).toBe(200);
  expect((await ask(engine, { ...FORM, client_id: 'nobody' })).status).toBe(401);
});

test('clientAuth.methods: one that is not offered is refused', async () => {
  engine.configure({ 'clientAuth.methods': ['client_secret_post'] });
  expect((await ask(engine, FORM, { authorization: basic(client.clientId) })).status).toBe(401);
  expect((await ask(engine, { ...FORM, client_id: client.clientId, client_secret: SECRET })).status).toBe(200);
});

describe('private_key_jwt', () => {
  let key: CryptoKey;
  let jwk: Record<string, unknown>;

  beforeEach(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1' };
    client = await confidential(
      engine,
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } },
      { authMethods: ['private_key_jwt'], secretHash: null },
    );
  });

  const assertion = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = key) => {
    const now = Math.floor(engine.tenant.now() / 1000);
    return new SignJWT({
      iss: client.clientId,
      sub: client.clientId,
      aud: engine.tenant.issuer,
      exp: now + 60,
      iat: now,
      jti: engine.tenant.random(8),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
      .sign(by);
  };
  const send = async (jwt: string | Promise<string>, more: Record<string, string> = {}) =>
    ask(engine, {
      ...FORM,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await jwt,
      ...more,
    });

  test('is for the issuer or the token endpoint', async () => {
    expect((await send(assertion())).status).toBe(200);
    expect((await send(assertion({ aud: `${engine.tenant.base}/oauth/token` }))).status).toBe(200);
    expect(
      (
        await send(assertion({ aud: ['https://elsewhere.example', engine.tenant.issuer] }), {
          client_id: client.clientId,
        })
      ).status,
    ).toBe(200);
  });

  test('is from and about the client, for this server, and of this moment [#client-assertion.claims]', async () => {
    const now = Math.floor(engine.tenant.now() / 1000);
    for (const claims of [
      { aud: 'https://elsewhere.example' },
      { aud: undefined },
      { iss: 'another' },
      { exp: now - 60 },
      { exp: undefined },
      { exp: now + 86_400 },
      { nbf: now + 600 },
      { iat: now + 600 },
      { jti: undefined },
    ])
      expect.soft(await send(assertion(claims), { client_id: client.clientId }), JSON.stringify(claims)).toMatchObject({
        status: 401,
        body: { error: 'invalid_client', reason: 'client-assertion-invalid' },
      });
  });

  test('comes once [#client-assertion.once]', async () => {
    const jwt = await assertion();
    expect((await send(jwt)).status).toBe(200);
    expect((await send(jwt)).body).toMatchObject({ error: 'invalid_client', reason: 'client-assertion-invalid' });
  });

  test('is signed by a key of the client, asymmetrically', async () => {
    const stranger = await generateKeyPair('ES256');
    expect((await send(assertion({}, {}, stranger.privateKey))).body.reason).toBe('client-assertion-invalid');
    const symmetric = await new SignJWT({
      iss: client.clientId,
      sub: client.clientId,
      aud: engine.tenant.issuer,
      exp: 9e9,
      jti: 'x',
    })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    expect((await send(symmetric)).body.reason).toBe('client-assertion-invalid');
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const none = `${encoded({ alg: 'none' })}.${encoded({ sub: client.clientId })}.`;
    expect((await send(none)).body.reason).toBe('client-assertion-invalid');
    expect((await send('rubbish', { client_id: client.clientId })).body.reason).toBe('client-assertion-invalid');
  });

  test('names its type', async () => {
    expect((await send(assertion(), { client_assertion_type: 'urn:else' })).body.reason).toBe(
      'client-assertion-invalid',
    );
  });

  test('finds its key at jwks_uri, and asks again for one that it does not know', async () => {
    let served: unknown = { keys: [] };
    await engine.close();
    engine = await openEngine({
      fetch: async () => ({
        status: 200,
        headers: new Headers(),
        body: new TextEncoder().encode(JSON.stringify(served)),
      }),
    });
    client = await confidential(
      engine,
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `https://client.example.com/${engine.tenant.random(4)}`,
      },
      { authMethods: ['private_key_jwt'], secretHash: null },
    );
    expect((await send(assertion())).status).toBe(401);
    served = { keys: [jwk] };
    expect((await send(assertion())).status).toBe(200);
  });

  test('is refused for its keys if jwks_uri does not answer with a key set, and not for its signature', async () => {
    await engine.close();
    engine = await openEngine({
      fetch: async () => ({ status: 404, headers: new Headers(), body: new TextEncoder().encode('{}') }),
    });
    client = await confidential(
      engine,
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `https://gone.example.com/${engine.tenant.random(4)}`,
      },
      { authMethods: ['private_key_jwt'], secretHash: null },
    );
    // The second answer comes from what is remembered of the first.
    for (const answer of [await send(assertion()), await send(assertion())])
      expect.soft(answer).toMatchObject({
        status: 401,
        body: { error: 'invalid_client', error_description: expect.stringContaining('jwks_uri') },
      });
  });
});
