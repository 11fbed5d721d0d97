import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '#lib/exchange/types.ts';
import { form, json, testServer } from '#lib/server/testing.ts';

let server: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

/** Others' validator of HAR 1.2, by its schema. */
const validHar = ((await import('har-validator' as string)) as { har: (har: unknown) => Promise<unknown> }).har;

interface Made {
  readonly id: string;
  readonly issuer: string;
  readonly control_token: string;
  readonly mcp: Record<string, string>;
  readonly inspect_url: string;
  readonly expires_at: string;
  readonly clients?: Record<string, unknown>[];
}

const body = async <T = Record<string, unknown>>(response: Response) => (await response.json()) as T;
const path = (made: Made) => `/s/${made.id}`;

async function make(input: Record<string, unknown> = {}, on = server): Promise<Made> {
  const response = await on.ask('/api/sandboxes', json(input));
  expect([response.status, response.status === 201 ? '' : await response.clone().text()]).toEqual([201, '']);
  return body<Made>(response);
}

function steer(made: Made, method: string, rest: string, value?: unknown, on = server): Promise<Response> {
  return on.ask(
    `/api/sandboxes/${made.id}${rest}`,
    value === undefined
      ? { method, headers: { authorization: `Bearer ${made.control_token}` } }
      : json(value, method, { authorization: `Bearer ${made.control_token}` }),
  );
}

async function exchanges(made: Made, query = '', on = server): Promise<Exchange[]> {
  return (await body<{ exchanges: Exchange[] }>(await steer(made, 'GET', `/exchanges${query}`, undefined, on)))
    .exchanges;
}

async function client(made: Made): Promise<string> {
  const response = await server.ask(
    `${path(made)}/oauth/register`,
    json({
      redirect_uris: ['http://localhost:7/cb'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    }),
  );
  return (await body<{ client_id: string }>(response)).client_id;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

async function code(made: Made, clientId: string): Promise<{ code: string; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    auto_approve: 'true',
  });
  const response = await server.ask(`${path(made)}/oauth/authorize?${query}`);
  expect(response.status).toBe(302);
  return { code: new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '', verifier };
}

async function tokens(made: Made, clientId: string): Promise<Tokens> {
  const got = await code(made, clientId);
  const response = await server.ask(
    `${path(made)}/oauth/token`,
    form({ grant_type: 'authorization_code', client_id: clientId, code: got.code, code_verifier: got.verifier }),
  );
  expect(response.status).toBe(200);
  return body<Tokens>(response);
}

const refresh = (made: Made, clientId: string, token: string) =>
  server.ask(
    `${path(made)}/oauth/token`,
    form({ grant_type: 'refresh_token', client_id: clientId, refresh_token: token }),
  );

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

