import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Context, Tenant } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine, type Params } from '#lib/testing/engine.ts';
import { ask, attempt, basic, bodyOf, confidential, SECRET, tokensFor } from '#lib/testing/grants.ts';
import { introspect } from '../endpoints/introspect.ts';
import { token } from '../endpoints/token.ts';
import { issueIdToken } from '../tokens/id-token.ts';
import { issueAccessToken } from '../tokens/issue.ts';
import { workloadAssertions } from '../tokens/workload.ts';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;

let engine: Engine;
let client: ClientRecord;
let service: ClientRecord;

beforeEach(async () => {
  engine = await openEngine({ config: { issuers: ['idp'], 'exchange.policy': 'open' } });
  client = await engine.client();
  service = await confidential(engine, { grant_types: ['client_credentials', EXCHANGE, BEARER] });
});
afterEach(() => engine.close());

describe('token exchange', () => {
  const exchange = (form: Params) =>
    ask(
      engine,
      { grant_type: EXCHANGE, subject_token_type: type('access_token'), ...form },
      { authorization: basic(service.clientId) },
    );
  const ownToken = async () =>
    (await ask(engine, { grant_type: 'client_credentials' }, { authorization: basic(service.clientId) })).body
      .access_token!;

  test('gives a token for another resource, for the same user, and its type [#exchange.subject-token]', async () => {
    const subject = await tokensFor(engine, client, {
      scope: ['notes:write'],
      resource: [`${engine.tenant.base}/mcp`],
    });
    const { status, body } = await exchange({
      subject_token: subject.access_token,
      resource: `${engine.tenant.base}/oauth`,
      scope: 'notes:read',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ issued_token_type: type('access_token'), token_type: 'Bearer', scope: 'notes:read' });
    expect(body).not.toHaveProperty('refresh_token');
    const claims = decodeJwt(body.access_token!);
    expect(claims).toMatchObject({
      sub: decodeJwt(subject.access_token).sub,
      client_id: service.clientId,
      aud: `${engine.tenant.base}/oauth`,
    });
    expect(claims).not.toHaveProperty('act');
  });

  test('names who acts, the latest outermost [#exchange.actor]', async () => {
    const subject = await tokensFor(engine, client);
    const actor = { actor_token: await ownToken(), actor_token_type: type('access_token') };
    const once = (await exchange({ subject_token: subject.access_token, ...actor })).body.access_token!;
    expect(decodeJwt(once).act).toEqual({ sub: service.clientId });
    const twice = (await exchange({ subject_token: once, ...actor })).body.access_token!;
    expect(decodeJwt(twice).act).toEqual({ sub: service.clientId, act: { sub: service.clientId } });
    const told = await bodyOf(
      await engine.call(introspect, {
        path: '/oauth/introspect',
        form: { token: twice },
        headers: { authorization: basic(service.clientId) },
      }),
    );
    expect(told).toMatchObject({ active: true, act: { sub: service.clientId } });
  });

  test('refuses a subject that is not alive, or not said to be what it is', async () => {
    const subject = await tokensFor(engine, client);
    expect((await exchange({ subject_token: subject.access_token, subject_token_type: undefined })).body).toMatchObject(
      { error: 'invalid_request', reason: 'subject-token-invalid' },
    );
    expect(
      (await exchange({ subject_token: subject.access_token, subject_token_type: type('saml2') })).body.reason,
    ).toBe('subject-token-invalid');
    expect((await exchange({ subject_token: 'made-up' })).body).toMatchObject({
      error: 'invalid_request',
      reason: 'subject-token-invalid',
    });
    expect(
      (
        await exchange({
          subject_token: subject.access_token,
          actor_token: 'made-up',
          actor_token_type: type('access_token'),
        })
      ).body.reason,
    ).toBe('subject-token-invalid');
    expect(
      (await exchange({ subject_token: subject.access_token, requested_token_type: type('refresh_token') })).body.error,
    ).toBe('invalid_request');
    engine.advance(3700);
    expect((await exchange({ subject_token: subject.access_token })).body).toMatchObject({
      error: 'invalid_request',
      reason: 'subject-token-invalid',
    });
  });

  test('gives no more than the subject has, for no foreign target', async () => {
    const subject = await tokensFor(engine, client);
    expect(
      (await exchange({ subject_token: subject.access_token, scope: 'notes:read notes:write' })).body,
    ).toMatchObject({ error: 'invalid_scope', reason: 'scope-beyond-grant' });
    expect(
      (await exchange({ subject_token: subject.access_token, resource: 'https://elsewhere.example/api' })).body,
    ).toMatchObject({ error: 'invalid_target', reason: 'target-not-allowed' });
  });

  test('gives what dies with the subject: no later, and with its grant', async () => {
    const subject = await tokensFor(engine, client, { details: { expiresIn: 100 } });
    engine.advance(40);
    const { body } = await exchange({ subject_token: subject.access_token });
    expect(body.expires_in).toBe(60);
    await ask(engine, {
      grant_type: 'refresh_token',
      refresh_token: subject.refresh_token,
      client_id: client.clientId,
    });
    await ask(engine, {
      grant_type: 'refresh_token',
      refresh_token: subject.refresh_token,
      client_id: client.clientId,
    });
    const told = await bodyOf(
      await engine.call(introspect, {
        path: '/oauth/introspect',
        form: { token: body.access_token! },
        headers: { authorization: basic(service.clientId) },
      }),
    );
    expect(told).toEqual({ active: false });
  });

  test('is closed to public clients', async () => {
    const open = await engine.client({ grant_types: [EXCHANGE] });
    expect(
      (
        await ask(engine, {
          grant_type: EXCHANGE,
          client_id: open.clientId,
          subject_token: 'x',
          subject_token_type: type('access_token'),
        })
      ).body.error,
    ).toBe('unauthorized_client');
  });
});

