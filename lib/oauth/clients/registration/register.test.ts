import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import { approve, attempt, basic, type Body, bodyOf } from '#lib/testing/grants.ts';
import { register } from '../../endpoints/register.ts';
import { deleteRegistration, readRegistration, replaceRegistration } from '../../endpoints/registration.ts';
import { token } from '../../endpoints/token.ts';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});
afterEach(() => engine.close());

const CALLBACK = 'http://127.0.0.1:33418/callback';

async function send(
  json: unknown,
  params: Record<string, string> = {},
): Promise<{ status: number; body: Body & Record<string, never> }> {
  const answer = await attempt(() => engine.call(register, { path: '/oauth/register', json, params }));
  if (answer instanceof Response)
    return { status: answer.status, body: (await bodyOf(answer)) as Body & Record<string, never> };
  return {
    status: answer.status,
    body: { error: answer.code, reason: answer.reason, error_description: answer.description } as never,
  };
}

describe('a registration', () => {
  test('is answered 201 with everything that was registered [#register.answer]', async () => {
    const { status, body } = await send({
      client_name: 'Fieldnotes',
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'notes:read',
      application_type: 'native',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      client_id: expect.any(String),
      client_id_issued_at: Math.floor(engine.tenant.now() / 1000),
      registration_access_token: expect.any(String),
      registration_client_uri: `${engine.tenant.base}/oauth/register/${body.client_id as unknown as string}`,
      client_name: 'Fieldnotes',
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'notes:read',
      application_type: 'native',
    });
    expect(body).not.toHaveProperty('client_secret');
    expect(body).not.toHaveProperty('created_at');
  });

  test('has created_at at the alias', async () => {
    expect((await send({ redirect_uris: [CALLBACK] }, { alias: 'true' })).body.created_at).toBe(
      new Date(engine.tenant.now()).toISOString(),
    );
  });

  test('that asks for no method gets a secret, and both secret methods work [#register.default-method]', async () => {
    const { body } = await send({ grant_types: ['client_credentials'] });
    expect(body).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret: expect.any(String),
      client_secret_expires_at: 0,
      response_types: [],
      redirect_uris: [],
    });
    const [id, secret] = [body.client_id as unknown as string, body.client_secret as unknown as string];
    for (const call of [
      { form: { grant_type: 'client_credentials', client_id: id, client_secret: secret } },
      { form: { grant_type: 'client_credentials' }, headers: { authorization: basic(id, secret) } },
    ])
      expect.soft((await engine.call(token, { path: '/oauth/token', ...call })).status).toBe(200);
  });

  test("ignores unknown members, and a secret of the client's own [#register.unknown-ignored]", async () => {
    const { status, body } = await send({
      redirect_uris: [CALLBACK],
      favourite_colour: 'ochre',
      client_secret: 'hunter2',
      client_id: 'mine',
    });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('favourite_colour');
    expect(body.client_secret).not.toBe('hunter2');
    expect(body.client_id).not.toBe('mine');
  });

  test('stores secrets as hashes only [#register.secrets-hashed]', async () => {
    const { body } = await send({ redirect_uris: [CALLBACK] });
    const stored = JSON.stringify(await engine.tenant.store.getClient(body.client_id as unknown as string));
    expect(stored).not.toContain(body.client_secret as unknown as string);
    expect(stored).not.toContain(body.registration_access_token as unknown as string);
  });

  test('cuts and cleans the name', async () => {
    const name = async (client_name: string) =>
      (await send({ redirect_uris: [CALLBACK], client_name })).body.client_name;
    expect(await name(`a\u202Eb\u0007c\u200B`)).toBe('abc');
    expect(String(await name('x'.repeat(300)))).toHaveLength(80);
  });

  test('asked for a method that is switched off gets the first that is not', async () => {
    engine.configure({ 'clientAuth.methods': ['client_secret_post'] });
    expect((await send({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' })).body).toMatchObject({
      token_endpoint_auth_method: 'client_secret_post',
      client_secret: expect.any(String),
    });
  });

  test(
    'gets the method of registration.authMethod, and secrets of registration.secretAlphabet and ' + 'secretLifetime',
    async () => {
      engine.configure({
        'registration.authMethod': 'client_secret_basic',
        'registration.secretAlphabet': 'special',
        'registration.secretLifetime': 60,
      });
      const { body } = await send({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' });
      expect(body).toMatchObject({
        token_endpoint_auth_method: 'client_secret_basic',
        client_secret_expires_at: engine.tenant.now() / 1000 + 60,
      });
      expect(String(body.client_secret)).toContain('%+:/= ');
    },
  );

  test('leaves out grants that exist and are switched off, and says so', async () => {
    engine.configure({ grants: ['authorization_code'] });
    expect(
      (await send({ redirect_uris: [CALLBACK], grant_types: ['authorization_code', 'refresh_token'] })).body
        .grant_types,
    ).toEqual(['authorization_code']);
  });

  test('is refused where registration.dynamic is off', async () => {
    engine.configure({ 'registration.dynamic': false });
    expect((await send({ redirect_uris: [CALLBACK] })).status).toBe(404);
  });
});

describe('redirect URIs', () => {
  const of = async (uri: unknown, more: Record<string, unknown> = {}) =>
    (await send({ redirect_uris: [uri], token_endpoint_auth_method: 'none', ...more })).body.reason ?? 'taken';

  test(
    'are absolute, without a fragment, and of no scheme that a browser executes ' + '[#register.redirect-uri-safe]',
    async () => {
      for (const uri of [
        'https://client.example/cb#done',
        '/callback',
        'callback',
        'https://',
        'https://a b/',
        '',
        'https://client.example/\\cb',
      ])
        expect.soft(await of(uri), uri).toBe('redirect-uri-fragment');
      for (const uri of [
        'javascript:alert(1)',
        'JavaScript:alert(1)',
        'data:text/html,x',
        'blob:https://x/1',
        'file:///etc/passwd',
        'vbscript:x',
        'http://client.example/cb',
        // Names by RFC 3986, whatever a browser makes of them.
        'http://127.1/cb',
        'http://2130706433/cb',
        'http://0x7f.0.0.1/cb',
        'http://%6cocalhost/cb',
        // Schemes at which no application receives an answer.
        'urn:ietf:wg:oauth:2.0:oob',
        'intent:x',
        'feed:javascript:alert(1)',
        'ms-msdt:x',
        'jscript:alert(1)',
      ])
        expect.soft(await of(uri), uri).toBe('redirect-uri-policy');
      for (const uri of [
        'https://client.example/cb',
        'http://localhost/cb',
        CALLBACK,
        'http://[::1]:4711/cb',
        'http://[0:0:0:0:0:0:0:1]/cb',
        'HTTP://LocalHost/cb',
        'http://127.0.0.5/cb',
        'cursor://anysphere.cursor-retrieval/oauth',
        'com.example.app:/cb',
      ])
        expect.soft(await of(uri), uri).toBe('taken');
    },
  );

  test('are a list of strings', async () => {
    for (const redirect_uris of ['https://client.example/cb', [1], [null], {}])
      expect.soft((await send({ redirect_uris })).body.error).toBe('invalid_redirect_uri');
    expect((await send({})).body).toMatchObject({ error: 'invalid_redirect_uri', reason: 'redirect-uris-missing' });
  });

  test.each([
    ['any', 'http://client.example/cb', {}, 'taken'],
    ['any', 'javascript:x', {}, 'redirect-uri-policy'],
    ['no-loopback', CALLBACK, {}, 'redirect-uri-policy'],
    ['no-loopback', 'https://client.example/cb', {}, 'taken'],
    ['no-private-scheme', 'com.example.app:/cb', {}, 'redirect-uri-policy'],
    ['no-private-scheme', CALLBACK, {}, 'taken'],
    ['closed', 'https://client.example/cb', {}, 'redirect-uri-policy'],
    ['oidc', CALLBACK, {}, 'redirect-uri-policy'],
    ['oidc', CALLBACK, { application_type: 'web' }, 'redirect-uri-policy'],
    ['oidc', CALLBACK, { application_type: 'native' }, 'taken'],
    ['oidc', 'https://client.example/cb', {}, 'taken'],
    ['oidc', 'http://client.example/cb', { application_type: 'native' }, 'redirect-uri-policy'],
  ] as const)('by registration.redirectPolicy %s: %s with %o is %s', async (policy, uri, more, outcome) => {
    engine.configure({ 'registration.redirectPolicy': policy });
    expect(await of(uri, more)).toBe(outcome);
  });
});

test.each([
  ['no object', []],
  ['null', null],
  ['an unknown method', { token_endpoint_auth_method: 'tls_client_auth' }],
  ['an unknown grant', { grant_types: ['implicit'] }],
  ['the password grant', { grant_types: ['password'] }],
  ['an unknown response type', { response_types: ['token'] }],
  ['an unknown scope', { scope: 'unheard:of' }],
  ['a scope outside the grammar', { scope: 'a"b' }],
  ['a name that is no string', { client_name: 7 }],
  ['an application type', { application_type: 'toaster' }],
  ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }],
  ['a private key', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', d: 'x' }] } }],
  ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'x' }] } }],
  ['jwks and jwks_uri', { jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: 'https://client.example/jwks' }],
  ['jwks_uri over http', { jwks_uri: 'http://client.example/jwks' }],
  ['jwks_uri with a user name', { jwks_uri: 'https://user:pw@client.example/jwks' }],
  ['jwks_uri in an inner network', { jwks_uri: 'https://192.168.1.1/jwks' }],
  ['jwks_uri with an inner name', { jwks_uri: 'https://metadata.google.internal/jwks' }],
  ['a home page with a user name', { client_uri: 'https://bank.example@evil.example/' }],
  ['a pairwise subject', { subject_type: 'pairwise' }],
  ['an ID token algorithm', { id_token_signed_response_alg: 'HS256' }],
  ['a logo that is no address', { logo_uri: 'javascript:x' }],
  ['an address with a tab in it', { client_uri: 'https://client.example/\tx' }],
  ['an address with a quote in it', { tos_uri: 'https://client.example/"><script>' }],
])('%s is invalid_client_metadata [#register.invalid-metadata]', async (_, change) => {
  const body = Array.isArray(change) || change === null ? change : { redirect_uris: [CALLBACK], ...change };
  expect(await send(body)).toMatchObject({
    status: 400,
    body: { error: 'invalid_client_metadata', reason: 'client-metadata-invalid' },
  });
});

