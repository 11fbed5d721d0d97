import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicOf, type Instance, openInstance, ORIGIN, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
});
afterAll(() => instance.close());

/** The four places of an issuer's metadata. */
const places = (issuer: string) => {
  const path = issuer.slice(ORIGIN.length);
  return [
    `${ORIGIN}/.well-known/oauth-authorization-server${path}`,
    `${ORIGIN}/.well-known/openid-configuration${path}`,
    `${issuer}/.well-known/openid-configuration`,
    `${issuer}/.well-known/oauth-authorization-server`,
  ];
};

describe('metadata', () => {
  test('has the issuer that the address was built from, byte for byte [#metadata.issuer-identical]', async () => {
    const withMore = await instance.sandbox({ issuers: ['as2', 'idp'] });
    for (const issuer of [
      ORIGIN,
      sandbox.issuer,
      withMore.issuer,
      `${withMore.issuer}/as2`,
      `${withMore.issuer}/idp`,
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
      'http://localhost:4000',
    ]) {
      const at = places(issuer.startsWith(ORIGIN) ? issuer : ORIGIN).map((place) =>
        issuer.startsWith(ORIGIN) ? place : place.replace(ORIGIN, issuer),
      );
      for (const place of at) {
        const { status, body } = await instance.ask(place);
        expect.soft([place, status, body.issuer]).toEqual([place, 200, issuer]);
      }
    }
  });

  test(
    'answers at every well-known address, inserted and appended, with the same document as JSON ' +
      '[#metadata.locations]',
    async () => {
      const documents = await Promise.all(places(sandbox.issuer).map((place) => instance.ask(place)));
      for (const { status, body, headers } of documents) {
        expect.soft(status).toBe(200);
        expect.soft(headers.get('content-type')).toBe('application/json');
        expect.soft(body).toEqual(documents[0]!.body);
      }
    },
  );

  test('is 200 or 404, never a redirect [#metadata.direct]', async () => {
    const some = [
      ...places(sandbox.issuer),
      ...places(sandbox.issuer).map((place) => `${place}/`),
      ...places(sandbox.issuer).map((place) => place.replace('oauth', 'OAUTH')),
      `${ORIGIN}/.well-known/oauth-authorization-server/mcp`,
      `${ORIGIN}/.well-known/`,
      `${ORIGIN}/.well-known/oauth-protected-resource`,
      `${ORIGIN}/.well-known/oauth-protected-resource/s/${sandbox.id}/mcp`,
      `${ORIGIN}//.well-known/openid-configuration`,
    ];
    for (const place of some)
      for (const accept of ['application/json', 'text/html']) {
        const { status, headers } = await instance.ask(place, { headers: { accept } });
        expect.soft([place, [200, 404].includes(status), headers.get('location')]).toEqual([place, true, null]);
      }
  });

  test('names what works, and all that goes with it [#metadata.complete]', async () => {
    const { body } = await sandbox.get('/.well-known/oauth-authorization-server');
    // Nothing is listed that is not an address of this issuer, and each of them answers.
    const endpoints = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name)) as [string, string][];
    expect(endpoints.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'authorization_endpoint',
        'token_endpoint',
        'jwks_uri',
        'registration_endpoint',
        'revocation_endpoint',
        'introspection_endpoint',
        'userinfo_endpoint',
      ]),
    );
    for (const [name, address] of endpoints) {
      expect.soft(address.startsWith(`${sandbox.issuer}/`), name).toBe(true);
      const { status } = await instance.ask(address, { method: 'OPTIONS' });
      expect.soft([name, status]).toEqual([name, 204]);
    }
    expect(body.response_types_supported).toEqual(['code']);
    expect(body.response_modes_supported).toEqual(['query', 'fragment', 'form_post']);
    expect(body.subject_types_supported).toEqual(['public']);
    expect(body.id_token_signing_alg_values_supported).toContain('RS256');
    expect(body.id_token_signing_alg_values_supported).not.toContain('none');
    expect(body.request_parameter_supported).toBe(false);
    expect(body.request_uri_parameter_supported).toBe(false);
    for (const endpoint of ['token', 'revocation', 'introspection']) {
      const methods: string[] = body[`${endpoint}_endpoint_auth_methods_supported`];
      if (methods.includes('private_key_jwt'))
        expect
          .soft(body[`${endpoint}_endpoint_auth_signing_alg_values_supported`])
          .toEqual(expect.arrayContaining(['ES256', 'RS256']));
      expect.soft(body[`${endpoint}_endpoint_auth_signing_alg_values_supported`]).not.toContain('none');
    }
    expect(body.introspection_endpoint_auth_methods_supported).not.toContain('none');
  });

  test('names exactly the grants that the token endpoint knows [#metadata.grants-work]', async () => {
    const known = [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'password',
      'implicit',
    ];
    for (const config of [
      {},
      { legacyGrants: true },
      { grants: ['client_credentials'] },
      { grants: ['authorization_code', 'device_code'] },
    ]) {
      const place = await instance.sandbox(config);
      const { body } = await place.get('/.well-known/oauth-authorization-server');
      for (const grant_type of known) {
        const {
          body: { error },
        } = await place.token({ grant_type, client_id: 'nobody' });
        expect
          .soft([grant_type, error])
          .toEqual([
            grant_type,
            body.grant_types_supported.includes(grant_type) ? 'invalid_client' : 'unsupported_grant_type',
          ]);
      }
      const byCode = body.grant_types_supported.includes('authorization_code');
      expect.soft(Object.hasOwn(body, 'authorization_endpoint')).toBe(byCode);
      expect.soft(body.response_types_supported).toEqual(byCode ? ['code'] : []);
      expect
        .soft(Object.hasOwn(body, 'device_authorization_endpoint'))
        .toBe(body.grant_types_supported.includes('urn:ietf:params:oauth:grant-type:device_code'));
    }
  });

  test('follows the configuration: what is off is not named', async () => {
    const off = await instance.sandbox({
      'registration.dynamic': false,
      'cimd.support': false,
      'dpop.mode': 'off',
      'clientAuth.methods': ['client_secret_basic'],
      'authorize.iss': 'omit',
    });
    const { body } = await off.get('/.well-known/openid-configuration');
    expect(body).not.toHaveProperty('registration_endpoint');
    expect(body).not.toHaveProperty('dpop_signing_alg_values_supported');
    expect(body).not.toHaveProperty('token_endpoint_auth_signing_alg_values_supported');
    expect(body).toMatchObject({
      client_id_metadata_document_supported: false,
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      authorization_response_iss_parameter_supported: false,
    });
    expect((await off.json('POST', '/oauth/register', { redirect_uris: ['https://client.example/'] })).status).toBe(
      404,
    );
  });

  test('says S256, in the OpenID document too, and plain only if it is taken [#metadata.pkce-advertised]', async () => {
    for (const place of places(sandbox.issuer))
      expect.soft((await instance.ask(place)).body.code_challenge_methods_supported).toEqual(['S256']);
    const lax = await instance.sandbox({ 'authorize.pkce': 's256-or-plain' });
    expect((await lax.get('/.well-known/openid-configuration')).body.code_challenge_methods_supported).toEqual([
      'S256',
      'plain',
    ]);
  });

  test('promises iss in authorization responses, and keeps the promise [#metadata.iss-advertised]', async () => {
    const { body } = await sandbox.get('/.well-known/oauth-authorization-server');
    expect(body.authorization_response_iss_parameter_supported).toBe(true);
    expect((await sandbox.answerOf(await sandbox.register())).get('iss')).toBe(body.issuer);
  });
});