describe('enterprise-managed authorization', () => {
  let idp: Tenant;
  let atIdp: ClientRecord;

  beforeEach(async () => {
    idp = engine.tenant.further!('idp')!;
    atIdp = { ...service, metadata: { ...service.metadata, grant_types: ['authorization_code', EXCHANGE] } };
    await idp.store.createClient(atIdp);
    await idp.store.putUser({
      sub: 'u_staff',
      email: 'staff@example.com',
      passwordHash: null,
      claims: {},
      temporary: false,
      createdAt: 0,
      lastUsedAt: 0,
    });
  });

  const contextAt = (tenant: Tenant, form: Params): Context => ({
    ...engine.context({
      path: `${tenant.base}/oauth/token`,
      form,
      headers: { authorization: basic(service.clientId) },
    }),
    tenant,
  });
  const idToken = () => issueIdToken(idp, { client: atIdp, sub: 'u_staff', details: {} });
  const forIdJag = async (form: Params = {}, subject?: string) => {
    const answer = await attempt(async () =>
      token(
        contextAt(idp, {
          grant_type: EXCHANGE,
          requested_token_type: type('id-jag'),
          audience: engine.tenant.issuer,
          resource: `${engine.tenant.base}/mcp`,
          scope: 'notes:read',
          subject_token: subject ?? (await idToken()),
          subject_token_type: type('id_token'),
          ...form,
        }),
      ),
    );
    return answer instanceof Response ? await bodyOf(answer) : { error: answer.code, reason: answer.reason };
  };
  const bring = (assertion: string, form: Params = {}, who = service) =>
    ask(engine, { grant_type: BEARER, assertion, ...form }, { authorization: basic(who.clientId) });

  test('an ID token becomes an ID-JAG, and that an access token', async () => {
    const exchanged = (await forIdJag()) as Record<string, string>;
    expect(exchanged).toMatchObject({ issued_token_type: type('id-jag'), token_type: 'N_A', expires_in: 300 });
    expect(decodeProtectedHeader(exchanged.access_token!).typ).toBe('oauth-id-jag+jwt');
    expect(decodeJwt(exchanged.access_token!)).toMatchObject({
      iss: idp.issuer,
      sub: 'u_staff',
      aud: engine.tenant.issuer,
      client_id: service.clientId,
      resource: `${engine.tenant.base}/mcp`,
      scope: 'notes:read',
    });
    const { status, body } = await bring(exchanged.access_token!);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'notes:read' });
    expect(body).not.toHaveProperty('refresh_token');
    expect(decodeJwt(body.access_token!)).toMatchObject({
      iss: engine.tenant.issuer,
      sub: 'u_staff',
      aud: `${engine.tenant.base}/mcp`,
    });
  });

  test('the provider takes only its own ID tokens, for this client, and knows its servers', async () => {
    expect(await forIdJag({}, 'made-up')).toMatchObject({ error: 'invalid_request', reason: 'subject-token-invalid' });
    const others = await issueIdToken(idp, { client: { ...atIdp, clientId: 'other' }, sub: 'u_staff', details: {} });
    expect(await forIdJag({}, others)).toMatchObject({ reason: 'subject-token-invalid' });
    const old = await idToken();
    engine.advance(4000);
    expect(await forIdJag({}, old)).toMatchObject({ reason: 'subject-token-invalid' });
    expect(await forIdJag({ audience: 'https://elsewhere.example' })).toMatchObject({
      error: 'invalid_target',
      reason: 'target-not-allowed',
    });
  });

  test('the authorization server takes it from the client it was made for, and no wider', async () => {
    const { access_token: assertion } = (await forIdJag()) as { access_token: string };
    const other = await confidential(engine, { grant_types: [BEARER] });
    expect((await bring(assertion, {}, other)).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'assertion-invalid',
    });
    expect((await bring(assertion, { scope: 'notes:write' })).body.error).toBe('invalid_scope');
    const { access_token: second } = (await forIdJag()) as { access_token: string };
    expect((await bring(second, { resource: `${engine.tenant.base}/oauth` })).body).toMatchObject({
      error: 'invalid_target',
    });
    const { access_token: third } = (await forIdJag()) as { access_token: string };
    expect((await bring(third)).status).toBe(200);
    const { access_token: late } = (await forIdJag()) as { access_token: string };
    engine.advance(400);
    expect((await bring(late)).body.reason).toBe('assertion-invalid');
  });

  test('an ID-JAG is taken again until it expires; by the knob, once', async () => {
    const { access_token: assertion } = (await forIdJag()) as { access_token: string };
    for (let time = 0; time < 2; time++) {
      const { status, body } = await bring(assertion);
      expect([status, body.refresh_token]).toEqual([200, undefined]);
    }
    engine.configure({ issuers: ['idp'], 'assertions.once': 'all' });
    expect((await bring(assertion)).status).toBe(200);
    expect((await bring(assertion)).body).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
  });

  test('an ID-JAG is not taken from a public client', async () => {
    const open = await engine.client({ grant_types: [BEARER] });
    const key = await import('../keys/ring.ts').then(({ signingKey }) => signingKey(idp, 'ES256'));
    const now = Math.floor(engine.tenant.now() / 1000);
    const assertion = await new SignJWT({
      iss: idp.issuer,
      sub: 'u_staff',
      aud: engine.tenant.issuer,
      client_id: open.clientId,
      iat: now,
      exp: now + 60,
      jti: 'j',
    })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'oauth-id-jag+jwt' })
      .sign(key.key);
    expect((await ask(engine, { grant_type: BEARER, assertion, client_id: open.clientId })).body.reason).toBe(
      'assertion-invalid',
    );
  });

  test('a workload gets in with the assertion of its platform, and with no other [#jwt-bearer.assertion]', async () => {
    const workload = await engine.client({ grant_types: [BEARER] }, { clientId: 'walk-workload' });
    const { valid, expired, wrong_audience } = await workloadAssertions(idp, engine.tenant.issuer);
    const present = (assertion: string, form: Params = {}) =>
      ask(engine, { grant_type: BEARER, assertion, client_id: workload.clientId, ...form });
    expect((await present(expired)).body).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
    expect((await present(wrong_audience)).body.reason).toBe('assertion-invalid');
    const access = await issueAccessToken(contextAt(idp, {}), {
      clientId: 'x',
      sub: 'u_staff',
      grantId: null,
      scope: [],
      audience: [engine.tenant.issuer],
    });
    expect((await present(access.token)).body.reason).toBe('assertion-invalid');
    const answer = await present(valid, { scope: 'notes:read' });
    expect(answer.status).toBe(200);
    expect(decodeJwt(answer.body.access_token!).sub).toBe('walk-workload');
    const again = await workloadAssertions(idp, engine.tenant.issuer);
    expect((await present(again.valid, { scope: 'wif.trigger-unauthorized' })).body.error).toBe('unauthorized_client');
    const more = await workloadAssertions(idp, engine.tenant.issuer);
    expect((await present(more.valid, { scope: 'wif.rejected' })).body.error).toBe('invalid_scope');
  });

  test('nobody is trusted where there is no provider', async () => {
    const { valid } = await workloadAssertions(idp, engine.tenant.issuer);
    engine.configure({});
    const workload = await engine.client({ grant_types: [BEARER] });
    expect(
      (await ask(engine, { grant_type: BEARER, assertion: valid, client_id: workload.clientId })).body,
    ).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
  });
});

