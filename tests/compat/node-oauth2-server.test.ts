/**
 * Does what the README of the node-oauth2-server example shows, with only the address changed. See
 * docs/compat/node-oauth2-server.md.
 */
import type { Sandbox } from 'authwalk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../lib/server.ts';

let server: RunningServer;
let sandbox: Sandbox;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox({ config: { preset: 'node-oauth2-server' } });
});
afterAll(() => server.close());

const form = { 'content-type': 'application/x-www-form-urlencoded' };

test('the password grant of the example client gives a token that opens the root', async () => {
  const answer = await fetch(`${sandbox.issuer}/oauth/token`, {
    method: 'POST',
    body: 'grant_type=password&username=pedroetb&password=password',
    headers: { ...form, authorization: 'Basic YXBwbGljYXRpb246c2VjcmV0' },
  });
  expect(answer.status).toBe(200);
  const token = (await answer.json()) as Record<string, string>;
  expect(token.token_type?.toLowerCase()).toBe('bearer');
  expect(token.expires_in).toBe(3600);
  expect(token.access_token).toMatch(/^[\w-]{40,}$/);

  const open = await fetch(sandbox.issuer, { headers: { authorization: `Bearer ${token.access_token}` } });
  expect(open.status).toBe(200);
  expect(
    (await fetch(sandbox.issuer, { headers: { authorization: 'Bearer 72ab415822b56cf0f9f93f07fe978d9aae859325' } }))
      .status,
  ).toBe(401);
});

test('the client credentials grant of the confidential example client gives a token', async () => {
  const answer = await fetch(`${sandbox.issuer}/oauth/token`, {
    method: 'POST',
    body: 'grant_type=client_credentials',
    headers: { ...form, authorization: 'Basic Y29uZmlkZW50aWFsQXBwbGljYXRpb246dG9wU2VjcmV0' },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
});

test(
  'the example client without the client credentials grant is refused it, and a wrong password is ' + 'invalid_grant',
  async () => {
    const refused = await fetch(`${sandbox.issuer}/oauth/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: { ...form, authorization: 'Basic YXBwbGljYXRpb246c2VjcmV0' },
    });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'unauthorized_client' }]);
    const wrong = await fetch(`${sandbox.issuer}/oauth/token`, {
      method: 'POST',
      body: 'grant_type=password&username=pedroetb&password=wrong',
      headers: { ...form, authorization: 'Basic YXBwbGljYXRpb246c2VjcmV0' },
    });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  },
);

test('without the preset the password grant is not there [#token.no-password-grant]', async () => {
  const plain = await server.sandbox();
  const answer = await fetch(`${plain.issuer}/oauth/token`, {
    method: 'POST',
    body: 'grant_type=password&username=pedroetb&password=password',
    headers: { ...form, authorization: 'Basic YXBwbGljYXRpb246c2VjcmV0' },
  });
  expect(await answer.json()).toMatchObject({ error: 'unsupported_grant_type' });
  const metadata = (await (await fetch(`${plain.issuer}/.well-known/oauth-authorization-server`)).json()) as {
    grant_types_supported: string[];
  };
  expect(metadata.grant_types_supported).not.toContain('password');
});
