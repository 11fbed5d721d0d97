import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine, type Params } from '#lib/testing/engine.ts';
import { ask, attempt, basic, bodyOf, confidential, tokensFor } from '#lib/testing/grants.ts';
import { introspect } from './introspect.ts';
import { revoke } from './revoke.ts';
import { userinfo } from './userinfo.ts';

let engine: Engine;
let client: ClientRecord;
let api: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await engine.client();
  api = await confidential(engine);
});
afterEach(() => engine.close());

const giveBack = (form: Params, headers: Record<string, string> = {}) =>
  attempt(() => engine.call(revoke, { path: '/oauth/revoke', form: { client_id: client.clientId, ...form }, headers }));
const look = async (token: string, more: Params = {}) =>
  bodyOf(
    await engine.call(introspect, {
      path: '/oauth/introspect',
      form: { token, ...more },
      headers: { authorization: basic(api.clientId) },
    }),
  );

describe('revocation', () => {
  test('of a refresh token ends the whole grant [#revoke.refresh-ends-grant]', async () => {
    const tokens = await tokensFor(engine, client);
    const answer = (await giveBack({ token: tokens.refresh_token, token_type_hint: 'refresh_token' })) as Response;
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    expect((await look(tokens.access_token)).active).toBe(false);
    expect(
      (
        await ask(engine, {
          grant_type: 'refresh_token',
          refresh_token: tokens.refresh_token,
          client_id: client.clientId,
        })
      ).body.error,
    ).toBe('invalid_grant');
  });

  test('of an access token ends that one alone [#revoke.access-leaves-family]', async () => {
    const tokens = await tokensFor(engine, client);
    expect((await giveBack({ token: tokens.access_token })).status).toBe(200);
    expect((await look(tokens.access_token)).active).toBe(false);
    expect(
      (
        await ask(engine, {
          grant_type: 'refresh_token',
          refresh_token: tokens.refresh_token,
          client_id: client.clientId,
        })
      ).status,
    ).toBe(200);
  });

  test('looks elsewhere when the hint is wrong', async () => {
    const tokens = await tokensFor(engine, client);
    expect((await giveBack({ token: tokens.refresh_token, token_type_hint: 'access_token' })).status).toBe(200);
    expect((await look(tokens.refresh_token)).active).toBe(false);
    const again = await tokensFor(engine, client);
    expect((await giveBack({ token: again.access_token, token_type_hint: 'refresh_token' })).status).toBe(200);
    expect((await look(again.access_token)).active).toBe(false);
    expect((await giveBack({ token: 'x', token_type_hint: 'unheard-of' })).status).toBe(200);
  });

  test('of a token that never was is fine [#revoke.unknown-is-fine]', async () => {
    for (const token of ['made-up', 'a.b.c', '💥']) expect.soft((await giveBack({ token })).status).toBe(200);
  });

  test("of another client's token is refused, and the token lives [#revoke.own-tokens-only]", async () => {
    const tokens = await tokensFor(engine, client);
    const other = await engine.client();
    for (const token of [tokens.refresh_token, tokens.access_token])
      expect.soft(await giveBack({ token, client_id: other.clientId })).toMatchObject({
        status: 400,
        code: 'invalid_grant',
        reason: 'revoke-other-client',
      });
    expect((await look(tokens.access_token)).active).toBe(true);
  });

  test('does not believe the id in a forged token', async () => {
    const tokens = await tokensFor(engine, client);
    const [header, payload] = tokens.access_token.split('.');
    expect((await giveBack({ token: `${header}.${payload}.${'A'.repeat(86)}` })).status).toBe(200);
    expect((await look(tokens.access_token)).active).toBe(true);
  });

  test('needs a token, and the proof of a confidential client [#revoke.authenticated]', async () => {
    expect(await giveBack({})).toMatchObject({ code: 'invalid_request', reason: 'parameter-missing' });
    expect(await giveBack({ client_id: api.clientId, token: 'x' })).toMatchObject({
      status: 401,
      code: 'invalid_client',
    });
  });
});