describe('the key set', () => {
  test('holds public keys only, and those that were retired of late [#jwks.public-only]', async () => {
    const client = await sandbox.register();
    const before = await sandbox.tokens(client, { scope: 'openid' });
    const { body, headers } = await sandbox.get('/.well-known/jwks.json');
    expect(headers.get('content-type')).toMatch(/^application\/jwk-set\+json|^application\/json/);
    expect(body.keys.length).toBeGreaterThan(0);
    for (const key of body.keys) {
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect.soft(key).not.toHaveProperty(secret);
      expect.soft(key).toMatchObject({
        kid: expect.any(String),
        kty: expect.stringMatching(/^(?:EC|RSA|OKP)$/),
        use: 'sig',
      });
      expect.soft(key.kty).not.toBe('oct');
    }
    const kids = new Set(body.keys.map(({ kid }: { kid: string }) => kid));
    for (const jwt of [before.access_token, before.id_token!])
      expect.soft(kids).toContain(JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()).kid);
  });

  test('differs from sandbox to sandbox [#sandbox.isolated]', async () => {
    const other = await instance.sandbox();
    await Promise.all([sandbox.tokens(await sandbox.register()), other.tokens(await other.register())]);
    const kids = async (place: TestSandbox) =>
      ((await place.get('/.well-known/jwks.json')).body.keys as { kid: string; x?: string; n?: string }[]).flatMap(
        ({ kid, x, n }) => [kid, x ?? n],
      );
    const mine = await kids(sandbox);
    for (const one of await kids(other)) expect.soft(mine).not.toContain(one);
  });
});

describe('protected resource metadata', () => {
  const prm = (name: string) => instance.ask(`${ORIGIN}/.well-known/oauth-protected-resource/s/${sandbox.id}/${name}`);

  test('says who issues tokens, and how they are sent [#prm.document]', async () => {
    for (const name of ['mcp', 'oauth']) {
      expect.soft((await prm(name)).body).toMatchObject({
        authorization_servers: [sandbox.issuer],
        scopes_supported: ['notes:read', 'notes:write'],
        bearer_methods_supported: ['header'],
        resource_name: expect.any(String),
      });
      expect.soft((await prm(name)).body.scopes_supported).not.toContain('offline_access');
    }
    expect((await prm('bearer')).body).not.toHaveProperty('authorization_servers');
    expect((await prm('no-auth')).status).toBe(404);
  });

  test('names the resource that its address was built from, byte for byte [#prm.identical]', async () => {
    for (const name of ['mcp', 'oauth', 'bearer'])
      expect.soft((await prm(name)).body.resource).toBe(`${sandbox.issuer}/${name}`);
    expect((await instance.ask('http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp')).body).toMatchObject({
      resource: 'http://127.0.0.1:3000/mcp',
      authorization_servers: ['http://127.0.0.1:3000'],
    });
  });

  test('is named in the challenge of a 401 [#prm.in-challenge]', async () => {
    for (const name of ['mcp', 'oauth']) {
      const { status, headers } = await sandbox.call(null, 'notes_list', {}, { path: `/${name}` });
      expect.soft(status).toBe(401);
      const address = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate')!)![1]!;
      expect.soft((await instance.ask(address)).body.resource).toBe(`${sandbox.issuer}/${name}`);
    }
    expect(
      (await sandbox.call(null, 'notes_list', {}, { path: '/bearer' })).headers.get('www-authenticate'),
    ).not.toContain('resource_metadata');
  });
});

test('introspection listed in the metadata is the one that works', async () => {
  const api = await sandbox.confidential();
  const { body } = await sandbox.get('/.well-known/oauth-authorization-server');
  expect(
    (
      await instance.ask(body.introspection_endpoint, {
        method: 'POST',
        body: 'token=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...basicOf(api) },
      })
    ).body,
  ).toEqual({ active: false });
});
