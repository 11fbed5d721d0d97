/**
 * The API page of the Rust OAuth2 server, request by request, in its own words: paths, parameters and bodies are the
 * page's; host and port are this server's. Its client, user and password grant are set up at the root.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '#lib/server/testing.ts';

const ADMIN = 'admin-token-of-the-operator';
const CALLBACK = 'http://localhost:3000/callback';
let server: TestServer;
beforeAll(async () => {
  server = await testServer({
    AUTHWALK_ADMIN_TOKEN: ADMIN,
    AUTHWALK_DEFAULT_CONFIG: JSON.stringify({
      config: { preset: 'rust-oauth2-server', legacyGrants: true },
      seed: {
        clients: [
          {
            client_id: 'abc123',
            client_secret: 'secret123',
            redirect_uris: [CALLBACK],
            grant_types: ['authorization_code', 'client_credentials', 'refresh_token', 'password'],
            scope: 'read write profile',
          },
        ],
        users: [{ email: 'user@example.com', password: 'password123' }],
      },
    }),
  });
});
afterAll(() => server.close());

type Body = Readonly<Record<string, unknown>>;
const bodyOf = async (answer: Response): Promise<Body> => (await answer.json()) as Body;
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  server.ask(path, {
    method: 'POST',
    body: body.replaceAll(/\s*\n\s*/g, ''),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

/** The page's authorization request, answered by its user. */
async function authCode(more = '&auto_approve_email=user@example.com&auto_approve_password=password123') {
  const asked =
    '/oauth/authorize?response_type=code&client_id=abc123&redirect_uri=http://localhost:3000/callback' +
    '&scope=read%20write&state=xyz789';
  return await server.ask(asked + more);
}
const codeOf = (answer: Response): string => new URL(answer.headers.get('location')!).searchParams.get('code')!;
const codeGrant = (code: string) =>
  post(
    '/oauth/token',
    `grant_type=authorization_code&
     code=${code}&
     redirect_uri=http://localhost:3000/callback&
     client_id=abc123&
     client_secret=secret123`,
  );