describe('faults', () => {
  it('acts on the nth match, as often as it says', async () => {
    const made = await make();
    const id = await client(made);
    const made2 = await steer(made, 'POST', '/faults', {
      endpoint: 'token',
      match: { grant_type: 'refresh_token' },
      nth: 2,
      times: 1,
      effect: { status: 503, error: 'temporarily_unavailable', headers: { 'Retry-After': '7' } },
    });
    expect(made2.status).toBe(201);
    let { refresh_token } = await tokens(made, id);
    ({ refresh_token } = await body<Tokens>(await refresh(made, id, refresh_token)));
    const refused = await refresh(made, id, refresh_token);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(await body(refused)).toMatchObject({ error: 'temporarily_unavailable' });
    expect((await refresh(made, id, refresh_token)).status).toBe(200);
    const [fault] = (await body<{ faults: { matched: number; acted: number }[] }>(await steer(made, 'GET', '/faults')))
      .faults;
    expect(fault).toMatchObject({ matched: 3, acted: 1 });
    const acted = (await exchanges(made)).filter((exchange) => exchange.acted.length > 0);
    expect(acted).toHaveLength(1);
    expect(acted[0]?.response?.status).toBe(503);
  });

  it('loses an answer after the server acted', async () => {
    const made = await make();
    const id = await client(made);
    const { refresh_token } = await tokens(made, id);
    await steer(made, 'POST', '/faults', { endpoint: 'token', effect: { drop: true, committed: true } });
    expect((await refresh(made, id, refresh_token)).type).toBe('error');
    expect(await body(await refresh(made, id, refresh_token))).toMatchObject({ error: 'invalid_grant' });
    const lost = (await exchanges(made)).find(({ response }) => response === null);
    expect(lost).toMatchObject({ delivered: false, endpoint: 'token' });
    expect(lost?.between.length).toBeGreaterThan(3);
  });

  it('fills in placeholders, and answers HTML without any rights', async () => {
    const made = await make({
      config: {
        faults: [
          {
            endpoint: 'as-metadata',
            times: 'always',
            effect: { status: 200, content_type: 'text/html', body: '<script>alert(1)</script> {issuer} {base}' },
          },
        ],
      },
    });
    const response = await server.ask(`/.well-known/oauth-authorization-server${path(made)}`);
    expect(await response.text()).toBe(`<script>alert(1)</script> ${made.issuer} ${made.issuer}`);
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('matches parameters, headers and clients', async () => {
    const made = await make();
    const [one, two] = [await client(made), await client(made)];
    await steer(made, 'POST', '/faults', {
      endpoint: 'token',
      client_id: two,
      times: 'always',
      effect: { status: 500 },
    });
    await steer(made, 'POST', '/faults', {
      endpoint: 'revoke',
      match: { token: 'abc', 'x-mine': 'yes' },
      times: 'always',
      effect: { error: 'server_error' },
    });
    expect((await tokens(made, one)).access_token).toBeTruthy();
    expect((await refresh(made, two, 'x')).status).toBe(500);
    const revoke = (headers: Record<string, string>) =>
      server.ask(`${path(made)}/oauth/revoke`, {
        ...form({ token: 'abc', client_id: one }),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      });
    expect((await revoke({})).status).toBe(200);
    expect((await revoke({ 'x-mine': 'yes' })).status).toBe(500);
  });

  it.each([
    [[2, 1], 1],
    [[1, 2], 0],
  ] as const)(
    'stages a race: two refreshes of one token, let through in the order that was chosen: %j %j',
    async (order, winner) => {
      const made = await make();
      const id = await client(made);
      const { refresh_token } = await tokens(made, id);
      expect(
        (
          await steer(made, 'POST', '/faults', {
            endpoint: 'token',
            match: { grant_type: 'refresh_token' },
            times: 2,
            effect: { hold: { until: 2, order } },
          })
        ).status,
      ).toBe(201);
      const first = refresh(made, id, refresh_token);
      while (
        (await body<{ faults: { matched: number }[] }>(await steer(made, 'GET', '/faults'))).faults[0]?.matched !== 1
      )
        await new Promise((resolve) => setTimeout(resolve, 5));
      const answers = await Promise.all([first, refresh(made, id, refresh_token)]);
      expect(answers.map(({ status }) => status)).toEqual(winner === 0 ? [200, 400] : [400, 200]);
      const { grants } = await body<{ grants: { revoked_by: string | null }[] }>(await steer(made, 'GET', '/grants'));
      expect(grants[0]?.revoked_by).toBe('refresh-spent');
    },
  );

  it('refuses what would reach beyond the sandbox', async () => {
    const made = await make();
    for (const headers of [
      { 'Set-Cookie': 'a=b' },
      { 'content-security-policy': 'x' },
      { 'Clear-Site-Data': '*' },
      { Refresh: '0' },
      { Link: '<x>' },
      { 'Alt-Svc': 'x' },
      { 'Service-Worker-Allowed': '/' },
      { 'Strict-Transport-Security': 'x' },
      { 'Transfer-Encoding': 'chunked' },
      { 'Content-Length': '1' },
      { Connection: 'close' },
      { Location: 'https://evil.example/' },
      { Location: '//evil.example' },
      { location: 'javascript:alert(1)' },
      { 'X-A': 'a\r\nb: c' },
    ]) {
      const response = await steer(made, 'POST', '/faults', { endpoint: 'token', effect: { status: 302, headers } });
      expect.soft([JSON.stringify(headers), response.status]).toEqual([JSON.stringify(headers), 400]);
    }
    for (const wrong of [
      {},
      { endpoint: 'token' },
      { endpoint: 'nothing', effect: { drop: true } },
      { endpoint: 'token', effect: {} },
      { endpoint: 'token', effect: { delay_ms: 30_001 } },
      { endpoint: 'token', effect: { status: 99 } },
      { endpoint: 'token', effect: { content_type: 'image/svg+xml', body: '' } },
    ]) {
      expect.soft((await steer(made, 'POST', '/faults', wrong)).status).toBe(400);
    }
    await client(made);
    for (const Location of ['{base}/else', 'http://localhost:7/cb?x=1', '/relative'])
      expect
        .soft(
          (
            await steer(made, 'POST', '/faults', {
              endpoint: 'authorize',
              effect: { status: 302, headers: { Location } },
            })
          ).status,
        )
        .toBe(201);
  });
});

describe('stages', () => {
  const call = (made: Made, token: string) =>
    server.ask(`${path(made)}/mcp`, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
      },
    });

  it('has tokens expire after the second call, and shows where it happened', async () => {
    const made = await make({ scenario: 'token-expires-midway' });
    const id = await client(made);
    const { access_token, refresh_token } = await tokens(made, id);
    expect((await call(made, access_token)).status).toBe(200);
    expect((await call(made, access_token)).status).toBe(200);
    const dead = await call(made, access_token);
    expect(dead.status).toBe(401);
    expect(dead.headers.get('www-authenticate')).toContain('expired');
    const next = await body<Tokens>(await refresh(made, id, refresh_token));
    for (let i = 0; i < 3; i += 1) expect.soft((await call(made, next.access_token)).status).toBe(200);
    const shown = (await exchanges(made)).filter(({ acted }) => acted.some(({ kind }) => kind === 'stage'));
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ endpoint: 'mcp', acted: [{ kind: 'stage', name: 'stages.0' }] });
  });

  it('revokes, rotates, forgets and changes knobs', async () => {
    const made = await make({
      config: {
        stages: [
          {
            after: { event: 'authenticated-call', count: 1 },
            do: ['revoke-grants', 'revoke-access-tokens', 'forget-clients', 'rotate-keys'],
            set: { 'registration.dynamic': false },
          },
        ],
      },
    });
    const id = await client(made);
    const { access_token, refresh_token } = await tokens(made, id);
    expect((await call(made, access_token)).status).toBe(200);
    expect((await call(made, access_token)).status).toBe(401);
    expect(await body(await refresh(made, id, refresh_token))).toMatchObject({ error: 'invalid_client' });
    expect(
      (await body<{ staged: Record<string, unknown> }>(await steer(made, 'GET', ''))).staged['registration.dynamic'],
    ).toBe(false);
  });
});

