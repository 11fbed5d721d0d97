/**
 * What panva/oauth4webapi can do beyond the usual walk, against the running server. It checks every answer strictly.
 */
import type { Sandbox } from 'authwalk/testing';
import { createServer, type Server } from 'node:http';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post, register } from '../lib/http.ts';
import { type RunningServer, startServer } from '../lib/server.ts';
import { authorizeHeadless, redirectUri } from './redirect.ts';
import { failures } from './verdicts.ts';

let server: RunningServer;
let sandbox: Sandbox;
let as: oauth.AuthorizationServer;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox({ config: { 'device.interval': 1 } });
  as = await discover(sandbox);
});
afterAll(async () => {
  const { fails, passed } = await failures(server.made);
  await server.close();
  expect(fails).toEqual([]);
  expect(passed).toBeGreaterThan(20);
});

const insecure = { [oauth.allowInsecureRequests]: true } as const;
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

async function discover(place: Sandbox, algorithm: 'oauth2' | 'oidc' = 'oauth2'): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(place.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure }));
}

async function request(client: oauth.Client, more: Record<string, string> = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const parameters = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'notes:read',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { verifier, state, parameters };
}
const addressOf = (server_: oauth.AuthorizationServer, parameters: Iterable<[string, string]>) =>
  new URL(`${server_.authorization_endpoint}?${new URLSearchParams([...parameters])}`);

test('pushes its request', async () => {
  const registered = await register(sandbox.issuer, {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code'],
  });
  const client: oauth.Client = { client_id: registered.client_id, require_pushed_authorization_requests: true };
  const auth = oauth.ClientSecretBasic(registered.client_secret);
  const { verifier, state, parameters } = await request(client);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(
    as,
    client,
    await oauth.pushedAuthorizationRequest(as, client, auth, parameters, insecure),
  );
  const answer = oauth.validateAuthResponse(
    as,
    client,
    await authorizeHeadless(
      addressOf(as, [
        ['client_id', client.client_id],
        ['request_uri', request_uri],
      ]),
    ),
    state,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(
    as,
    client,
    await oauth.authorizationCodeGrantRequest(as, client, auth, answer, redirectUri, verifier, insecure),
  );
  expect(tokens.scope).toBe('notes:read');
});

test('proves that it holds a key, and takes up the nonces that it is given', async () => {
  const place = await server.sandbox({ config: { 'dpop.nonce': ['as', 'rs'] } });
  const there = await discover(place);
  expect(there.dpop_signing_alg_values_supported).toContain('ES256');
  const registered = await register(place.issuer, {
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const client: oauth.Client = { client_id: registered.client_id };
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const retry = async <T>(what: () => Promise<T>): Promise<T> =>
    what().catch((error: unknown) => {
      if (oauth.isDPoPNonceError(error)) return what();
      throw error;
    });
  const { verifier, state, parameters } = await request(client);
  const answer = oauth.validateAuthResponse(
    there,
    client,
    await authorizeHeadless(addressOf(there, parameters)),
    state,
  );
  const tokens = await retry(async () =>
    oauth.processAuthorizationCodeResponse(
      there,
      client,
      await oauth.authorizationCodeGrantRequest(there, client, oauth.None(), answer, redirectUri, verifier, {
        DPoP,
        ...insecure,
      }),
    ),
  );
  expect(tokens.token_type).toBe('dpop');
  const resource = new URL(`${place.issuer}/api/resource`);
  const called = await retry(() =>
    oauth.protectedResourceRequest(tokens.access_token, 'GET', resource, undefined, undefined, { DPoP, ...insecure }),
  );
  expect(called.status).toBe(200);
  await expect(
    oauth.protectedResourceRequest(tokens.access_token, 'GET', resource, undefined, undefined, insecure),
  ).rejects.toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
  const refreshed = await retry(async () =>
    oauth.processRefreshTokenResponse(
      there,
      client,
      await oauth.refreshTokenGrantRequest(there, client, oauth.None(), tokens.refresh_token!, { DPoP, ...insecure }),
    ),
  );
  expect(refreshed.token_type).toBe('dpop');
});

test('begins on a device', async () => {
  const registered = await register(sandbox.issuer, {
    redirect_uris: [],
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE],
  });
  const client: oauth.Client = { client_id: registered.client_id };
  const codes = await oauth.processDeviceAuthorizationResponse(
    as,
    client,
    await oauth.deviceAuthorizationRequest(as, client, oauth.None(), { scope: 'notes:read' }, insecure),
  );
  const poll = async () =>
    oauth.processDeviceCodeResponse(
      as,
      client,
      await oauth.deviceCodeGrantRequest(as, client, oauth.None(), codes.device_code, insecure),
    );
  await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' });
  expect((await post(`${codes.verification_uri}`, { user_code: codes.user_code, action: 'auto' })).status).toBe(200);
  const tokens = await poll().catch(async () => {
    await new Promise((resolve) => {
      setTimeout(resolve, 7000);
    });
    return poll();
  });
  expect(tokens.scope).toBe('notes:read');
});

describe('client credentials, introspection, revocation', () => {
  test.each([
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt ES256',
    'private_key_jwt RS256',
    'private_key_jwt PS256',
    'private_key_jwt EdDSA',
  ])('%s', async (kind) => {
    const [method = '', alg] = kind.split(' ');
    const keys = await oauth.generateKeyPair(alg === 'EdDSA' ? 'Ed25519' : (alg ?? 'ES256'), { extractable: true });
    const jwk = { ...(await crypto.subtle.exportKey('jwk', keys.publicKey)), kid: 'k1' } as Record<string, unknown>;
    delete jwk.alg;
    const registered = await register(sandbox.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: method,
      ...(alg ? { jwks: { keys: [jwk] } } : {}),
    });
    const client: oauth.Client = { client_id: registered.client_id };
    const auth =
      method === 'client_secret_basic'
        ? oauth.ClientSecretBasic(registered.client_secret)
        : method === 'client_secret_post'
          ? oauth.ClientSecretPost(registered.client_secret)
          : oauth.PrivateKeyJwt({ key: keys.privateKey, kid: 'k1' });
    const tokens = await oauth.processClientCredentialsResponse(
      as,
      client,
      await oauth.clientCredentialsGrantRequest(
        as,
        client,
        auth,
        { scope: 'notes:read', resource: sandbox.mcp.oauth },
        insecure,
      ),
    );
    const told = await oauth.processIntrospectionResponse(
      as,
      client,
      await oauth.introspectionRequest(as, client, auth, tokens.access_token, insecure),
    );
    expect(told).toMatchObject({
      active: true,
      sub: registered.client_id,
      aud: sandbox.mcp.oauth,
      scope: 'notes:read',
    });
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, auth, tokens.access_token, insecure),
    );
    expect(
      await oauth.processIntrospectionResponse(
        as,
        client,
        await oauth.introspectionRequest(as, client, auth, tokens.access_token, insecure),
      ),
    ).toEqual({ active: false });
  });
});