describe('introspection', () => {
  test('tells all of a living token [#introspect.active]', async () => {
    const tokens = await tokensFor(engine, client, { details: { authTime: engine.tenant.now() } });
    const now = Math.floor(engine.tenant.now() / 1000);
    expect(await look(tokens.access_token)).toEqual({
      active: true,
      scope: 'notes:read',
      client_id: client.clientId,
      username: 'juniper@example.com',
      token_type: 'Bearer',
      exp: now + 3600,
      iat: now,
      sub: expect.stringMatching(/^u_/),
      aud: [`${engine.tenant.base}/mcp`, `${engine.tenant.base}/oauth`],
      iss: engine.tenant.issuer,
      jti: expect.any(String),
      auth_time: now,
      favourite_colour: 'ochre',
    });
    expect(await look(tokens.refresh_token)).toMatchObject({ active: true, client_id: client.clientId });
  });

  test('says nothing of a dead one [#introspect.inactive-says-no-more]', async () => {
    const tokens = await tokensFor(engine, client);
    await ask(engine, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: client.clientId });
    for (const dead of ['made-up', 'a.b.c', tokens.refresh_token])
      expect.soft(await look(dead)).toEqual({ active: false });
    engine.advance(3601);
    expect(await look(tokens.access_token)).toEqual({ active: false });
  });

  test('of a refresh token goes by what would be done with it', async () => {
    const refresh = (token: string) =>
      ask(engine, { grant_type: 'refresh_token', refresh_token: token, client_id: client.clientId });
    const { refresh_token: token } = await tokensFor(engine, client);
    engine.configure({ 'refresh.absoluteLifetime': 60 });
    engine.advance(61);
    expect([await look(token), (await refresh(token)).body.reason]).toEqual([{ active: false }, 'refresh-expired']);
    engine.configure({ 'refresh.reuse': 'accept' });
    expect((await refresh(token)).status).toBe(200);
    expect([(await look(token)).active, (await refresh(token)).status]).toEqual([true, 200]);
  });

  test('is for clients with credentials [#introspect.authenticated]', async () => {
    const call = (form: Params, headers: Record<string, string> = {}) =>
      attempt(() => engine.call(introspect, { path: '/oauth/introspect', form, headers }));
    for (const refusal of [
      await call({ token: 'x' }),
      await call({ token: 'x', client_id: client.clientId }),
      await call({ token: 'x' }, { authorization: basic(api.clientId, 'wrong') }),
    ]) {
      expect.soft(refusal).toMatchObject({ status: 401, code: 'invalid_client' });
    }
    expect(await call({}, { authorization: basic(api.clientId) })).toMatchObject({ code: 'invalid_request' });
  });
});

describe('userinfo', () => {
  const ask401 = (headers: Record<string, string>, form?: Params) =>
    attempt(() => engine.call(userinfo, { path: '/oauth/userinfo', headers, ...(form ? { form } : {}) }));

  test('tells what the scopes allow, by GET and POST [#oidc.userinfo] [#oidc.claims-by-scope]', async () => {
    const { access_token } = await tokensFor(engine, client, { scope: ['openid', 'email'] });
    const claims = await bodyOf((await ask401({ authorization: `Bearer ${access_token}` })) as Response);
    expect(claims).toEqual({
      sub: expect.stringMatching(/^u_/),
      email: 'juniper@example.com',
      email_verified: true,
      favourite_colour: 'ochre',
    });
    expect(((await ask401({}, { access_token })) as Response).status).toBe(200);
    const all = await tokensFor(engine, client, { scope: ['openid', 'profile'] });
    expect(await bodyOf((await ask401({ authorization: `bearer ${all.access_token}` })) as Response)).toEqual({
      sub: expect.any(String),
      name: 'Juniper',
      favourite_colour: 'ochre',
    });
  });

  test('takes a token for another resource, with openid', async () => {
    const { access_token } = await tokensFor(engine, client, {
      scope: ['openid'],
      resource: [`${engine.tenant.base}/oauth`],
    });
    expect((await ask401({ authorization: `Bearer ${access_token}` })).status).toBe(200);
  });

  test('refuses a token without openid, with 403', async () => {
    const { access_token } = await tokensFor(engine, client);
    expect(await ask401({ authorization: `Bearer ${access_token}` })).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
      reason: 'userinfo-scope',
    });
  });

  test('refuses no token, an ID token and a bad one, with 401', async () => {
    const { id_token } = await tokensFor(engine, client, { scope: ['openid'] });
    expect(await ask401({})).toMatchObject({ status: 401, reason: 'token-absent' });
    expect(await ask401({ authorization: basic(api.clientId) })).toMatchObject({ status: 401, reason: 'token-absent' });
    expect(await ask401({ authorization: `Bearer ${id_token}` })).toMatchObject({
      status: 401,
      code: 'invalid_token',
      reason: 'userinfo-token',
    });
    expect(await ask401({ authorization: 'Bearer undefined' })).toMatchObject({
      status: 401,
      code: 'invalid_token',
      reason: 'userinfo-token',
    });
  });
});

test('no parameter comes twice, at any of them [#token.parameter-once]', async () => {
  expect((await ask(engine, { grant_type: ['authorization_code', 'authorization_code'] })).body).toMatchObject({
    error: 'invalid_request',
    reason: 'parameter-repeated',
  });
  expect(await giveBack({ token: ['a', 'b'] })).toMatchObject({ reason: 'parameter-repeated' });
});

test('an empty grant_type is a missing one, and an unknown one unsupported', async () => {
  expect((await ask(engine, { grant_type: '' })).body).toMatchObject({
    error: 'invalid_request',
    reason: 'parameter-missing',
  });
  expect((await ask(engine, { grant_type: 'password' })).body).toMatchObject({
    error: 'unsupported_grant_type',
    reason: 'grant-type-unsupported',
  });
});
