import { decodeJwt } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { ask, basic, confidential } from '#lib/testing/grants.ts';

let engine: Engine;
let client: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await confidential(engine);
});
afterEach(() => engine.close());

const grant = (form: Record<string, string | string[]> = {}, who = client) =>
  ask(engine, { grant_type: 'client_credentials', ...form }, { authorization: basic(who.clientId) });

test('the token speaks for the client, without a refresh token [#client-credentials.no-refresh]', async () => {
  const { status, body } = await grant();
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'notes:read' });
  expect(body).not.toHaveProperty('refresh_token');
  expect(decodeJwt(body.access_token!)).toMatchObject({
    sub: client.clientId,
    client_id: client.clientId,
    aud: [`${engine.tenant.base}/mcp`, `${engine.tenant.base}/oauth`],
  });
});

test('it is for the resource that was asked for, and for no foreign one', async () => {
  const resource = `${engine.tenant.base}/oauth`;
  expect(decodeJwt((await grant({ resource })).body.access_token!).aud).toBe(resource);
  expect(
    decodeJwt((await grant({ resource: [resource, `${engine.tenant.base}/mcp`] })).body.access_token!).aud,
  ).toEqual([resource, `${engine.tenant.base}/mcp`]);
  expect((await grant({ resource: 'https://elsewhere.example/' })).body).toMatchObject({
    error: 'invalid_target',
    reason: 'target-not-allowed',
  });
  expect((await grant({ resource: 'not a URI' })).body.error).toBe('invalid_target');
});

test('an audience joins', async () => {
  expect(decodeJwt((await grant({ audience: 'https://api.example.com' })).body.access_token!).aud).toEqual([
    `${engine.tenant.base}/mcp`,
    `${engine.tenant.base}/oauth`,
    'https://api.example.com',
  ]);
});

test('its scope is within the registration [#authorize.scope-registered]', async () => {
  client = await confidential(engine, { scope: 'notes:write read' });
  expect((await grant()).body.scope).toBe('notes:write read');
  expect((await grant({ scope: 'notes:read' })).body.scope).toBe('notes:read');
  expect((await grant({ scope: 'admin' })).body).toMatchObject({
    error: 'invalid_scope',
    reason: 'scope-not-registered',
  });
  expect((await grant({ scope: 'unheard:of' })).body.error).toBe('invalid_scope');
  expect((await grant({ scope: 'read  notes:read' })).body.error).toBe('invalid_scope');
});

test('scopes that speak of a user mean nothing here', async () => {
  expect((await grant({ scope: 'openid notes:read' })).body.scope).toBe('notes:read');
  expect((await grant({ scope: 'openid' })).body.error).toBe('invalid_scope');
});

test('a public client cannot use it [#client-auth.public-no-secret]', async () => {
  const open = await engine.client({ grant_types: ['client_credentials'] });
  expect(await ask(engine, { grant_type: 'client_credentials', client_id: open.clientId })).toMatchObject({
    status: 400,
    body: { error: 'unauthorized_client', reason: 'grant-type-not-registered' },
  });
});

test(
  'nor can a client that did not register it, and a grant that is not offered is none ' + '[#token.grant-unsupported]',
  async () => {
    const other = await confidential(engine, { grant_types: ['authorization_code'] });
    expect((await grant({}, other)).body).toMatchObject({
      error: 'unauthorized_client',
      reason: 'grant-type-not-registered',
    });
    engine.configure({ grants: ['authorization_code'] });
    expect((await grant()).body).toMatchObject({ error: 'unsupported_grant_type', reason: 'grant-type-unsupported' });
  },
);

test('tokens.accessLifetime null: the token has no end', async () => {
  engine.configure({ 'tokens.accessLifetime': null });
  const { body } = await grant();
  expect(body).not.toHaveProperty('expires_in');
  expect(decodeJwt(body.access_token!)).not.toHaveProperty('exp');
});

test('tokens.format opaque: the token has no structure', async () => {
  engine.configure({ 'tokens.format': 'opaque' });
  expect((await grant()).body.access_token).toMatch(/^[\w-]{43}$/);
});

test('scopes.grant drops what it says, and the answer tells', async () => {
  engine.configure({ 'scopes.grant': { drop: ['notes:write'] } });
  expect((await grant({ scope: 'notes:read notes:write' })).body.scope).toBe('notes:read');
});

test.each(['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'] as const)(
  'tokens are signed %s by configuration',
  async (alg) => {
    engine.configure({ 'tokens.alg': alg });
    const { body } = await grant();
    const { verifyAccessToken } = await import('../tokens/verify.ts');
    await expect(
      verifyAccessToken(
        engine.context({ path: '/mcp', headers: { authorization: `Bearer ${body.access_token}` } }),
        body.access_token!,
        { audience: `${engine.tenant.base}/mcp` },
      ),
    ).resolves.toMatchObject({ clientId: client.clientId, sub: null });
  },
);
