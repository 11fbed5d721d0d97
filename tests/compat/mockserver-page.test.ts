/**
 * Every example of MockServer's page on OAuth2, as its curl command sends it: only host and port are changed. The
 * expectation is put, and then the request that it is about is answered as it says.
 */
import { readFileSync } from 'node:fs';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../lib/server.ts';

interface Example {
  readonly example: string;
  readonly body: string;
}
interface Expectation {
  readonly httpRequest: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Record<string, string[]>;
    readonly queryStringParameters?: Record<string, string[]>;
    readonly body?: { readonly parameters: Record<string, string[]> };
  };
  readonly httpResponse?: {
    readonly statusCode: number;
    readonly headers: Record<string, string[]>;
    readonly body: { readonly json: string };
  };
}

const examples = JSON.parse(
  readFileSync(new URL('mockserver-page.json', import.meta.url), 'utf8'),
) as readonly Example[];

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
afterEach(() => fetch(`${server.origin}/api/sandboxes/default/faults`, { method: 'DELETE' }));

/** As `curl -X PUT -d` sends it: with the content type of a form, unless the example sets another. */
const put = (path: string, body: string, type = 'application/x-www-form-urlencoded') =>
  fetch(server.origin + path, { method: 'PUT', body, headers: { 'content-type': type } });

/** The request that an expectation is about; what is a pattern there gets some value. */
function requestFor({ httpRequest }: Expectation): Promise<Response> {
  const { method, path, headers = {}, queryStringParameters = {}, body } = httpRequest;
  const some = (values: Record<string, string[]>) =>
    Object.entries(values).map(([name, [value]]) => [name, value!.replace('.+', 'whatever')] as [string, string]);
  const query = new URLSearchParams([...some(queryStringParameters), ['state', 'af0ifjsldkj']]);
  return fetch(`${server.origin}${path}${path === '/authorize' ? `?${query}` : ''}`, {
    method,
    redirect: 'manual',
    headers: some(headers).filter(([name]) => !name.startsWith('!')),
    ...(body === undefined ? {} : { body: new URLSearchParams(some(body.parameters)) }),
  });
}

describe('PUT /mockserver/expectation', () => {
  const canned = examples.filter(({ body }) => body.includes('"httpResponse":'));
  test.each(canned)('$example', async ({ body }) => {
    expect((await put('/mockserver/expectation', body)).status).toBe(201);
    const expectation = JSON.parse(body) as Expectation;
    const { statusCode, headers, body: wanted } = expectation.httpResponse!;
    const answer = await requestFor(expectation);
    expect(answer.status).toBe(statusCode);
    expect(await answer.json()).toEqual(JSON.parse(wanted.json));
    for (const [name, [value]] of Object.entries(headers)) expect.soft(answer.headers.get(name)).toBe(value);
  });

  const redirects = examples.filter(({ body }) => body.includes('statusCode: 302'));
  test.each(redirects)('$example', async ({ body }) => {
    expect((await put('/mockserver/expectation', body)).status).toBe(201);
    const answer = await requestFor(JSON.parse(body) as Expectation);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toMatch(
      /^https:\/\/myapp\.example\.com\/callback\?code=mock-(?:pkce-)?auth-code(?:-xyz)?&state=af0ifjsldkj$/,
    );
  });

  const unique = examples.filter(({ example }) => example.startsWith('a unique token'));
  test.each(unique)('a unique token of a template ($example)', async ({ body }) => {
    expect((await put('/mockserver/expectation', body)).status).toBe(201);
    const ask = async () =>
      (await (await requestFor(JSON.parse(body) as Expectation)).json()) as Record<string, unknown>;
    const [one, other] = [await ask(), await ask()];
    expect(one).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
    expect(one.access_token).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.access_token).not.toBe(other.access_token);
    if (body.includes('issued_at')) expect(Number(one.issued_at)).toBeCloseTo(Date.now() / 1000, -2);
  });

  test('covers every example of the page', () => {
    expect(canned.length + redirects.length + unique.length).toBe(examples.length);
  });

  test.each([
    ['a path where nothing is', { httpRequest: { path: '/anything' }, httpResponse: {} }, 'httpRequest.path'],
    ['a body that is no form', { httpRequest: { path: '/oauth/token', body: { type: 'XPATH' } } }, 'httpRequest.body'],
    [
      'a template that computes',
      {
        httpRequest: { path: '/oauth/token' },
        httpResponseTemplate: { templateType: 'JAVASCRIPT', template: 'return { statusCode: process.exit() };' },
      },
      'process',
    ],
    [
      'a template that names what every object has',
      {
        httpRequest: { path: '/oauth/token' },
        httpResponseTemplate: { templateType: 'MUSTACHE', template: '{"statusCode": 200, "body": "{{constructor}}"}' },
      },
      '{{constructor}} does not translate',
    ],
    [
      'a template in Velocity',
      { httpRequest: { path: '/oauth/token' }, httpResponseTemplate: { templateType: 'VELOCITY', template: '' } },
      'VELOCITY',
    ],
    [
      'a header that no client reads',
      {
        httpRequest: { path: '/oauth/token' },
        httpResponse: { headers: { 'X-Accel-Redirect': ['/etc/passwd'] } },
      },
      'X-Accel-Redirect',
    ],
    ['a callback', { httpRequest: { path: '/oauth/token' }, httpForward: { host: 'x' } }, 'httpForward'],
  ])('refuses %s by name', async (_, expectation, name) => {
    const answer = await put('/mockserver/expectation', JSON.stringify(expectation));
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error_description: string }).error_description).toContain(name);
  });
});

