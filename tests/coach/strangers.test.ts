/** Clients of others in generic flows: none of them breaks a rule. */
import * as oauth from 'oauth4webapi';
import { OidcClient, WebStorageStateStore } from 'oidc-client-ts';
import * as openid from 'openid-client';
import { createRequire } from 'node:module';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Json } from '../lib/sandbox.ts';
import { startServer } from '../lib/server.ts';
import { control, makeSandbox } from './grading.ts';
import { inProcess } from './sdk.ts';
import { instance, openForTests, time } from './opened.ts';

const REDIRECT = 'http://127.0.0.1:8765/callback';
let made: Json;
let ask: typeof fetch;

openForTests();
beforeAll(() => {
  ask = inProcess(instance, time, 'stranger/1');
});
beforeEach(async () => {
  made = await makeSandbox(instance, {});
});

async function register(metadata: Json = {}): Promise<Json> {
  const response = await ask(`${made.issuer}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Stranger',
      redirect_uris: [REDIRECT],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      ...metadata,
    }),
  });
  return response.json();
}

/** The user's browser: with consent given in advance the answer comes at once. */
async function browse(url: string | URL): Promise<URL> {
  const response = await ask(url, {
    redirect: 'manual',
    headers: { 'user-agent': 'browser/1', accept: 'text/html', 'sec-fetch-mode': 'navigate' },
  });
  return new URL(response.headers.get('location') ?? 'about:blank');
}

async function failsNothing(atLeast: number): Promise<void> {
  const report = await control(instance, made, '/report?final=1');
  const fails = report.verdicts.filter((one: Json) => one.verdict === 'fail');
  expect(fails.map((one: Json) => `${one.rule}: ${one.says}`).join('\n')).toBe('');
  expect(report.summary.must.pass).toBeGreaterThan(atLeast);
}

test('openid-client fails nothing', async () => {
  const { client_id } = await register({ token_endpoint_auth_method: 'none' });
  const config = await openid.discovery(new URL(made.issuer), client_id, undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
    [openid.customFetch]: ask as never,
  });
  config[openid.customFetch] = ask as never;
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT,
    scope: 'openid notes:read',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  const tokens = await openid.authorizationCodeGrant(config, await browse(url), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  await openid.refreshTokenGrant(config, tokens.refresh_token!);
  await failsNothing(12);
});

test('oauth4webapi fails nothing', async () => {
  const registered = await register({ token_endpoint_auth_method: 'client_secret_basic' });
  const options = { [oauth.customFetch]: ask as never, [oauth.allowInsecureRequests]: true };
  const issuer = new URL(made.issuer);
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options }),
  );
  const client: oauth.Client = { client_id: registered.client_id };
  const authentication = oauth.ClientSecretBasic(registered.client_secret);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint!);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'notes:read',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  const answer = oauth.validateAuthResponse(as, client, await browse(url), state);
  const tokens = await oauth.processAuthorizationCodeResponse(
    as,
    client,
    await oauth.authorizationCodeGrantRequest(as, client, authentication, answer, REDIRECT, verifier, options),
  );
  await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token!, options),
  );
  await failsNothing(12);
});

test('oidc-client-ts fails nothing', async () => {
  const { client_id } = await register({ token_endpoint_auth_method: 'none' });
  vi.stubGlobal('fetch', ask);
  const kept = new Map<string, string>();
  const storage: Json = {
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
    clear: () => kept.clear(),
  };
  try {
    const client = new OidcClient({
      authority: made.issuer,
      client_id,
      redirect_uri: REDIRECT,
      scope: 'openid notes:read',
      stateStore: new WebStorageStateStore({ store: storage }),
    });
    const request = await client.createSigninRequest({});
    const back = await browse(request.url);
    const answer = await client.processSigninResponse(back.href);
    expect(answer.access_token).toBeTruthy();
  } finally {
    vi.unstubAllGlobals();
  }
  await failsNothing(10);
});

test('simple-oauth2 fails nothing', async () => {
  // It sends its requests itself, and brings no types.
  const { AuthorizationCode } = createRequire(import.meta.url)('simple-oauth2') as Json;
  const server = await startServer();
  try {
    const post = async (path: string, body: Json): Promise<Json> =>
      (
        await fetch(`${server.origin}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json();
    const sandbox = await post('/api/sandboxes', { config: { 'consent.outcome': 'approve', 'cimd.support': false } });
    const path = new URL(sandbox.issuer).pathname;
    const { client_id, client_secret } = await post(`${path}/oauth/register`, {
      client_name: 'Stranger',
      redirect_uris: [REDIRECT],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const client = new AuthorizationCode({
      client: { id: client_id, secret: client_secret },
      auth: { tokenHost: server.origin, tokenPath: `${path}/oauth/token`, authorizePath: `${path}/oauth/authorize` },
    });
    const code_verifier = oauth.generateRandomCodeVerifier();
    const url = client.authorizeURL({
      redirect_uri: REDIRECT,
      scope: ['notes:read', 'notes:write'],
      state: oauth.generateRandomState(),
      code_challenge: await oauth.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
    });
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '';
    const token = await client.getToken({
      code: new URL(location).searchParams.get('code'),
      redirect_uri: REDIRECT,
      code_verifier,
    });
    await token.refresh();
    const answer = await fetch(`${server.origin}/api/sandboxes/${sandbox.id}/report?final=1`, {
      headers: { authorization: `Bearer ${sandbox.control_token}` },
    });
    const report: Json = await answer.json();
    expect(
      report.verdicts
        .filter((one: Json) => one.verdict === 'fail')
        .map((one: Json) => `${one.rule}: ${one.says}`)
        .join('\n'),
    ).toBe('');
    expect(report.summary.must.pass).toBeGreaterThan(12);
  } finally {
    await server.close();
  }
});
