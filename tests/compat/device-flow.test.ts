import { afterAll, beforeAll, expect, test } from 'vitest';
import { post, register } from '../lib/http.ts';
import { startServer, type RunningServer } from '../lib/server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

test('the device flow of the document, refresh reuse and revocation included', async () => {
  // Two polls are pending, then the user has approved.
  const sandbox = await server.sandbox({
    config: {
      preset: 'auth0-device',
      'device.outcome': 'approve',
      'device.pendingPolls': 2,
      'tokens.accessLifetime': 300,
    },
  });
  const { client_id } = await register(sandbox.issuer, {
    client_name: 'CLI',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'none',
  });

  const urls = (await (
    await fetch(`${sandbox.issuer}/.well-known/openid-configuration`, { headers: { accept: 'application/json' } })
  ).json()) as Record<string, string>;
  expect(urls).toMatchObject({
    token_endpoint: expect.any(String),
    device_authorization_endpoint: expect.any(String),
    revocation_endpoint: expect.any(String),
  });

  const started = await fetch(urls.device_authorization_endpoint!, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `client_id=${client_id}&audience=https%3A%2F%2Fapi.wiremock.cloud&scope=openid+email+offline_access`,
  });
  expect(started.status).toBe(200);
  const device = (await started.json()) as Record<string, string>;
  expect(device).toMatchObject({
    expires_in: 900,
    interval: 5,
    verification_uri: `${sandbox.issuer}/activate`,
    verification_uri_complete: `${sandbox.issuer}/activate?user_code=${device.user_code}`,
  });

  const poll = () =>
    post(urls.token_endpoint!, {
      client_id,
      device_code: device.device_code!,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
  for (let i = 0; i < 2; i++) {
    const pending = await poll();
    expect
      .soft([pending.status, await pending.json()])
      .toMatchObject([403, { error: 'authorization_pending', error_description: expect.any(String) }]);
    await sandbox.clock.advance(5);
  }
  const done = await poll();
  expect(done.status).toBe(200);
  const tokens = (await done.json()) as Record<string, string>;
  expect(tokens).toMatchObject({
    token_type: 'Bearer',
    expires_in: 300,
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    id_token: expect.any(String),
  });
  const claims = JSON.parse(Buffer.from(tokens.access_token!.split('.')[1]!, 'base64url').toString());
  expect([claims.aud].flat()).toContain('https://api.wiremock.cloud');

  const refresh = (refresh_token: string) =>
    post(urls.token_endpoint!, { client_id, refresh_token, grant_type: 'refresh_token' });
  const second = (await (await refresh(tokens.refresh_token!)).json()) as Record<string, string>;
  expect(second.refresh_token).not.toBe(tokens.refresh_token);
  // "Any attempt to use an invalid refresh token will also invalidate the current valid refresh token."
  expect((await refresh(tokens.refresh_token!)).status).toBe(400);
  expect(await (await refresh(second.refresh_token!)).json()).toMatchObject({ error: 'invalid_grant' });
});

test('a refresh token is revoked on logout', async () => {
  const sandbox = await server.sandbox({ config: { preset: 'auth0-device', 'device.outcome': 'approve' } });
  const { client_id } = await register(sandbox.issuer, {
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'none',
  });
  const device = (await (
    await post(`${sandbox.issuer}/oauth/device_authorization`, { client_id, scope: 'openid offline_access' })
  ).json()) as Record<string, string>;
  const tokens = (await (
    await post(`${sandbox.issuer}/oauth/token`, {
      client_id,
      device_code: device.device_code!,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    })
  ).json()) as Record<string, string>;
  expect((await post(`${sandbox.issuer}/oauth/revoke`, { client_id, token: tokens.refresh_token! })).status).toBe(200);
  expect(
    await (
      await post(`${sandbox.issuer}/oauth/token`, {
        client_id,
        refresh_token: tokens.refresh_token!,
        grant_type: 'refresh_token',
      })
    ).json(),
  ).toMatchObject({ error: 'invalid_grant' });
});
