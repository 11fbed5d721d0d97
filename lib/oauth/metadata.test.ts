import { importJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { ask, attempt, basic, bodyOf, confidential } from '#lib/testing/grants.ts';
import { jwks } from './endpoints/jwks.ts';
import { oauthMetadata, openidMetadata } from './endpoints/metadata.ts';
import { rotateKeys, replaceKeys } from './keys/ring.ts';
import { serverMetadata } from './metadata.ts';
import { verifyAccessToken } from './tokens/verify.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine({ sandboxId: 'k3v9' });
});
afterEach(() => engine.close());

describe('the metadata', () => {
  test('names the issuer as it is, and endpoints below it [#metadata.issuer-identical]', () => {
    const metadata = serverMetadata(engine.tenant);
    expect(metadata.issuer).toBe('http://localhost:3000/s/k3v9');
    for (const [name, value] of Object.entries(metadata))
      if (name.endsWith('_endpoint') || name === 'jwks_uri')
        expect.soft(value).toMatch(/^http:\/\/localhost:3000\/s\/k3v9\//);
  });

  test(
    'has all that the specifications require of what it names [#metadata.complete] ' +
      '[#metadata.pkce-advertised] [#metadata.iss-advertised]',
    () => {
      expect(serverMetadata(engine.tenant)).toMatchObject({
        response_types_supported: ['code'],
        response_modes_supported: ['query', 'fragment', 'form_post'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256', 'RS256']),
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        scopes_supported: expect.arrayContaining(['notes:read', 'openid']),
        grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
      });
    },
  );

  test('names no offline_access if there are no refresh tokens', () => {
    expect(serverMetadata(engine.tenant).scopes_supported).toContain('offline_access');
    engine.configure({ grants: ['authorization_code'] });
    expect(serverMetadata(engine.tenant).scopes_supported).not.toContain('offline_access');
  });

  test('follows the knobs', () => {
    engine.configure({
      grants: ['client_credentials'],
      'clientAuth.methods': ['client_secret_basic'],
      'registration.dynamic': false,
      'cimd.support': false,
      'dpop.mode': 'off',
      'scopes.known': ['a'],
    });
    const metadata = serverMetadata(engine.tenant);
    expect(metadata).toMatchObject({
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      scopes_supported: ['a'],
      client_id_metadata_document_supported: false,
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    });
    for (const absent of [
      'authorization_endpoint',
      'registration_endpoint',
      'dpop_signing_alg_values_supported',
      'token_endpoint_auth_signing_alg_values_supported',
      'device_authorization_endpoint',
      'pushed_authorization_request_endpoint',
      'userinfo_endpoint',
      'code_challenge_methods_supported',
    ])
      expect.soft(metadata).not.toHaveProperty(absent);
  });

  test('offers the password grant only where legacyGrants is on [#token.no-password-grant]', () => {
    expect(serverMetadata(engine.tenant).grant_types_supported).not.toContain('password');
    engine.configure({ legacyGrants: true });
    expect(serverMetadata(engine.tenant).grant_types_supported).toContain('password');
  });

  test('lies under a decoy with metadata.decoy, the issuer stays', () => {
    engine.configure({ 'metadata.decoy': true });
    expect(serverMetadata(engine.tenant)).toMatchObject({
      issuer: engine.tenant.issuer,
      token_endpoint: `${engine.tenant.base}/decoy/oauth/token`,
    });
  });

  test('is where metadata.locations has it, else 404 [#metadata.locations]', async () => {
    const places = [
      ['oauth-inserted', oauthMetadata, 'http://localhost:3000/.well-known/oauth-authorization-server/s/k3v9'],
      ['oauth-appended', oauthMetadata, `${engine.tenant.base}/.well-known/oauth-authorization-server`],
      ['oidc-inserted', openidMetadata, 'http://localhost:3000/.well-known/openid-configuration/s/k3v9'],
      ['oidc-appended', openidMetadata, `${engine.tenant.base}/.well-known/openid-configuration`],
    ] as const;
    for (const [, handler, path] of places)
      expect.soft(((await attempt(() => engine.call(handler, { path }))) as Response).status).toBe(200);
    for (const [only] of places) {
      engine.configure({ 'metadata.locations': [only] });
      for (const [place, handler, path] of places)
        expect.soft((await attempt(() => engine.call(handler, { path }))).status).toBe(place === only ? 200 : 404);
    }
  });
});

describe('the keys', () => {
  const set = async () =>
    (await bodyOf(await engine.call(jwks, { path: '/.well-known/jwks.json' }))).keys as Record<string, string>[];
  const tokenOf = async () => {
    const client = await confidential(engine);
    return (await ask(engine, { grant_type: 'client_credentials' }, { authorization: basic(client.clientId) })).body
      .access_token!;
  };
  const verify = (token: string) =>
    attempt(async () => {
      await verifyAccessToken(engine.context({ headers: { authorization: `Bearer ${token}` } }), token);
      return new Response();
    });

  test('are published without their private half [#jwks.public-only]', async () => {
    const keys = await set();
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String) });
    for (const secret of ['d', 'p', 'q', 'k']) expect.soft(keys[0]).not.toHaveProperty(secret);
    await expect(importJWK(keys[0]!)).resolves.toBeDefined();
  });

  test('of RSA are made only when they are needed', async () => {
    await tokenOf();
    expect((await set()).map(({ kty }) => kty)).toEqual(['EC']);
  });

  test('made by fifty at once are one', async () => {
    await Promise.all(Array.from({ length: 50 }, tokenOf));
    expect(await set()).toHaveLength(1);
  });

  test('that are retired stay for keys.overlap, with the tokens that they signed', async () => {
    const old = await tokenOf();
    await rotateKeys(engine.tenant);
    expect(await set()).toHaveLength(2);
    expect((await verify(old)).status).toBe(200);
    expect((await verify(await tokenOf())).status).toBe(200);
    engine.configure({ 'keys.overlap': 0 });
    expect(await set()).toHaveLength(1);
    expect(await verify(old)).toMatchObject({ reason: 'token-signature' });
  });

  test("can be an owner's own", async () => {
    const { exportJWK, generateKeyPair } = await import('jose');
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    await replaceKeys(engine.tenant, [{ ...(await exportJWK(privateKey)), kid: 'mine' }]);
    expect((await set()).map(({ kid }) => kid)).toEqual(['mine']);
    expect((await verify(await tokenOf())).status).toBe(200);
    await expect(replaceKeys(engine.tenant, [{ kty: 'oct', k: 'x' }])).rejects.toThrow(TypeError);
    const own = await exportJWK(privateKey);
    const other = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
    const { generateKeyPairSync } = await import('node:crypto');
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });
    for (const [jwk, says] of [
      [{ ...own, kid: 5 as unknown as string }, /kid/],
      [{ ...own, kid: 'a\r\nb' }, /kid/],
      [{ ...own, use: 'enc' }, /use/],
      [{ ...own, x: other.x!, y: other.y! }, /not a key for ES256/],
      [{ ...own, alg: 'HS256' }, /alg/],
      [{ ...(short as typeof own), alg: 'RS256' }, /2048 bits/],
    ] as const)
      await expect.soft(replaceKeys(engine.tenant, [jwk])).rejects.toThrow(says);
    await expect(replaceKeys(engine.tenant, [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }])).rejects.toThrow(/private/);
  });
});
