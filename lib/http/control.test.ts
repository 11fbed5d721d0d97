/** The control API: sandboxes, their clock, and what sets the stage of a test. */
import { describe, expect, it } from 'vitest';
import { form, json, testServer } from '#lib/server/testing.ts';
import {
  body,
  client,
  code,
  exchanges,
  type Made,
  make,
  openForTests,
  path,
  refresh,
  server,
  steer,
  tokens,
} from '../../tests/lib/control.ts';

openForTests();

describe('sandboxes', () => {
  it('is made as the contract says', async () => {
    const made = await make();
    expect(made).toHaveProperty('clients', []);
    expect(made).toMatchObject({
      id: expect.stringMatching(/^[A-Za-z0-9_-]{22,}$/),
      issuer: `http://localhost:3000/s/${made.id}`,
      control_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      mcp: {
        oauth: `http://localhost:3000/s/${made.id}/mcp`,
        bearer: `http://localhost:3000/s/${made.id}/bearer`,
        no_auth: `http://localhost:3000/s/${made.id}/no-auth`,
      },
      inspect_url: `http://localhost:3000/sandbox/${made.id}#control=${made.control_token}`,
    });
    expect(Math.abs(Date.parse(made.expires_at) - Date.now() - 86_400_000)).toBeLessThan(5_000);
  });

  it('wants its control token for everything else', async () => {
    const made = await make();
    const other = await make();
    for (const [method, rest] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/reset'],
      ['POST', '/clock'],
      ['GET', '/faults'],
      ['POST', '/faults'],
      ['GET', '/exchanges'],
      ['GET', '/stream'],
      ['GET', '/export?format=har'],
      ['POST', '/users'],
      ['POST', '/clients'],
      ['POST', '/tokens'],
      ['POST', '/keys/rotate'],
      ['PUT', '/keys'],
      ['POST', '/grants/x/revoke'],
      ['POST', '/shares'],
    ]) {
      for (const authorization of [undefined, 'Bearer wrong', `Bearer ${other.control_token}`]) {
        const response = await server.ask(`/api/sandboxes/${made.id}${rest}`, {
          method,
          headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        });
        expect.soft([method, rest, response.status]).toEqual([method, rest, 401]);
        expect.soft(response.headers.get('www-authenticate')).toContain('Bearer');
        expect
          .soft(await body(response))
          .toMatchObject({ error: 'invalid_token', error_description: expect.any(String) });
      }
    }
    expect((await server.ask('/api/sandboxes/nobody', { headers: { authorization: 'Bearer x' } })).status).toBe(404);
  });

  it('refuses knobs by name', async () => {
    const response = await server.ask(
      '/api/sandboxes',
      json({
        config: { refresh: { rotate: 'perhaps' }, nonsense: 1, stages: [{ after: { event: 'never', count: 1 } }] },
      }),
    );
    expect(response.status).toBe(400);
    const problem = await body<{ error: string; faults: { knob: string; problem: string }[] }>(response);
    expect(problem.error).toBe('invalid_config');
    expect(problem.faults.map(({ knob, problem: what }) => [knob, what])).toEqual([
      ['refresh.rotate', 'invalid'],
      ['nonsense', 'unknown'],
      ['stages', 'invalid'],
    ]);
    for (const stages of [
      [{ after: { event: 'never', count: 1 } }],
      [{ after: { event: 'register', count: 0 } }],
      [{ after: { event: 'register', count: 1 }, set: { nonsense: 1 } }],
      [{ after: { event: 'register', count: 1 }, do: ['explode'] }],
    ]) {
      expect.soft(await body(await server.ask('/api/sandboxes', json({ config: { stages } })))).toMatchObject({
        error: 'invalid_config',
      });
    }
    for (const wrong of [
      [],
      'x',
      { ttl: 0 },
      { ttl: 604_801 },
      { ttl: '5' },
      { scenario: 'no-such-thing' },
      { seed: { users: [{}] } },
      { seed: { clients: [{ client_id: 'x', jwks_uri: 'ftp://keys.example/' }] } },
      { seed: { clients: [{ client_id: 'x', jwks_uri: 'https://user:pw@keys.example/' }] } },
      { more: 1 },
    ]) {
      const refused = await server.ask('/api/sandboxes', json(wrong));
      expect.soft([JSON.stringify(wrong), refused.status]).toEqual([JSON.stringify(wrong), 400]);
      expect
        .soft(await body(refused))
        .toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
    }
  });

  it('is put into a scenario by name, under its own configuration', async () => {
    const { scenarios } = await body<{ scenarios: { id: string; built: boolean }[] }>(
      await server.ask('/api/scenarios'),
    );
    expect(scenarios.find(({ id }) => id === 'prm-invalid-json')?.built).toBe(true);
    const made = await make({ scenario: 'prm-invalid-json' });
    const prm = () => server.ask(`/.well-known/oauth-protected-resource${path(made)}/mcp`);
    expect((await prm()).headers.get('content-type')).toBe('text/html');
    expect(
      (await body<{ scenario: string }>(await steer(made, 'PATCH', '', { scenario: 'code-expired' }))).scenario,
    ).toBe('code-expired');
    expect((await prm()).headers.get('content-type')).toContain('json');
    const id = await client(made);
    const spend = async () => {
      const got = await code(made, id);
      return (
        await server.ask(
          `${path(made)}/oauth/token`,
          form({ grant_type: 'authorization_code', client_id: id, code: got.code, code_verifier: got.verifier }),
        )
      ).status;
    };
    expect(await spend()).toBe(400);
    await steer(made, 'PATCH', '', { config: { 'code.lifetime': 60 } });
    expect(await spend()).toBe(200);
    await steer(made, 'PATCH', '', { scenario: null });
    expect(
      await body(await server.ask('/api/sandboxes', json({ scenario: '2025-03-26-oauth-endpoint-fallback' }))),
    ).toMatchObject({ error: 'not_built' });
    expect(await body(await steer(made, 'PATCH', '', { scenario: 'nothing' }))).toMatchObject({
      error: 'unknown_scenario',
    });
  });

  it('starts every scenario that is built', async () => {
    const { scenarios } = await body<{ scenarios: { id: string; built: boolean }[] }>(
      await server.ask('/api/scenarios'),
    );
    for (const { id } of scenarios.filter(({ built }) => built)) {
      const made = await make({ scenario: id });
      for (const at of [
        `/.well-known/oauth-authorization-server${path(made)}`,
        `/.well-known/openid-configuration${path(made)}`,
        `${path(made)}/.well-known/jwks.json`,
      ]) {
        const response = await server.ask(at);
        expect.soft([200, 302, 404, 503], `${id} ${at}`).toContain(response.status);
      }
    }
  });

  it('merges what PATCH brings', async () => {
    const made = await make({ config: { 'refresh.rotate': false } });
    const changed = await body<{ config: Record<string, unknown>; ttl: number }>(
      await steer(made, 'PATCH', '', { config: { code: { lifetime: 5 } }, ttl: 600 }),
    );
    expect(changed.config).toEqual({ 'refresh.rotate': false, 'code.lifetime': 5 });
    expect(changed.ttl).toBe(600);
  });

  it('is gone when it is deleted, and when its time is over', async () => {
    const made = await make();
    expect((await steer(made, 'DELETE', '')).status).toBe(204);
    expect((await server.ask(path(made))).status).toBe(404);
    expect((await steer(made, 'GET', '')).status).toBe(404);

    let now = Date.now();
    const timed = await testServer({}, { wall: () => now });
    const short = await make({ ttl: 60 }, timed);
    now += 50_000;
    expect((await timed.ask(path(short))).status).toBe(200);
    now += 61_000;
    expect((await timed.ask(path(short))).status).toBe(404);
    await timed.close();
  });

  it.each([
    ['ü'.repeat(2048), 201],
    [`${'ü'.repeat(2048)}a`, 400],
  ])('is seeded with notes of 4 KiB at most', async (text, status) => {
    const response = await server.ask('/api/sandboxes', json({ seed: { notes: [{ text }] } }));
    expect(response.status).toBe(status);
  });

  it('begins with what it is seeded with', async () => {
    const made = await make({
      config: {
        clients: [{ client_id: 'made-here', auth_method: 'client_secret_basic', grant_types: ['client_credentials'] }],
      },
      seed: {
        users: [{ email: 'ada@example.com', password: 'lovelace', claims: { name: 'Ada' } }],
        clients: [
          {
            client_id: 'mine',
            auth_method: 'client_secret_post',
            client_secret: 'shh',
            grant_types: ['client_credentials'],
            redirect_uris: ['http://localhost:7/cb'],
          },
        ],
      },
    });
    expect(made.clients).toMatchObject([
      { client_id: 'made-here', client_secret: expect.any(String), redirect_uris: [] },
      { client_id: 'mine', client_secret: 'shh', redirect_uris: ['http://localhost:7/cb'] },
    ]);
    const token = await server.ask(
      `${path(made)}/oauth/token`,
      form({ grant_type: 'client_credentials', client_id: 'mine', client_secret: 'shh' }),
    );
    expect([token.status, await token.clone().text()]).toEqual([200, expect.any(String)]);
    const users = await body<{ users: { email: string }[] }>(await steer(made, 'GET', '/users'));
    expect(users.users.map(({ email }) => email)).toEqual(['ada@example.com']);
    await steer(made, 'POST', '/clock', { advance: 3600 });
    await steer(made, 'POST', '/clock', { freeze: true });
    const reset = await body<{ clients: unknown[]; clock: object }>(await steer(made, 'POST', '/reset'));
    expect(reset.clock).toMatchObject({ offset: 0, frozen: false });
    expect(reset.clients).toEqual([made.clients?.[0]]);
  });

  it('seeds the preset of node-oauth2-server', async () => {
    const made = await make({ config: { preset: 'node-oauth2-server' } });
    const token = await server.ask(`${path(made)}/oauth/token`, {
      method: 'POST',
      body: 'grant_type=password&username=pedroetb&password=password',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${btoa('application:secret')}`,
      },
    });
    expect([token.status, await token.clone().text()]).toEqual([200, expect.stringContaining('access_token')]);
  });

  it('takes a client at its identity provider, if there is one', async () => {
    const secret = { client_id: 'desk', client_secret: 's3cret', grant_types: ['token-exchange'] };
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' };
    const ask = async (made: Made) => {
      const known = form({ ...grant, client_id: 'desk', client_secret: 's3cret' });
      return (await body(await server.ask(`${path(made)}/idp/oauth/token`, known))).error;
    };
    const plain = await make();
    expect((await steer(plain, 'POST', '/clients?issuer=idp', secret)).status).toBe(400);
    const made = await make({ config: { issuers: ['idp'] } });
    expect(await ask(made)).toBe('invalid_client');
    const entered = { ...secret, token_endpoint_auth_method: 'client_secret_post' };
    expect((await steer(made, 'POST', '/clients?issuer=idp', entered)).status).toBe(201);
    expect(await ask(made)).toBe('invalid_request');
    expect((await body<{ clients: unknown[] }>(await steer(made, 'GET', '/clients'))).clients).toEqual([]);
  });

  it('keeps to itself', async () => {
    const [one, two] = [await make(), await make()];
    const id = await client(one);
    const { access_token, refresh_token } = await tokens(one, id);
    expect((await refresh(two, id, refresh_token)).status).toBe(401);
    expect(
      (await server.ask(`${path(two)}/oauth/userinfo`, { headers: { authorization: `Bearer ${access_token}` } }))
        .status,
    ).toBe(401);
    expect(await exchanges(two)).toHaveLength(2);
    expect((await exchanges(one)).every(({ request }) => request.url.includes(one.id))).toBe(true);
  });

  it('lets the operator in by the admin token alone, where one is set', async () => {
    const guarded = await testServer({ AUTHWALK_ADMIN_TOKEN: 'a-token-of-the-operator' });
    expect((await guarded.ask('/api/sandboxes/default')).status).toBe(401);
    expect(
      (await guarded.ask('/api/sandboxes/default', { headers: { authorization: 'Bearer a-token-of-the-operator' } }))
        .status,
    ).toBe(200);
    await guarded.close();
    expect((await server.ask('/api/sandboxes/default')).status).toBe(200);
    expect((await server.ask('/api/sandboxes/default', { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(
      200,
    );
    expect((await server.ask('/api/sandboxes/default', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(
      401,
    );
    const open = await testServer({ PUBLIC_URL: 'https://walk.example' });
    expect((await open.ask('/api/sandboxes/default')).status).toBe(401);
    await open.close();
  });
});

describe('the clock', () => {
  it('rules codes and tokens', async () => {
    const made = await make();
    const id = await client(made);
    const got = await code(made, id);
    const moved = await body<{ now: string; offset: number }>(await steer(made, 'POST', '/clock', { advance: 61 }));
    expect(moved.offset).toBeCloseTo(61, 0);
    const late = await server.ask(
      `${path(made)}/oauth/token`,
      form({ grant_type: 'authorization_code', client_id: id, code: got.code, code_verifier: got.verifier }),
    );
    expect(await body(late)).toMatchObject({ error: 'invalid_grant' });
    const { access_token } = await tokens(made, id);
    const call = () =>
      server.ask(`${path(made)}/api/resource`, { headers: { authorization: `Bearer ${access_token}` } });
    expect((await call()).status).toBe(200);
    await steer(made, 'POST', '/clock', { advance: 3700 });
    expect((await call()).status).toBe(401);
    await steer(made, 'POST', '/clock', { reset: true });
    expect((await call()).status).toBe(200);
  });

  it('stands still, and goes where it is set', async () => {
    const made = await make();
    await steer(made, 'POST', '/clock', { set: '2030-01-01T00:00:00Z' });
    const frozen = await body<{ now: string; frozen: boolean }>(await steer(made, 'POST', '/clock', { freeze: true }));
    expect(frozen.frozen).toBe(true);
    expect(frozen.now).toMatch(/^2030-01-01T00:00:0/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await body<{ clock: { now: string } }>(await steer(made, 'GET', ''))).clock.now).toBe(frozen.now);
    for (const wrong of [
      {},
      { advance: 'x' },
      { set: 'tomorrow' },
      { freeze: true, reset: true },
      null,
      { advance: 1e12 },
    ])
      expect.soft((await steer(made, 'POST', '/clock', wrong)).status).toBe(400);
  });
});

describe('changes that come at once', () => {
  it('of parallel moves of the clock none is lost', async () => {
    const made = await make();
    await steer(made, 'POST', '/clock', { freeze: true });
    const before = Date.parse((await body<{ clock: { now: string } }>(await steer(made, 'GET', ''))).clock.now);
    const moves = await Promise.all(Array.from({ length: 25 }, () => steer(made, 'POST', '/clock', { advance: 60 })));
    expect(moves.map(({ status }) => status)).toEqual(moves.map(() => 200));
    expect(Date.parse((await body<{ clock: { now: string } }>(await steer(made, 'GET', ''))).clock.now) - before).toBe(
      25 * 60_000,
    );
  });

  it('of parallel changes of the configuration none is lost', async () => {
    const made = await make();
    const knobs = {
      'code.lifetime': 30,
      'refresh.grace': 5,
      'device.interval': 7,
      'keys.overlap': 9,
      'par.required': true,
    };
    await Promise.all(
      Object.entries(knobs).map(([name, value]) => steer(made, 'PATCH', '', { config: { [name]: value } })),
    );
    expect((await body<{ config: unknown }>(await steer(made, 'GET', ''))).config).toEqual(knobs);
  });

  it('two that make the same user: both are answered, and nobody sees the database', async () => {
    const made = await make();
    const answers = await Promise.all([1, 2].map(() => steer(made, 'POST', '/users', { email: 'ada@example.com' })));
    for (const { status } of answers) expect.soft([201, 409]).toContain(status);
    expect((await body<{ users: unknown[] }>(await steer(made, 'GET', '/users'))).users).toHaveLength(1);
  });
});

describe('the stage', () => {
  it('has users with claims, tokens without a flow, keys and grants', async () => {
    const made = await make();
    expect(
      (await steer(made, 'POST', '/users', { email: 'ada@example.com', password: 'lovelace', claims: { name: 'Ada' } }))
        .status,
    ).toBe(201);
    const issued = await body<{ access_token: string }>(
      await steer(made, 'POST', '/tokens', { email: 'ada@example.com', scope: 'openid profile' }),
    );
    const userinfo = await server.ask(`${path(made)}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${issued.access_token}` },
    });
    expect(await body(userinfo)).toMatchObject({ name: 'Ada' });
    const before = (await body<{ keys: { kid: string }[] }>(await server.ask(`${path(made)}/.well-known/jwks.json`)))
      .keys.length;
    expect((await steer(made, 'POST', '/keys/rotate')).status).toBe(200);
    expect(
      (await body<{ keys: unknown[] }>(await server.ask(`${path(made)}/.well-known/jwks.json`))).keys.length,
    ).toBeGreaterThan(before);
    expect((await steer(made, 'PUT', '/keys', { keys: [{ kty: 'oct', k: 'AA' }] })).status).toBe(400);
    const id = await client(made);
    const got = await tokens(made, id);
    const { grants } = await body<{ grants: { id: string; refresh_tokens: unknown[] }[] }>(
      await steer(made, 'GET', '/grants'),
    );
    expect(grants[0]?.refresh_tokens).toHaveLength(1);
    expect((await steer(made, 'POST', `/grants/${grants[0]?.id}/revoke`)).status).toBe(200);
    expect((await refresh(made, id, got.refresh_token)).status).toBe(400);
    expect((await steer(made, 'POST', '/grants/nobody/revoke')).status).toBe(404);
  });
});