describe('OAuth2 endpoints of the page', () => {
  it('authorization without PKCE: 302 to the redirect URI with code and state', async () => {
    const answer = await authCode();
    expect(answer.status).toBe(302);
    const to = new URL(answer.headers.get('location')!);
    expect(to.origin + to.pathname).toBe(CALLBACK);
    expect(to.searchParams.get('state')).toBe('xyz789');
    expect(to.searchParams.get('code')).toBeTruthy();
    // A person is asked first.
    expect((await authCode('')).headers.get('location')).toContain('/consent/');
  });

  it('code_challenge_method plain: the verifier is compared as it stands', async () => {
    const verifier = 'x'.repeat(43);
    const more = `&code_challenge=${verifier}&code_challenge_method=plain&auto_approve=true`;
    const redeem = async (code_verifier: string) => {
      const client = 'client_id=abc123&client_secret=secret123';
      const form = `grant_type=authorization_code&${client}&code_verifier=${code_verifier}`;
      return (await post('/oauth/token', `${form}&code=${codeOf(await authCode(more))}`)).status;
    };
    expect([await redeem(verifier), await redeem('y'.repeat(43))]).toEqual([200, 400]);
  });

  it('authorization code grant: the members of the page’s answer', async () => {
    const answer = await codeGrant(codeOf(await authCode()));
    expect(answer.status).toBe(200);
    expect(await bodyOf(answer)).toMatchObject({
      access_token: expect.stringMatching(/^eyJ/),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
      scope: 'read write',
    });
  });

  it('client credentials grant, and by Basic', async () => {
    const answer = await post(
      '/oauth/token',
      `grant_type=client_credentials&
       client_id=abc123&
       client_secret=secret123&
       scope=read`,
    );
    expect(await bodyOf(answer)).toMatchObject({ token_type: 'Bearer', scope: 'read' });
    const basic = { authorization: 'Basic YWJjMTIzOnNlY3JldDEyMw==' };
    expect((await post('/oauth/token', 'grant_type=client_credentials', basic)).status).toBe(200);
  });

  it('refresh token grant', async () => {
    const { refresh_token } = await bodyOf(await codeGrant(codeOf(await authCode())));
    const answer = await post(
      '/oauth/token',
      `grant_type=refresh_token&
       refresh_token=${refresh_token}&
       client_id=abc123&
       client_secret=secret123`,
    );
    expect(await bodyOf(answer)).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
  });

  it('password grant, where legacyGrants is on', async () => {
    const answer = await post(
      '/oauth/token',
      `grant_type=password&
       username=user@example.com&
       password=password123&
       client_id=abc123&
       client_secret=secret123`,
    );
    expect([answer.status, await bodyOf(answer)]).toMatchObject([200, { token_type: 'Bearer' }]);
  });

  it('an unknown code: invalid_grant', async () => {
    const answer = await codeGrant('AUTH_CODE');
    expect([answer.status, await bodyOf(answer)]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('introspection and revocation: active with the members of the page, then inactive', async () => {
    const { access_token } = await bodyOf(await codeGrant(codeOf(await authCode())));
    const with_ = `token=${access_token}&client_id=abc123&client_secret=secret123`;
    const live = await bodyOf(await post('/oauth/introspect', with_));
    expect(live).toMatchObject({
      active: true,
      scope: 'read write',
      client_id: 'abc123',
      username: 'user@example.com',
      sub: expect.any(String),
    });
    expect((live.exp as number) - (live.iat as number)).toBe(3600);
    const resource = await server.ask('/api/resource', { headers: { authorization: `Bearer ${access_token}` } });
    expect(resource.status).toBe(200);
    expect((await post('/oauth/revoke', `${with_}&token_type_hint=access_token`)).status).toBe(200);
    expect(await bodyOf(await post('/oauth/introspect', with_))).toEqual({ active: false });
  });

  it('client registration with the page’s body, and its answer', async () => {
    const asked = {
      client_name: 'My Application',
      redirect_uris: ['http://localhost:3000/callback', 'http://localhost:3000/silent-renew'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read write profile',
    };
    const answer = await server.ask('/clients/register', {
      method: 'POST',
      body: JSON.stringify(asked),
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(201);
    const body = await bodyOf(answer);
    expect(body).toMatchObject({ ...asked, client_id: expect.any(String), client_secret: expect.any(String) });
    expect(new Date(String(body.created_at)).toISOString().slice(0, 19)).toBe(String(body.created_at).slice(0, 19));
  });

  it('OpenID configuration: what the page names, but for ID tokens signed HS256', async () => {
    const body = await bodyOf(await server.ask('/.well-known/openid-configuration'));
    const base = 'http://localhost:3000';
    expect(body).toMatchObject({
      issuer: base,
      authorization_endpoint: `${base}/oauth/authorize`,
      token_endpoint: `${base}/oauth/token`,
      introspection_endpoint: `${base}/oauth/introspect`,
      revocation_endpoint: `${base}/oauth/revoke`,
      jwks_uri: `${base}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      code_challenge_methods_supported: ['S256', 'plain'],
    });
    for (const [member, of] of [
      ['grant_types_supported', ['authorization_code', 'client_credentials', 'refresh_token', 'password']],
      ['scopes_supported', ['read', 'write', 'profile', 'email']],
      ['token_endpoint_auth_methods_supported', ['client_secret_post', 'client_secret_basic']],
    ] as const)
      expect(body[member]).toEqual(expect.arrayContaining([...of]));
    expect(body.id_token_signing_alg_values_supported).not.toContain('HS256');
  });
});

describe('the other endpoints of the page', () => {
  it('health, readiness and metrics', async () => {
    const health = await bodyOf(await server.ask('/health'));
    expect(Object.keys(health).sort()).toEqual(['database', 'status', 'timestamp', 'version']);
    expect(health).toMatchObject({ status: 'healthy', database: 'connected' });
    const ready = await bodyOf(await server.ask('/ready'));
    expect(Object.keys(ready).sort()).toEqual(['database', 'ready', 'timestamp']);
    expect(ready).toMatchObject({ ready: true, database: 'ready' });
    expect(await (await server.ask('/metrics')).text()).toMatch(/^# HELP /m);
  });

  it('events: health, accepted and duplicate, with the members of the page and no others', async () => {
    const health = await bodyOf(await server.ask('/events/health'));
    expect(health).toEqual({ enabled: true, plugins: [{ name: 'webhooks', healthy: true }] });
    const told = async () => {
      const event = { event: { id: '550e8400-e29b-41d4-a716-446655440000', event_type: 'user_registered' } };
      const answer = await server.ask('/events/ingest', {
        method: 'POST',
        body: JSON.stringify({ ...event, id: event.event.id }),
        headers: { 'content-type': 'application/json', 'idempotency-key': 'your-key' },
      });
      return await bodyOf(answer);
    };
    const same = { idempotency_key: 'your-key', event_id: '550e8400-e29b-41d4-a716-446655440000' };
    expect(await told()).toEqual({ status: 'accepted', ...same });
    expect(await told()).toEqual({ status: 'duplicate', ...same });
  });

  it.each(['google', 'microsoft', 'github'])(
    'sign-in by %s leads to the provider, and the way back is there',
    async (name) => {
      const answer = await server.ask(`/auth/login/${name}`);
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toContain('state=');
      expect((await server.ask(`/auth/callback/${name}`)).status).toBe(400);
    },
  );

  it('logout: 302 to /auth/login', async () => {
    const answer = await server.ask('/auth/logout', { method: 'POST' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/auth/login']);
  });

  it('rate limits: ten authorizations an address, twenty tokens a client, and the page’s answer', async () => {
    const made = await server.ask('/api/sandboxes', {
      method: 'POST',
      body: JSON.stringify({ config: { preset: 'rust-oauth2-server' } }),
      headers: { 'content-type': 'application/json' },
    });
    const { id } = (await made.json()) as { id: string };
    const statuses = async (count: number, ask: () => Promise<Response>) => {
      const all: Response[] = [];
      for (let at = 0; at < count; at += 1) all.push(await ask());
      return [all.filter(({ status }) => status !== 429).length, all.at(-1)!] as const;
    };
    const [authorized] = await statuses(11, () => server.ask(`/s/${id}/oauth/authorize?client_id=abc123`));
    expect(authorized).toBe(10);
    const form = 'grant_type=client_credentials&client_id=abc123';
    const [given, refused] = await statuses(21, () => post(`/s/${id}/oauth/token`, form));
    expect(given).toBe(20);
    expect(await bodyOf(refused)).toMatchObject({
      error: 'rate_limit_exceeded',
      error_description: expect.stringMatching(/./),
    });
    const [introspected] = await statuses(101, () => post(`/s/${id}/oauth/introspect`, 'token=x&client_id=abc123'));
    expect(introspected).toBe(100);
    const [others] = await statuses(101, () => server.ask(`/s/${id}/.well-known/jwks.json`));
    expect(others).toBe(100);
  });
});

describe('error responses of the page', () => {
  it.each<[string, number, string, string]>([
    ['invalid_request', 400, '/oauth/token', 'client_id=abc123&client_secret=secret123'],
    ['invalid_client', 401, '/oauth/token', 'grant_type=client_credentials&client_id=abc123&client_secret=wrong'],
    [
      'invalid_grant',
      400,
      '/oauth/token',
      'grant_type=refresh_token&refresh_token=wrong&client_id=abc123&client_secret=secret123',
    ],
    [
      'unauthorized_client',
      400,
      '/oauth/token',
      'grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x&client_id=abc123&client_secret=secret123',
    ],
    ['unsupported_grant_type', 400, '/oauth/token', 'grant_type=magic&client_id=abc123&client_secret=secret123'],
    [
      'invalid_scope',
      400,
      '/oauth/token',
      'grant_type=client_credentials&scope=unheard-of&client_id=abc123&client_secret=secret123',
    ],
  ])('%s is %i', async (error, status, path, body) => {
    const answer = await post(path, body);
    expect([answer.status, await bodyOf(answer)]).toMatchObject([
      status,
      { error, error_description: expect.any(String) },
    ]);
  });

  it.each([
    ['server_error', 500],
    ['temporarily_unavailable', 503],
  ])('%s is %i, as a fault', async (error, status) => {
    const fault = { endpoint: 'token', times: 1, effect: { error } };
    const made = await server.ask('/api/sandboxes/default/faults', {
      method: 'POST',
      body: JSON.stringify(fault),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN}` },
    });
    expect(made.status).toBe(201);
    const answer = await post('/oauth/token', 'grant_type=client_credentials');
    expect([answer.status, await bodyOf(answer)]).toMatchObject([status, { error }]);
  });
});