describe('the recorder', () => {
  it('shows at once what just happened, without secrets', async () => {
    const made = await make();
    const id = await client(made);
    const got = await tokens(made, id);
    const masked = await exchanges(made);
    expect(masked.map(({ endpoint, response }) => [endpoint, response?.status])).toEqual([
      ['register', 201],
      ['authorize', 302],
      ['token', 200],
    ]);
    expect(masked.every(({ client: { clientId } }) => clientId === id)).toBe(true);
    const text = JSON.stringify(masked);
    for (const secret of [got.access_token, got.refresh_token]) expect.soft(text).not.toContain(secret);
    expect(masked[2]?.redacted).toEqual(
      expect.arrayContaining(['code', 'code_verifier', 'access_token', 'refresh_token']),
    );
    const revealed = JSON.stringify(await exchanges(made, '?reveal=1'));
    for (const secret of [got.access_token, got.refresh_token]) expect.soft(revealed).toContain(secret);
    // The same code has the same mask in the redirect and in the token request.
    const mask = /code=(masked-[0-9a-f]+)/.exec(text)?.[1] ?? 'none';
    expect(masked[2]?.request.body).toContain(mask);
  });

  it('never keeps control tokens, passwords and cookies', async () => {
    const made = await make();
    const id = await client(made);
    await server.ask(
      `${path(made)}/oauth/authorize?client_id=${id}&code_challenge=x&control_token=${made.control_token}` +
        '&auto_approve_email=a%40b.example&auto_approve_password=hunter22',
      { headers: { authorization: `Bearer ${made.control_token}`, cookie: `authwalk=${'c'.repeat(43)}` } },
    );
    const text = JSON.stringify(await exchanges(made, '?reveal=1'));
    for (const secret of [made.control_token, 'hunter22', 'c'.repeat(43)]) expect.soft(text).not.toContain(secret);
  });

  it('keeps addresses that lead nowhere, and why', async () => {
    const made = await make();
    await server.ask(`/.well-known/oauth-authorization-server${path(made)}/mcp`);
    await server.ask(`${path(made)}/authorize`);
    await server.ask(`${path(made)}/oauth/token`);
    expect((await exchanges(made)).map(({ endpoint, reason }) => [endpoint, reason])).toEqual([
      ['unknown', 'metadata-unknown'],
      ['unknown', 'path-unknown'],
      ['token', 'method-not-allowed'],
    ]);
  });

  it('bounds bodies, and pages', async () => {
    const made = await make();
    await server.ask(`${path(made)}/oauth/token`, form({ grant_type: 'x', pad: 'é'.repeat(9_000) }));
    for (let i = 0; i < 5; i += 1) await server.ask(path(made));
    const [first, ...rest] = await exchanges(made);
    expect(Buffer.byteLength(first!.request.body!)).toBeLessThanOrEqual(16_384);
    expect(first?.request.truncatedFrom).toBeGreaterThan(16_384);
    expect(rest).toHaveLength(5);
    expect((await exchanges(made, '?after=2&limit=2')).map(({ seq }) => seq)).toEqual([3, 4]);
    for (const wrong of ['?after=-1', '?limit=0', '?limit=501', '?after=x'])
      expect.soft((await steer(made, 'GET', `/exchanges${wrong}`)).status).toBe(400);
  });

  it('is not for public visitors of default', async () => {
    const open = await testServer({
      PUBLIC_URL: 'https://walk.example',
      AUTHWALK_ADMIN_TOKEN: 'a-token-of-the-operator',
    });
    await open.ask('/oauth/token', form({}));
    const seen = await open.ask('/api/sandboxes/default/exchanges', {
      headers: { authorization: 'Bearer a-token-of-the-operator' },
    });
    expect((await body<{ exchanges: unknown[] }>(seen)).exchanges).toEqual([]);
    const own = await make({}, open);
    await open.ask(path(own));
    expect(await exchanges(own, '', open)).toHaveLength(1);
    await open.close();
  });

  it('is shared without secrets, and without control', async () => {
    const made = await make();
    await tokens(made, await client(made));
    const { token } = await body<{ url: string; token: string }>(await steer(made, 'POST', '/shares', {}));
    const read = (rest: string, method = 'GET') =>
      server.ask(`/api/sandboxes/${made.id}${rest}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    expect((await read('/exchanges')).status).toBe(200);
    expect((await read('/export?format=har')).status).toBe(200);
    for (const [rest, method] of [
      ['/exchanges?reveal=1', 'GET'],
      ['/reset', 'POST'],
      ['/users', 'GET'],
      ['', 'DELETE'],
    ] as const)
      expect.soft((await read(rest, method)).status).toBe(401);
  });

  it('exports HAR and curl', async () => {
    const made = await make();
    await tokens(made, await client(made));
    const har = await body<{ log: { version: string; entries: { request: { url: string } }[] } }>(
      await steer(made, 'GET', '/export?format=har'),
    );
    expect(har.log.version).toBe('1.2');
    expect(har.log.entries).toHaveLength(3);
    await expect(validHar(har)).resolves.toBeTruthy();
    await expect(validHar({ log: { ...har.log, entries: [{}] } })).rejects.toBeTruthy();
    const curl = await (await steer(made, 'GET', '/export?format=curl')).text();
    expect(curl).toContain(`curl -sS -i -X POST ${made.issuer}/oauth/token`);
    expect((await steer(made, 'GET', '/export?format=pdf')).status).toBe(400);
  });
});

describe('the stream', () => {
  async function collect(response: Response, count: number): Promise<{ id: number; data: Exchange }[]> {
    const events: { id: number; data: Exchange }[] = [];
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (events.length < count) {
      const { done, value } = await reader.read();
      if (done) break;
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (id && data && block.includes('event: exchange'))
          events.push({ id: Number(id), data: JSON.parse(data) as Exchange });
      }
    }
    await reader.cancel();
    return events;
  }

  it('goes on where it was left, in the middle of traffic', async () => {
    const made = await make();
    const traffic = (async () => {
      for (let i = 0; i < 60; i += 1) {
        await server.ask(`${path(made)}?n=${i}`);
        if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    const seen: number[] = [];
    while (seen.length < 60) {
      const response = await server.ask(`/api/sandboxes/${made.id}/stream`, {
        headers: { authorization: `Bearer ${made.control_token}`, 'last-event-id': String(seen.at(-1) ?? 0) },
      });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      for (const { id } of await collect(response, Math.min(13, 60 - seen.length))) seen.push(id);
    }
    await traffic;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it('has ten readers at most', async () => {
    const made = await make();
    const readers = await Promise.all(Array.from({ length: 10 }, () => steer(made, 'GET', '/stream')));
    expect(readers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const eleventh = await steer(made, 'GET', '/stream');
    expect(eleventh.status).toBe(429);
    await Promise.all(readers.map(({ body: stream }) => stream?.cancel()));
    const again = await steer(made, 'GET', '/stream');
    expect(again.status).toBe(200);
    await again.body?.cancel();
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

it('logged nothing unexpected', () => {
  expect(server.logged).toEqual([]);
});
