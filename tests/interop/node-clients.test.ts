/** Clients of others on a server of their own, as they come from npm: each is only told the issuer or the addresses. */
import type { Sandbox } from 'authwalk/testing';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Auth } from '@auth/core';
import PassportOAuth2 from 'passport-oauth2';
import PassportOpenIdConnect from 'passport-openidconnect';
import { AuthorizationCode, ClientCredentials } from 'simple-oauth2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pkce } from '#lib/testing/client.ts';
import { register, type RegisteredClient } from '../lib/http.ts';
import { type RunningServer, startServer } from '../lib/server.ts';
import { authorizeHeadless, redirectUri } from './redirect.ts';
import { failures } from './verdicts.ts';

const ADA = { auto_approve_email: 'ada@example.com', auto_approve_password: 'correct horse' };

let server: RunningServer;
let sandbox: Sandbox;
let client: RegisteredClient;
beforeAll(async () => {
  server = await startServer();
  sandbox = await server.sandbox({
    users: [{ email: 'ada@example.com', password: 'correct horse', claims: { name: 'Ada', groups: ['x'] } }],
  });
  // As most do: without a method and without grant types.
  client = await register(sandbox.issuer, { redirect_uris: [redirectUri, 'http://127.0.0.1:53682/auth/callback/aw'] });
});
afterAll(async () => {
  const { fails, passed } = await failures(server.made);
  await server.close();
  // passport-openidconnect knows no PKCE, which OAuth 2.1 §4.1.1 demands. It is shown twice.
  expect(fails).toEqual(Array(2).fill(expect.stringContaining(': authorize.pkce-challenge: ')));
  expect(passed).toBeGreaterThan(20);
});

