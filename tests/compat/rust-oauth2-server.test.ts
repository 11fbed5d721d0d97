/** Does what the API page of the Rust OAuth2 server shows, where it is here. See docs/compat/rust-oauth2-server.md. */
import type { Sandbox } from 'authwalk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, pkce, post, send } from '../lib/http.ts';
import { startServer, type RunningServer } from '../lib/server.ts';

let server: RunningServer;
let sandbox: Sandbox;
let base: string;
let client: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox();
  base = sandbox.issuer;
  const registered = await send('POST', `${base}/clients/register`, {
    client_name: 'My Application',
    redirect_uris: ['http://localhost:3000/callback', 'http://localhost:3000/silent-renew'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: 'read write profile',
  });
  expect(registered.status).toBe(201);
  client = (await registered.json()) as never;
});
afterAll(() => server.close());

const both = () => ({ client_id: client.client_id!, client_secret: client.client_secret! });

test('registration at the alias answers with the secret, the metadata and created_at', () => {
  expect(client).toMatchObject({
    client_id: expect.any(String),
    client_secret: expect.any(String),
    client_name: 'My Application',
    redirect_uris: ['http://localhost:3000/callback', 'http://localhost:3000/silent-renew'],
    scope: 'read write profile',
  });
  expect(new Date(client.created_at!).toISOString().slice(0, 4)).toMatch(/^\d{4}$/);
});

test('a code, redeemed with the secret in the body, gives tokens that introspect, refresh and revoke', async () => {
  const { verifier, challenge } = pkce();
  const answer = await fetch(
    `${base}/oauth/authorize?response_type=code&client_id=${client.client_id}` +
      '&redirect_uri=http://localhost:3000/callback&scope=read%20write&state=xyz789' +
      `&code_challenge=${challenge}&code_challenge_method=S256` +
      '&auto_approve_email=user@example.com&auto_approve_password=password123',
    { redirect: 'manual' },
  );
  expect(answer.status).toBe(302);
  const callback = new URL(answer.headers.get('location')!);
  expect(callback.origin + callback.pathname).toBe('http://localhost:3000/callback');
  expect(callback.searchParams.get('state')).toBe('xyz789');

  const tokens = (await (
    await post(`${base}/oauth/token`, {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code')!,
      redirect_uri: 'http://localhost:3000/callback',
      code_verifier: verifier,
      ...both(),
    })
  ).json()) as Record<string, string>;
  expect(tokens).toMatchObject({
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: expect.any(String),
    scope: 'read write',
  });

  const live = await (await post(`${base}/oauth/introspect`, { token: tokens.access_token!, ...both() })).json();
  expect(live).toMatchObject({
    active: true,
    scope: 'read write',
    client_id: client.client_id,
    username: 'user@example.com',
    exp: expect.any(Number),
    iat: expect.any(Number),
    sub: expect.any(String),
  });

  expect(
    (await fetch(`${base}/api/resource`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status,
  ).toBe(200);

  const refreshed = (await (
    await post(`${base}/oauth/token`, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token!, ...both() })
  ).json()) as Record<string, string>;
  expect(refreshed.access_token).toBeTruthy();
  expect((await post(`${base}/oauth/revoke`, { token: refreshed.access_token!, ...both() })).status).toBe(200);
  expect(await (await post(`${base}/oauth/introspect`, { token: refreshed.access_token!, ...both() })).json()).toEqual({
    active: false,
  });
});

test('client credentials, with the secret in the body or by Basic', async () => {
  expect(
    (await post(`${base}/oauth/token`, { grant_type: 'client_credentials', scope: 'read', ...both() })).status,
  ).toBe(200);
  expect(
    (
      await post(
        `${base}/oauth/token`,
        { grant_type: 'client_credentials' },
        { authorization: basic(client.client_id!, client.client_secret!) },
      )
    ).status,
  ).toBe(200);
});

test.each([
  ['invalid_request', 400, { grant_type: '' }],
  ['invalid_client', 401, { grant_type: 'client_credentials', client_secret: 'wrong' }],
  ['invalid_grant', 400, { grant_type: 'authorization_code', code: 'wrong', code_verifier: 'x'.repeat(43) }],
  ['unsupported_grant_type', 400, { grant_type: 'made-up' }],
  ['invalid_scope', 400, { grant_type: 'client_credentials', scope: 'made-up' }],
])('the table of errors: %s is %i', async (error, status, form) => {
  const answer = await post(`${base}/oauth/token`, { ...both(), ...form } as unknown as Record<string, string>);
  expect([answer.status, await answer.json()]).toMatchObject([
    status,
    { error, error_description: expect.any(String) },
  ]);
});

test('discovery, health and readiness have the members of the page', async () => {
  expect(await (await fetch(`${base}/.well-known/openid-configuration`)).json()).toMatchObject({
    issuer: base,
    authorization_endpoint: `${base}/oauth/authorize`,
    token_endpoint: `${base}/oauth/token`,
    introspection_endpoint: `${base}/oauth/introspect`,
    revocation_endpoint: `${base}/oauth/revoke`,
    jwks_uri: `${base}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    scopes_supported: expect.arrayContaining(['read', 'write', 'profile', 'email']),
    token_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_post', 'client_secret_basic']),
    code_challenge_methods_supported: ['S256'],
  });
  expect(await (await fetch(`${server.origin}/health`)).json()).toMatchObject({
    status: 'healthy',
    database: 'connected',
    version: expect.any(String),
    timestamp: expect.any(String),
  });
  expect(await (await fetch(`${server.origin}/ready`)).json()).toMatchObject({
    ready: true,
    database: 'ready',
    timestamp: expect.any(String),
  });
  expect((await fetch(`${server.origin}/metrics`)).headers.get('content-type')).toContain('text/plain');
});