test('a client may sign an assertion about itself, and about nobody else', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const signer = await confidential(engine, { grant_types: [BEARER], jwks: { keys: [await exportJWK(publicKey)] } });
  const now = Math.floor(engine.tenant.now() / 1000);
  const sign = (sub: string) =>
    new SignJWT({
      iss: signer.clientId,
      sub,
      aud: engine.tenant.issuer,
      iat: now,
      exp: now + 60,
      jti: engine.tenant.random(8),
    })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
  const bring = async (sub: string) =>
    ask(engine, { grant_type: BEARER, assertion: await sign(sub) }, { authorization: basic(signer.clientId) });
  expect(decodeJwt((await bring(signer.clientId)).body.access_token!).sub).toBe(signer.clientId);
  expect((await bring('u_somebody')).body).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
});

describe('an assertion that a client signs about itself', () => {
  const kid = 'second';
  let pair: Awaited<ReturnType<typeof generateKeyPair>>;
  let served: readonly unknown[];
  let signer: ClientRecord;

  beforeEach(async () => {
    await engine.close();
    engine = await openEngine({
      fetch: async () => ({
        status: 200,
        headers: new Headers(),
        body: new TextEncoder().encode(JSON.stringify({ keys: served })),
      }),
    });
    pair = await generateKeyPair('ES256', { extractable: true });
    served = [];
    const address = `https://client.example.com/${engine.tenant.random(4)}`;
    signer = await confidential(engine, { grant_types: [BEARER], jwks_uri: address });
  });
  const bring = async (more: Record<string, unknown> = {}) => {
    const now = Math.floor(engine.tenant.now() / 1000);
    const claims = { iss: signer.clientId, sub: signer.clientId, aud: engine.tenant.issuer, exp: now + 60, ...more };
    const assertion = await new SignJWT({ jti: engine.tenant.random(8), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(pair.privateKey);
    return ask(engine, { grant_type: BEARER, assertion }, { authorization: basic(signer.clientId) });
  };

  test('has its keys at jwks_uri asked for again if none fits, as for client authentication', async () => {
    served = [{ ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'first' }];
    expect((await bring()).body).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
    served = [{ ...(await exportJWK(pair.publicKey)), kid }];
    expect((await bring()).status).toBe(200);
  });

  test('is told that the set could not be read', async () => {
    served = null as never;
    expect((await bring()).body.error_description).toMatch(/jwks_uri/);
  });

  test('is refused by a key that is none, and never breaks the server', async () => {
    served = [{ kty: 'EC', crv: 'P-256', x: { toString: 1 }, y: { toString: 1 }, kid }];
    expect((await bring()).body).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
  });

  test('is good for a day at most, and once', async () => {
    served = [{ ...(await exportJWK(pair.publicKey)), kid }];
    expect((await bring({ exp: 1e300 })).body).toMatchObject({ error: 'invalid_grant', reason: 'assertion-invalid' });
    expect((await bring({ jti: 'a\u0000b' })).status).toBe(200);
    expect((await bring({ jti: 'a\ufffdb' })).status).toBe(200);
  });
});

describe('the password grant', () => {
  beforeEach(async () => {
    await engine.tenant.store.createUserIfNone({
      sub: 'pedroetb',
      email: 'pedroetb',
      passwordHash: await engine.tenant.passwords.hash('password'),
      claims: {},
      temporary: false,
      createdAt: 0,
      lastUsedAt: 0,
    });
    await engine.client(
      { token_endpoint_auth_method: 'client_secret_basic', grant_types: ['password', 'refresh_token'] },
      { clientId: 'application', authMethods: ['client_secret_basic'], secretHash: sha256(SECRET) },
    );
  });
  const login = (form: Params) =>
    ask(
      engine,
      { grant_type: 'password', username: 'pedroetb', password: 'password', ...form },
      { authorization: basic('application') },
    );

  test('is there only where legacyGrants is on', async () => {
    expect((await login({})).body).toMatchObject({ error: 'unsupported_grant_type', reason: 'grant-type-unsupported' });
    engine.configure({ legacyGrants: true, 'tokens.format': 'opaque' });
    expect((await login({})).body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
    });
    expect((await login({ scope: 'notes:read notes:write' })).body.scope).toBe('notes:read notes:write');
  });

  test('refuses a wrong password and an unknown name alike', async () => {
    engine.configure({ legacyGrants: true });
    const wrong = await login({ password: 'wrong' });
    expect(wrong.body).toMatchObject({ error: 'invalid_grant', reason: 'password-wrong' });
    expect((await login({ username: 'nobody' })).body).toEqual(wrong.body);
  });
});