test('exchanges a token for another resource', async () => {
  const registered = await register(sandbox.issuer, {
    redirect_uris: [],
    grant_types: ['client_credentials', EXCHANGE],
  });
  const client: oauth.Client = { client_id: registered.client_id };
  const auth = oauth.ClientSecretBasic(registered.client_secret);
  const first = await oauth.processClientCredentialsResponse(
    as,
    client,
    await oauth.clientCredentialsGrantRequest(as, client, auth, {}, insecure),
  );
  const exchanged = await oauth.processGenericTokenEndpointResponse(
    as,
    client,
    await oauth.genericTokenEndpointRequest(
      as,
      client,
      auth,
      EXCHANGE,
      {
        subject_token: first.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: `${sandbox.issuer}/oauth`,
      },
      insecure,
    ),
  );
  expect(exchanged.issued_token_type).toBe('urn:ietf:params:oauth:token-type:access_token');
  const claims = await oauth.validateJwtAccessToken(
    as,
    new Request(sandbox.issuer, { headers: { authorization: `Bearer ${exchanged.access_token}` } }),
    `${sandbox.issuer}/oauth`,
    insecure,
  );
  expect(claims.client_id).toBe(registered.client_id);
});

test('signs a user in by OpenID Connect, with every check, and signs out', async () => {
  const there = await discover(sandbox, 'oidc');
  const after = 'http://127.0.0.1:53682/bye';
  for (const alg of ['RS256', 'ES256']) {
    const registered = await register(sandbox.issuer, {
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      post_logout_redirect_uris: [after],
      id_token_signed_response_alg: alg,
    });
    const client: oauth.Client = { client_id: registered.client_id, id_token_signed_response_alg: alg };
    const auth = oauth.ClientSecretBasic(registered.client_secret);
    const nonce = oauth.generateRandomNonce();
    const { verifier, state, parameters } = await request(client, {
      scope: 'openid profile email',
      nonce,
      max_age: '300',
    });
    const answer = oauth.validateAuthResponse(
      there,
      client,
      await authorizeHeadless(addressOf(there, parameters)),
      state,
    );
    const response = await oauth.authorizationCodeGrantRequest(
      there,
      client,
      auth,
      answer,
      redirectUri,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(there, client, response, {
      expectedNonce: nonce,
      maxAge: 300,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(there, response, insecure);
    const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
    const info = await oauth.processUserInfoResponse(
      there,
      client,
      sub,
      await oauth.userInfoRequest(there, client, tokens.access_token, insecure),
    );
    expect.soft(info.email).toContain('@');
    const refreshed = await oauth.processRefreshTokenResponse(
      there,
      client,
      await oauth.refreshTokenGrantRequest(there, client, auth, tokens.refresh_token!, insecure),
    );
    expect.soft(oauth.getValidatedIdTokenClaims(refreshed)!.sub).toBe(sub);
    const bye = await fetch(
      `${there.end_session_endpoint}?${new URLSearchParams({
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: after,
      })}`,
      { redirect: 'manual' },
    );
    expect.soft([bye.status, bye.headers.get('location')]).toEqual([302, after]);
  }
});

describe('a client known by its document', () => {
  let site: Server;
  let documentUrl: string;
  beforeAll(async () => {
    site = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          client_id: documentUrl,
          client_name: 'By document',
          redirect_uris: ['http://127.0.0.1/callback'],
          token_endpoint_auth_method: 'none',
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

  test('needs no registration, and takes any port of loopback', async () => {
    const client: oauth.Client = { client_id: documentUrl };
    const { verifier, state, parameters } = await request(client);
    const answer = oauth.validateAuthResponse(as, client, await authorizeHeadless(addressOf(as, parameters)), state);
    const tokens = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), answer, redirectUri, verifier, insecure),
    );
    expect(tokens.access_token).toBeTruthy();
    expect(tokens).not.toHaveProperty('refresh_token');
  });
});