test('Auth.js signs in, and its session knows the user', async () => {
  const origin = 'http://127.0.0.1:53682';
  const cookies = new Map<string, string>();
  const ask = async (path: string, form?: Record<string, string>) => {
    const answer = await Auth(
      new Request(new URL(path, origin), {
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
      }),
      {
        basePath: '/auth',
        secret: 's'.repeat(32),
        trustHost: true,
        providers: [
          {
            id: 'aw',
            name: 'Authwalk',
            type: 'oidc',
            issuer: sandbox.issuer,
            clientId: client.client_id,
            clientSecret: client.client_secret,
          },
        ],
      },
    );
    for (const line of (answer as Response).headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer as Response;
  };
  const { csrfToken } = (await (await ask('/auth/csrf')).json()) as { csrfToken: string };
  const begun = await ask('/auth/signin/aw', { csrfToken });
  const back = await authorizeHeadless(new URL(begun.headers.get('location')!), ADA);
  const signedIn = await ask(back.pathname + back.search);
  expect(signedIn.headers.get('location')).not.toContain('error');
  expect(await (await ask('/auth/session')).json()).toMatchObject({
    user: { name: 'Ada', email: 'ada@example.com' },
  });
});

/** Runs a strategy of passport as passport does: what it decides comes back as an outcome. */
function authenticate(
  strategy: object,
  request: object,
): Promise<{ redirect?: string; user?: unknown; failed?: unknown }> {
  return new Promise((resolve, reject) => {
    const run = Object.assign(Object.create(strategy), {
      redirect: (redirect: string) => resolve({ redirect }),
      success: (user: unknown) => resolve({ user }),
      fail: (failed: unknown) => resolve({ failed }),
      error: reject,
    });
    run.authenticate(request, {});
  });
}

test('passport-openidconnect signs in, with the claims of the ID token', async () => {
  const strategy = new PassportOpenIdConnect(
    {
      issuer: sandbox.issuer,
      authorizationURL: `${sandbox.issuer}/oauth/authorize`,
      tokenURL: `${sandbox.issuer}/oauth/token`,
      userInfoURL: `${sandbox.issuer}/oauth/userinfo`,
      clientID: client.client_id,
      clientSecret: client.client_secret,
      callbackURL: redirectUri,
      scope: ['profile', 'email'],
      skipUserProfile: true,
    },
    (_issuer, profile, done) => done(null, profile),
  );
  // It knows no PKCE: the sandbox has to allow that, and the refusal says so.
  const session = {};
  const { redirect } = await authenticate(strategy, { session, query: {}, headers: {} });
  const refused = await authorizeHeadless(new URL(redirect!), ADA);
  expect(refused.searchParams.get('error_description')).toContain('authorize.pkce');
  const lax = await server.sandbox({ config: { 'authorize.pkce': 'optional' } });
  const registered = await register(lax.issuer, { redirect_uris: [redirectUri] });
  const other = new PassportOpenIdConnect(
    {
      issuer: lax.issuer,
      authorizationURL: `${lax.issuer}/oauth/authorize`,
      tokenURL: `${lax.issuer}/oauth/token`,
      userInfoURL: `${lax.issuer}/oauth/userinfo`,
      clientID: registered.client_id,
      clientSecret: registered.client_secret,
      callbackURL: redirectUri,
      scope: ['profile', 'email'],
      skipUserProfile: true,
    },
    (_issuer, profile, done) => done(null, profile),
  );
  const begun = { session: {}, headers: {} };
  const { redirect: to } = await authenticate(other, { ...begun, query: {} });
  const back = await authorizeHeadless(new URL(to!), ADA);
  const { user } = await authenticate(other, { ...begun, query: Object.fromEntries(back.searchParams) });
  expect(user).toMatchObject({ displayName: 'ada', emails: [{ value: 'ada@example.com' }] });
});

test('passport-oauth2 gets tokens with PKCE and state', async () => {
  const strategy = new PassportOAuth2(
    {
      authorizationURL: `${sandbox.issuer}/oauth/authorize`,
      tokenURL: `${sandbox.issuer}/oauth/token`,
      clientID: client.client_id,
      clientSecret: client.client_secret,
      callbackURL: redirectUri,
      scope: 'notes:read offline_access',
      state: true,
      pkce: true,
    },
    (accessToken, refreshToken, _profile, done) => done(null, { accessToken, refreshToken }),
  );
  const begun = { session: {}, headers: {} };
  const { redirect } = await authenticate(strategy, { ...begun, query: {} });
  const back = await authorizeHeadless(new URL(redirect!), ADA);
  const { user } = await authenticate(strategy, { ...begun, query: Object.fromEntries(back.searchParams) });
  expect(user).toEqual({ accessToken: expect.stringMatching(/^ey/), refreshToken: expect.stringMatching(/.{20}/) });
});

test('simple-oauth2 redeems, refreshes and revokes, and asks in its own name', async () => {
  const options = {
    client: { id: client.client_id, secret: client.client_secret },
    auth: {
      tokenHost: new URL(sandbox.issuer).origin,
      authorizePath: `${new URL(sandbox.issuer).pathname}/oauth/authorize`,
      tokenPath: `${new URL(sandbox.issuer).pathname}/oauth/token`,
      revokePath: `${new URL(sandbox.issuer).pathname}/oauth/revoke`,
    },
  };
  const { verifier, challenge } = pkce();
  const code = new AuthorizationCode(options);
  const url = code.authorizeURL({
    redirect_uri: redirectUri,
    scope: 'notes:read offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const back = await authorizeHeadless(new URL(url), ADA);
  const first = await code.getToken({
    code: back.searchParams.get('code'),
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const second = await first.refresh();
  expect(second.token.refresh_token).not.toBe(first.token.refresh_token);
  await second.revokeAll();
  await expect(second.refresh()).rejects.toThrow();
  const machine = await register(sandbox.issuer, { redirect_uris: [], grant_types: ['client_credentials'] });
  const { tokenHost, tokenPath } = options.auth;
  const own = new ClientCredentials({
    client: { id: machine.client_id, secret: machine.client_secret },
    auth: { tokenHost, tokenPath },
  });
  expect((await own.getToken({ scope: 'read' })).token.scope).toBe('read');
});

test("the MCP Inspector's command line lists the tools, and calls one with a token", async () => {
  const bin = join(
    import.meta.dirname,
    '../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
  );
  const inspect = async (...more: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [bin, '--cli', ...more], {
      env: { ...process.env, MCP_CATALOG_PATH: '/nonexistent/none.json' },
      timeout: 60_000,
    });
    return stdout;
  };
  const listed = await inspect(sandbox.mcp.noAuth, '--transport', 'http', '--method', 'tools/list');
  expect(listed).toContain('"whoami"');
  const token = await sandbox.token({ as: 'ada@example.com', scope: 'notes:read' });
  const call = ['--transport', 'http', '--method', 'tools/call', '--tool-name', 'notes_list'];
  const called = await inspect(sandbox.mcp.oauth, ...call, '--header', `Authorization: Bearer ${token}`);
  expect(JSON.parse(called).structuredContent).toEqual({ notes: [], total: 0 });
});
