/** What panva/openid-client can do beyond the usual walk, against the running server. */
import type { Sandbox } from 'authwalk/testing';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, register } from '../lib/http.ts';
import { type RunningServer, startServer } from '../lib/server.ts';
import { authorizeHeadless, redirectUri } from './redirect.ts';
import { failures } from './verdicts.ts';

let server: RunningServer;
let sandbox: Sandbox;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox({ config: { 'device.interval': 1 } });
});
afterAll(async () => {
  const { fails, passed } = await failures(server.made);
  await server.close();
  // One test comes with another key on purpose.
  expect(fails).toEqual([expect.stringContaining(': dpop.key-of-token: ')]);
  expect(passed).toBeGreaterThan(20);
});

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const execute = [client.allowInsecureRequests];
const discover = (
  id: string,
  metadata?: Partial<client.ClientMetadata> | string,
  auth?: client.ClientAuth,
  place = sandbox,
) => client.discovery(new URL(place.issuer), id, metadata, auth, { execute });

/** The parameters of an authorization request, with what its answer is checked by. */
async function request() {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  return {
    parameters: {
      redirect_uri: redirectUri,
      scope: 'notes:read',
      state: expectedState,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    },
    checks: { pkceCodeVerifier, expectedState },
  };
}

test.each(['none', 'client_secret_basic'])('pushes its request, public and confidential: %j', async (method) => {
  const registered = await register(sandbox.issuer, {
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: method,
    grant_types: ['authorization_code', 'refresh_token'],
    require_pushed_authorization_requests: true,
  });
  const config = await discover(
    registered.client_id,
    registered.client_secret,
    method === 'none' ? client.None() : client.ClientSecretBasic(registered.client_secret),
  );
  const { parameters, checks } = await request();
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
  expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);
  const tokens = await client.authorizationCodeGrant(config, await authorizeHeadless(url), checks);
  expect(tokens.scope).toBe('notes:read');
});

test('proves that it holds a key, at a server that wants its own nonces too', async () => {
  const place = await server.sandbox({ config: { 'dpop.mode': 'required', 'dpop.nonce': ['as', 'rs'] } });
  const registered = await register(place.issuer, {
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    dpop_bound_access_tokens: true,
  });
  const config = await discover(registered.client_id, undefined, client.None(), place);
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const { parameters, checks } = await request();
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
  const tokens = await client.authorizationCodeGrant(config, await authorizeHeadless(url), checks, undefined, { DPoP });
  expect(tokens.token_type).toBe('dpop');
  const called = await client.fetchProtectedResource(
    config,
    tokens.access_token,
    new URL(`${place.issuer}/api/resource`),
    'GET',
    undefined,
    undefined,
    { DPoP },
  );
  expect(called.status).toBe(200);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP });
  const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  await expect(
    client.refreshTokenGrant(config, refreshed.refresh_token!, undefined, { DPoP: other }),
  ).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('begins on a device, waits for its user, and gets its tokens', async () => {
  const registered = await register(sandbox.issuer, {
    redirect_uris: [],
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE, 'refresh_token'],
  });
  const config = await discover(registered.client_id, undefined, client.None());
  const codes = await client.initiateDeviceAuthorization(config, { scope: 'notes:read' });
  const polling = client.pollDeviceAuthorizationGrant(config, codes);
  const page = await post(codes.verification_uri, { user_code: codes.user_code, action: 'auto' });
  expect(page.status).toBe(200);
  expect((await polling).refresh_token).toBeTruthy();
  const denied = await client.initiateDeviceAuthorization(config, {});
  await post(denied.verification_uri, { user_code: denied.user_code, action: 'deny' });
  await expect(client.pollDeviceAuthorizationGrant(config, denied)).rejects.toMatchObject({ error: 'access_denied' });
});

