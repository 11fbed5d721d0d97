import * as client from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from '../lib/server.ts';
import { authorizeHeadless, redirectUri } from './redirect.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

test('openid-client walks from discovery to refresh, userinfo and revocation', async () => {
  const config = await client.dynamicClientRegistration(
    new URL(server.origin),
    {
      client_name: 'openid-client',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid email notes:read',
    },
    undefined,
    { execute: [client.allowInsecureRequests] },
  );
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const answer = await authorizeHeadless(
    client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid email notes:read',
      state: expectedState,
      nonce: expectedNonce,
      resource: `${server.origin}/mcp`,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    }),
  );
  const tokens = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    idTokenExpected: true,
  });
  expect(tokens.scope?.split(' ').sort()).toEqual(['email', 'notes:read', 'openid']);

  const called = await client.fetchProtectedResource(
    config,
    tokens.access_token,
    new URL(`${server.origin}/mcp`),
    'POST',
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'openid-client', version: '1' } },
    }),
    new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' }),
  );
  expect(called.status).toBe(200);

  const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()!.sub);
  expect(user.email).toContain('@');

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!);
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  await expect(client.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
    error: 'invalid_grant',
  });

  const again = await client.clientCredentialsGrant(config, { scope: 'notes:read' }).catch((error: unknown) => error);
  expect(again).toMatchObject({ error: 'unauthorized_client' });
  await client.tokenRevocation(config, refreshed.access_token);
});