test('grant types and response types fit each other [#register.grant-and-response-types]', async () => {
  expect((await send({ grant_types: ['client_credentials'], response_types: ['code'] })).status).toBe(400);
  expect(
    (await send({ redirect_uris: [CALLBACK], grant_types: ['authorization_code'], response_types: [] })).status,
  ).toBe(400);
  expect((await send({ redirect_uris: [CALLBACK], response_types: ['code'] })).body.grant_types).toEqual([
    'authorization_code',
    'refresh_token',
  ]);
});

describe('managing a registration', () => {
  let body: Record<string, string>;
  const call = (
    handler: typeof readRegistration,
    json?: unknown,
    bearer = body.registration_access_token,
    id = body.client_id!,
  ) =>
    attempt(() =>
      engine.call(handler, {
        path: `/oauth/register/${id}`,
        method: json === undefined ? 'GET' : 'PUT',
        params: { client_id: id },
        ...(json === undefined ? {} : { json }),
        headers: { authorization: `Bearer ${bearer}` },
      }),
    );

  beforeEach(async () => {
    body = (
      await send({
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token'],
        client_name: 'One',
      })
    ).body as unknown as Record<string, string>;
  });

  test('is for whoever holds its token [#registration.managed]', async () => {
    expect(await bodyOf((await call(readRegistration)) as Response)).toMatchObject({
      client_id: body.client_id,
      client_name: 'One',
    });
    for (const refusal of [
      await call(readRegistration, undefined, 'wrong'),
      await call(readRegistration, undefined, body.registration_access_token, 'c_unknown'),
      await call(deleteRegistration, undefined, ''),
    ]) {
      expect.soft(refusal).toMatchObject({ status: 401, code: 'invalid_token', reason: 'registration-token-wrong' });
    }
  });

  test('replaces it as a whole, and keeps the secret', async () => {
    const next = await bodyOf(
      (await call(replaceRegistration, {
        client_id: body.client_id,
        redirect_uris: ['https://client.example/new'],
      })) as Response,
    );
    expect(next).toMatchObject({
      redirect_uris: ['https://client.example/new'],
      grant_types: ['authorization_code', 'refresh_token'],
    });
    expect(next).not.toHaveProperty('client_name');
    expect(next).not.toHaveProperty('client_secret');
  });

  test.each([
    { client_id: 'other' },
    { client_secret: 'mine' },
    { registration_access_token: 'x' },
    { client_id_issued_at: 1 },
  ])('takes no update that names another client, another secret, or what the server says: %j', async (change) => {
    expect(
      await call(replaceRegistration, { client_id: body.client_id, redirect_uris: [CALLBACK], ...change }),
    ).toMatchObject({ code: 'invalid_request' });
  });

  test('gives a secret where the new method needs one', async () => {
    body = (await send({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' })).body as unknown as Record<
      string,
      string
    >;
    const next = await bodyOf(
      (await call(replaceRegistration, {
        client_id: body.client_id,
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'client_secret_post',
      })) as Response,
    );
    expect(next.client_secret).toEqual(expect.any(String));
  });

  test('deletes it, and ends its grants [#registration.delete-ends]', async () => {
    const client = (await engine.tenant.store.getClient(body.client_id!))!;
    const { grant } = await approve(engine, client);
    expect(((await call(deleteRegistration)) as Response).status).toBe(204);
    expect(await engine.tenant.store.getClient(body.client_id!)).toBeNull();
    expect(await engine.tenant.store.getGrant(grant.id)).toMatchObject({
      revokedAt: engine.tenant.now(),
      revokedBy: 'client-deleted',
    });
    expect(await call(readRegistration)).toMatchObject({ status: 401 });
  });
});