describe('client credentials, introspection and revocation', () => {
  test.each(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])('%s', async (method) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const registered = await register(sandbox.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: method,
      ...(method === 'private_key_jwt' ? { jwks: { keys: [jwk] } } : {}),
    });
    const auth =
      method === 'private_key_jwt'
        ? client.PrivateKeyJwt({ key: privateKey, kid: 'k1' })
        : method === 'client_secret_post'
          ? client.ClientSecretPost(registered.client_secret)
          : client.ClientSecretBasic(registered.client_secret);
    const config = await discover(registered.client_id, undefined, auth);
    const tokens = await client.clientCredentialsGrant(config, { scope: 'notes:read', resource: sandbox.mcp.oauth });
    expect(tokens.expires_in).toBe(3600);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      client_id: registered.client_id,
      aud: sandbox.mcp.oauth,
    });
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });

  test('a wrong secret is refused in a way that it understands', async () => {
    const registered = await register(sandbox.issuer, { redirect_uris: [], grant_types: ['client_credentials'] });
    const config = await discover(registered.client_id, undefined, client.ClientSecretBasic('wrong'));
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status: 401,
    });
  });
});

test('signs a user in by OpenID Connect, remembers, and signs out', async () => {
  const after = 'http://127.0.0.1:53682/bye';
  const registered = await register(sandbox.issuer, {
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [after],
  });
  const config = await discover(registered.client_id, registered.client_secret);
  // Signing in gives the browser a new cookie.
  let cookie = { cookie: `authwalk=${'x'.repeat(43)}` };
  const open = async (url: URL, headers: Record<string, string>) => {
    const response = await fetch(url, { redirect: 'manual', headers });
    const [fresh] = response.headers.getSetCookie();
    if (fresh !== undefined) cookie = { cookie: fresh.split(';', 1)[0]! };
    return new URL(response.headers.get('location')!);
  };
  const { parameters, checks } = await request();
  const nonce = client.randomNonce();
  const ask = (more: Record<string, string>) =>
    client.buildAuthorizationUrl(config, { ...parameters, scope: 'openid email', nonce, ...more });
  const answer = await open(
    ask({ auto_approve_email: 'ada@example.com', auto_approve_password: 'secret', max_age: '600' }),
    cookie,
  );
  const tokens = await client.authorizationCodeGrant(config, answer, {
    ...checks,
    expectedNonce: nonce,
    maxAge: 600,
    idTokenExpected: true,
  });
  const claims = tokens.claims()!;
  expect(await client.fetchUserInfo(config, tokens.access_token, claims.sub)).toMatchObject({
    sub: claims.sub,
    email: 'ada@example.com',
  });

  const silent = await client.authorizationCodeGrant(
    config,
    await open(ask({ prompt: 'none', id_token_hint: tokens.id_token! }), cookie),
    { ...checks, expectedNonce: nonce },
  );
  expect(silent.claims()!.sub).toBe(claims.sub);

  const bye = await open(
    client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token!, post_logout_redirect_uri: after, state: 's' }),
    cookie,
  );
  expect(bye.href).toBe(`${after}?state=s`);
  await expect(
    client.authorizationCodeGrant(config, await open(ask({ prompt: 'none' }), cookie), checks),
  ).rejects.toMatchObject({ error: 'login_required' });
});

describe('a client known by its document', () => {
  let site: Server;
  let documentUrl: string;
  const keys = generateKeyPair('ES256');
  beforeAll(async () => {
    const jwk = { ...(await exportJWK((await keys).publicKey)), kid: 'k1', alg: 'ES256' };
    site = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          client_id: documentUrl,
          client_name: 'By document',
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [jwk] },
        }),
      );
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    documentUrl = `http://127.0.0.1:${(site.address() as { port: number }).port}/client.json`;
  });
  afterAll(() => {
    site.closeAllConnections();
    site.close();
  });

  test('needs no registration', async () => {
    const config = await discover(
      documentUrl,
      undefined,
      client.PrivateKeyJwt({ key: (await keys).privateKey, kid: 'k1' }),
    );
    expect(config.serverMetadata().client_id_metadata_document_supported).toBe(true);
    const { parameters, checks } = await request();
    const tokens = await client.authorizationCodeGrant(
      config,
      await authorizeHeadless(client.buildAuthorizationUrl(config, parameters)),
      checks,
    );
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      client_id: documentUrl,
    });
    expect((await client.refreshTokenGrant(config, tokens.refresh_token!)).access_token).toBeTruthy();
  });
});