describe('PUT /mockserver/oidc', () => {
  const token = (parameters: Record<string, string>) =>
    fetch(`${server.origin}/token`, { method: 'POST', body: new URLSearchParams(parameters) });

  test('{}: a provider whose token endpoint answers at once with signed JWTs', async () => {
    const made = await put('/mockserver/oidc', '{}', 'application/json');
    expect(made.status).toBe(201);
    const discovery = (await (await fetch(`${server.origin}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    const answer = await token({ grant_type: 'client_credentials', client_id: 'any-client', client_secret: 'any' });
    expect(answer.status).toBe(200);
    const { access_token } = (await answer.json()) as { access_token: string };
    const { payload, protectedHeader } = await jwtVerify(
      access_token,
      createRemoteJWKSet(new URL(discovery.jwks_uri!)),
      { issuer: discovery.issuer! },
    );
    expect([protectedHeader.alg, payload.client_id]).toEqual(['RS256', 'any-client']);
  });

  test('subject and additional claims come in ID token and userinfo, and every short path answers', async () => {
    const configuration = {
      issuer: server.origin,
      clientId: 'my-app',
      subject: 'user-1',
      scopes: ['openid', 'profile', 'email'],
      signingAlgorithm: 'ES384',
      tokenExpirySeconds: 60,
      additionalClaims: { name: 'Test User', email: 'user@example.com', groups: ['a'] },
    };
    expect((await put('/mockserver/oidc', JSON.stringify(configuration))).status).toBe(201);
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'my-app',
      redirect_uri: 'http://localhost:9/cb',
      scope: 'openid profile email',
      state: 's',
      nonce: 'n',
    });
    const redirect = await fetch(`${server.origin}/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(redirect.headers.get('location')!).searchParams.get('code')!;
    const answer = await token({
      grant_type: 'authorization_code',
      code,
      client_id: 'my-app',
      client_secret: 'mock-client-secret',
      redirect_uri: 'http://localhost:9/cb',
    });
    const tokens = (await answer.json()) as Record<string, string>;
    expect(tokens).toMatchObject({ expires_in: 60 });
    const bearer = { authorization: `Bearer ${tokens.access_token}` };
    expect(await (await fetch(`${server.origin}/userinfo`, { headers: bearer })).json()).toMatchObject({
      sub: 'user-1',
      name: 'Test User',
      email: 'user@example.com',
      groups: ['a'],
    });
    const credentials = { client_id: 'my-app', client_secret: 'mock-client-secret', token: tokens.access_token! };
    const post = async (path: string) => {
      const response = await fetch(server.origin + path, { method: 'POST', body: new URLSearchParams(credentials) });
      return [response.status, await response.json()];
    };
    expect(await post('/introspect')).toEqual([200, expect.objectContaining({ active: true, sub: 'user-1' })]);
    expect((await post('/revoke'))[0]).toBe(200);
    expect(await post('/introspect')).toEqual([200, { active: false }]);
    expect((await post('/device_authorization'))[0]).toBe(200);
    expect((await fetch(`${server.origin}/logout`)).status).toBe(200);
  });

  const set = async (configuration: object) => {
    expect((await put('/mockserver/oidc', JSON.stringify(configuration))).status).toBe(201);
  };
  const anyToken = async () => {
    const answer = await token({ grant_type: 'client_credentials', client_id: 'any-client', client_secret: 'any' });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const keys = () => createRemoteJWKSet(new URL(`${server.origin}/.well-known/jwks.json`));

  test.each(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'])('%s signs, and is verified', async (alg) => {
    await set({ signingAlgorithm: alg });
    expect((await jwtVerify(await anyToken(), keys())).protectedHeader.alg).toBe(alg);
  });

  test('a key of your own signs, by its id', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    await set({ signingAlgorithm: 'ES256', jwkJson: JSON.stringify(await exportJWK(privateKey)), keyId: 'my-key' });
    expect((await jwtVerify(await anyToken(), keys())).protectedHeader.kid).toBe('my-key');
  });

  test('opaque access tokens introspect, and the device waits for as many polls as are set', async () => {
    await set({ clientId: 'my-app', opaqueAccessToken: true, deviceCodePendingPolls: 2 });
    expect((await anyToken()).split('.')).toHaveLength(1);
    const credentials = { client_id: 'my-app', client_secret: 'mock-client-secret' };
    const begun = await fetch(`${server.origin}/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams(credentials),
    });
    const { device_code, interval } = (await begun.json()) as { device_code: string; interval: number };
    const polled: unknown[] = [];
    for (let poll = 0; poll < 3; poll += 1) {
      await fetch(`${server.origin}/api/sandboxes/default/clock`, {
        method: 'POST',
        body: JSON.stringify({ advance: interval + 1 }),
        headers: { 'content-type': 'application/json' },
      });
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, ...credentials };
      const answer = await token(form);
      polled.push(((await answer.json()) as { error?: string }).error ?? answer.status);
    }
    expect(polled).toEqual(['authorization_pending', 'authorization_pending', 200]);
  });

  test.each([
    [{ audience: 'my-api' }, 'audience'],
    [{ issuer: 'https://elsewhere.example' }, 'issuer'],
    [{ tokenPath: '/my/token' }, 'tokenPath'],
    [{ privateKeyPem: '-' }, 'privateKeyPem'],
    [{ wrongIssuer: true, tamperedSignature: true }, 'tamperedSignature'],
    [{ unheardOf: 1 }, 'unheardOf'],
    [{ constructor: 1 }, 'constructor: it has no counterpart here'],
  ])('refuses %j by name', async (configuration, name) => {
    const answer = await put('/mockserver/oidc', JSON.stringify(configuration));
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error_description: string }).error_description).toContain(
      name.includes(':') ? name : `${name}:`,
    );
  });

  test('its flags make a token that does not hold, and enforced authentication is enforced', async () => {
    const set = (configuration: object) => put('/mockserver/oidc', JSON.stringify(configuration));
    expect((await set({ issueExpiredToken: true, enforceClientAuthentication: true })).status).toBe(201);
    const ask = (client_secret: string) =>
      token({ grant_type: 'client_credentials', client_id: 'mock-client', client_secret });
    expect((await ask('wrong')).status).toBe(401);
    const answer = await ask('mock-client-secret');
    expect(await answer.clone().json()).toMatchObject({ token_type: 'Bearer' });
    const { access_token } = (await answer.json()) as { access_token: string };
    await expect(
      jwtVerify(access_token, createRemoteJWKSet(new URL(`${server.origin}/.well-known/jwks.json`))),
    ).rejects.toThrow(/exp/);
  });

  test('it needs the control token in a sandbox', async () => {
    const made = (await (
      await fetch(`${server.origin}/api/sandboxes`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
    ).json()) as { id: string; control_token: string };
    const path = `/s/${made.id}/mockserver/oidc`;
    expect((await put(path, '{}')).status).toBe(401);
    const answer = await fetch(server.origin + path, {
      method: 'PUT',
      body: '{}',
      headers: { authorization: `Bearer ${made.control_token}`, 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(201);
  });
});
