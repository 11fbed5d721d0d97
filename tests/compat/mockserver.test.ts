/** Does what MockServer's page on OAuth2 mocks, with real flows and configuration. See docs/compat/mockserver.md. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorize, basic, pkce, post, register, send } from '../lib/http.ts';
import { startServer, type RunningServer } from '../lib/server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const redirect_uri = 'http://localhost:8080/callback';

test('client credentials by form and by Basic, each with a token of its own', async () => {
  const { issuer } = await server.sandbox();
  const client = await register(issuer, { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] });
  const byForm = await post(`${issuer}/oauth/token`, {
    grant_type: 'client_credentials',
    client_id: client.client_id,
    client_secret: client.client_secret,
    scope: 'read write',
  });
  const byBasic = await post(
    `${issuer}/oauth/token`,
    { grant_type: 'client_credentials' },
    { authorization: basic(client.client_id, client.client_secret) },
  );
  const tokens = [await byForm.json(), await byBasic.json()] as { access_token: string; scope: string }[];
  expect(tokens[0]).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
  expect(tokens[0]!.access_token).not.toBe(tokens[1]!.access_token);
});

test.each(['client_secret_post', 'none'])(
  'the code flow of a client that authenticates by %s, with PKCE verified, and a rotating refresh',
  async (method) => {
    const sandbox = await server.sandbox();
    const { issuer } = sandbox;
    const client = await register(issuer, {
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: method,
    });
    const secret: Record<string, string> = method === 'none' ? {} : { client_secret: client.client_secret };
    const { verifier, challenge } = pkce();
    const answer = await authorize(sandbox, {
      client_id: client.client_id,
      redirect_uri,
      scope: 'openid profile',
      state: 'xyz',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    expect(answer.searchParams.get('state')).toBe('xyz');
    const redeem = (code_verifier: string) =>
      post(`${issuer}/oauth/token`, {
        grant_type: 'authorization_code',
        code: answer.searchParams.get('code')!,
        redirect_uri,
        client_id: client.client_id,
        code_verifier,
        ...secret,
      });
    expect(await (await redeem('w'.repeat(43))).json()).toMatchObject({ error: 'invalid_grant' });
    const tokens = (await (await redeem(verifier)).json()) as Record<string, string>;
    expect(tokens.id_token).toBeTruthy();
    const userinfo = await (
      await fetch(`${issuer}/oauth/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    ).json();
    expect(userinfo).toMatchObject({ sub: expect.any(String), name: expect.any(String) });
    const refreshed = (await (
      await post(`${issuer}/oauth/token`, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token!,
        client_id: client.client_id,
        ...secret,
      })
    ).json()) as Record<string, string>;
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  },
);

test('a refresh token that is too old is invalid_grant', async () => {
  const sandbox = await server.sandbox({ config: { 'refresh.idleLifetime': 60 } });
  const client = await register(sandbox.issuer, {
    redirect_uris: [redirect_uri],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  });
  const { verifier, challenge } = pkce();
  const answer = await authorize(sandbox, {
    client_id: client.client_id,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const tokens = (await (
    await post(`${sandbox.issuer}/oauth/token`, {
      grant_type: 'authorization_code',
      code: answer.searchParams.get('code')!,
      client_id: client.client_id,
      code_verifier: verifier,
    })
  ).json()) as Record<string, string>;
  await sandbox.clock.advance(61);
  const refused = await post(`${sandbox.issuer}/oauth/token`, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token!,
    client_id: client.client_id,
  });
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
});

test('protected resources: any token, one token, none, and too small a scope', async () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };
  const call = (url: string, token?: string) =>
    send('POST', url, initialize, {
      accept: 'application/json, text/event-stream',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    });
  const any = await server.sandbox();
  expect((await call(any.mcp.bearer, 'whatever')).status).toBe(200);
  const one = await server.sandbox({ config: { 'bearer.tokens': ['mock-access-token-12345'] } });
  expect((await call(one.mcp.bearer, 'mock-access-token-12345')).status).toBe(200);
  expect((await call(one.mcp.bearer, 'whatever')).status).toBe(401);

  const missing = await fetch(`${any.issuer}/api/resource`);
  expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
  const client = await register(any.issuer, {
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  });
  const { access_token } = (await (
    await post(
      `${any.issuer}/oauth/token`,
      { grant_type: 'client_credentials', scope: 'read' },
      { authorization: basic(client.client_id, client.client_secret) },
    )
  ).json()) as { access_token: string };
  const small = await fetch(`${any.issuer}/api/admin/resource`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${access_token}` },
  });
  expect([small.status, small.headers.get('www-authenticate')]).toEqual([
    403,
    expect.stringContaining('insufficient_scope'),
  ]);
});

test('a token of your own value opens the plain resource, and another does not', async () => {
  const sandbox = await server.sandbox();
  const issued = await send(
    'POST',
    `${server.origin}/api/sandboxes/${sandbox.id}/tokens`,
    { token: 'mock-access-token-12345' },
    { authorization: `Bearer ${sandbox.controlToken}` },
  );
  expect(issued.status).toBe(201);
  const ask = async (token: string) =>
    (await fetch(`${sandbox.issuer}/api/resource`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await ask('mock-access-token-12345'), await ask('mock-access-token-54321')]).toEqual([200, 401]);
});

test('a provider with opaque tokens, another algorithm, and no client authentication by name', async () => {
  const { issuer } = await server.sandbox({ config: { 'tokens.format': 'opaque' } });
  const client = await register(issuer, { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] });
  const opaque = (await (
    await post(
      `${issuer}/oauth/token`,
      { grant_type: 'client_credentials' },
      { authorization: basic(client.client_id, client.client_secret) },
    )
  ).json()) as { access_token: string };
  expect(opaque.access_token.split('.')).toHaveLength(1);

  const rs512 = await server.sandbox({ config: { 'tokens.alg': 'RS512', 'clientAuth.required': false } });
  const other = await register(rs512.issuer, {
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  });
  const signed = (await (
    await post(`${rs512.issuer}/oauth/token`, { grant_type: 'client_credentials', client_id: other.client_id })
  ).json()) as { access_token: string };
  expect(JSON.parse(Buffer.from(signed.access_token.split('.')[0]!, 'base64url').toString())).toMatchObject({
    alg: 'RS512',
    typ: 'at+jwt',
  });
});
