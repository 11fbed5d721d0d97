/** `authwalk/testing` as a test author uses it: in process, without a socket, and over HTTP. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { assertReceived } from './assert.ts';
import { connectAuthwalk } from './connect.ts';
import { createAuthwalk } from './create.ts';
import type { Authwalk, EndpointName, Knobs, Sandbox, ScenarioId } from './types.ts';

const CALLBACK = 'http://127.0.0.1:9/callback';
// The verifier and the challenge of RFC 7636, appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

let authwalk: Authwalk;
beforeAll(async () => {
  authwalk = await createAuthwalk();
});
afterAll(() => authwalk.close());

const clients = [{ client_id: 'notes', redirect_uris: [CALLBACK] }];

function authorizationUrl(sandbox: Sandbox, more: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(`${sandbox.issuer}/oauth/authorize`);
  url.search = new URLSearchParams({
    client_id: 'notes',
    response_type: 'code',
    redirect_uri: CALLBACK,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    state: 'abc',
    ...more,
  }).toString();
  return url;
}

async function redeem(sandbox: Sandbox, redirect: URL, server: Authwalk = authwalk): Promise<Response> {
  return server.fetch(`${sandbox.issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'notes',
      redirect_uri: CALLBACK,
      code: redirect.searchParams.get('code') ?? '',
      code_verifier: VERIFIER,
    }),
  });
}

test('an endpoint with a typing error is an error, and no proof that nothing arrived', async () => {
  await using sandbox = await authwalk.sandbox();
  const wrong = 'tokens' as EndpointName;
  for (const ask of [
    () => sandbox.exchanges(wrong),
    () => sandbox.waitFor(wrong),
    () => assertReceived(sandbox, wrong),
  ])
    await expect(ask()).rejects.toThrow(/no endpoint with the name "tokens"\. There are .*token,/);
});

describe('what the user says', () => {
  test('the next decisions come before the one for always, and a visit may say otherwise', async () => {
    await using sandbox = await authwalk.sandbox({ clients, consent: 'approve' });
    const outcome = async (options?: Parameters<Sandbox['visit']>[1]) =>
      (await sandbox.visit(authorizationUrl(sandbox), options)).searchParams.get('error') ?? 'code';
    expect([await outcome({ decision: 'deny' }), await outcome()]).toEqual(['access_denied', 'code']);
    await sandbox.consent.always({ approve: 'ada@example.com' });
    await sandbox.consent.next('deny', 'server_error');
    expect([await outcome(), await outcome(), await outcome()]).toEqual(['access_denied', 'server_error', 'code']);
    expect([await outcome({ decision: 'deny' }), await outcome()]).toEqual(['access_denied', 'code']);
    await sandbox.consent.always('deny');
    expect([await outcome({ decision: 'approve' }), await outcome()]).toEqual(['code', 'access_denied']);
  });
});

describe('a sandbox in process', () => {
  test('signs a user in, and its record can be asked', async () => {
    await using sandbox = await authwalk.sandbox({ clients });
    const redirect = await sandbox.visit(authorizationUrl(sandbox));
    expect(redirect.searchParams.get('state')).toBe('abc');
    const response = await redeem(sandbox, redirect);
    expect(response.status).toBe(200);
    const seen = await sandbox.waitFor(
      'token',
      { grant_type: 'authorization_code', code: /./, resource: null },
      { status: 200 },
    );
    expect(seen.client.clientId).toBe('notes');
    await assertReceived(sandbox, 'token', { grant_type: 'authorization_code' }, { times: 1 });
    await expect(assertReceived(sandbox, 'token', { grant_type: 'refresh_token' })).rejects.toThrow(
      /#\d+ token authorization_code 200/,
    );
    // A secret that a test expects does not reach the log of its run.
    const expected = assertReceived(sandbox, 'token', { refresh_token: 'a-secret-of-mine' });
    await expect(expected).rejects.toThrow('refresh_token=…');
    await expect(expected).rejects.not.toThrow('a-secret-of-mine');
  });

  test('a user can be named beside a decision on the scopes', async () => {
    await using sandbox = await authwalk.sandbox({ clients });
    const decision = { approve: true, scope: ['notes:read'] } as const;
    const url = authorizationUrl(sandbox, { scope: 'notes:read notes:write' });
    await sandbox.visit(url, { as: 'ada@example.com', decision });
    const [grant] = await sandbox.grants.list();
    expect(grant?.scope).toEqual(['notes:read']);
    expect((await sandbox.users.list()).find(({ sub }) => sub === grant?.sub)?.email).toBe('ada@example.com');
  });

  test('a refusal of the user comes back to the client', async () => {
    await using sandbox = await authwalk.sandbox({ clients });
    const redirect = await sandbox.visit(authorizationUrl(sandbox), { decision: 'deny' });
    expect(redirect.searchParams.get('error')).toBe('access_denied');
  });

  test('the clock moves the server', async () => {
    await using sandbox = await authwalk.sandbox();
    await sandbox.clock.freeze();
    const before = await sandbox.clock.now();
    const after = await sandbox.clock.advance(3601);
    expect(after.getTime() - before.getTime()).toBe(3_601_000);
  });

  test('fake timers move the wall clock of the server and stop nothing', async () => {
    vi.useFakeTimers();
    try {
      vi.setSystemTime(new Date('2031-05-06T07:08:09Z'));
      const sandbox = await authwalk.sandbox({ clients });
      expect((await sandbox.clock.now()).toISOString()).toBe('2031-05-06T07:08:09.000Z');
      const redirect = await sandbox.visit(authorizationUrl(sandbox));
      expect((await redeem(sandbox, redirect)).status).toBe(200);
      expect((await sandbox.waitFor('token')).at).toMatch(/^2031-05-06T07:08:/);
      await expect(sandbox.waitFor('revoke', {}, { timeout: 30 })).rejects.toMatchObject({ code: 'timeout' });
      await sandbox.delete();
    } finally {
      vi.useRealTimers();
    }
  });

  test('a token is issued without a flow, for a user who is made', async () => {
    await using sandbox = await authwalk.sandbox();
    const token = await sandbox.token({ as: 'ada@example.com', scope: 'notes:read', expiresIn: 60 });
    const { payload } = { payload: JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) };
    expect(payload.exp - payload.iat).toBe(60);
    expect((await sandbox.users.list()).map(({ email }) => email)).toEqual(['ada@example.com']);
  });

  test('everything that is wrong with a configuration is said at once', async () => {
    await expect(
      authwalk.sandbox({ config: { nope: 1, 'tokens.accessLifetime': 'x' } as unknown as Knobs }),
    ).rejects.toMatchObject({
      name: 'AuthwalkError',
      code: 'invalid_config',
      details: { faults: [expect.anything(), expect.anything()] },
    });
    await expect(authwalk.sandbox({ scenario: 'no-such' as ScenarioId })).rejects.toMatchObject({
      code: 'unknown_scenario',
    });
  });

  test('a fault that was scripted acts, and can be asked whether it did', async () => {
    await using sandbox = await authwalk.sandbox({ clients });
    await sandbox.faults.add({ endpoint: 'token', effect: { status: 503 } });
    const redirect = await sandbox.visit(authorizationUrl(sandbox));
    expect((await redeem(sandbox, redirect)).status).toBe(503);
    expect((await sandbox.faults.list())[0]?.acted).toBe(1);
  });
});

test('knobs and scenarios are typed, flat and nested', async () => {
  await using sandbox = await authwalk.sandbox({ config: { tokens: { accessLifetime: 60 } } });
  const [, payload] = (await sandbox.token()).split('.');
  const { exp, iat } = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { exp: number; iat: number };
  expect(exp - iat).toBe(60);
  expectTypeOf<{ 'tokens.accessLifetime': 60 }>().toExtend<Knobs>();
  expectTypeOf<{ tokens: { accessLifetime: 60 } }>().toExtend<Knobs>();
  expectTypeOf<{ 'tokens.accessLifetime': 'long' }>().not.toExtend<Knobs>();
  expectTypeOf<{ tokens: { accessLifetime: 'long' } }>().not.toExtend<Knobs>();
  expectTypeOf<'iss-wrong-issuer'>().toExtend<ScenarioId>();
  expectTypeOf<'no-such'>().not.toExtend<ScenarioId>();
});

test('sandboxes share their keys, unless each is to have its own', async () => {
  const kidsOf = async (server: Authwalk): Promise<ReadonlySet<string>> => {
    const kids = new Set<string>();
    const look = async ({ issuer }: Sandbox): Promise<void> => {
      const response = await server.fetch(`${issuer}/.well-known/jwks.json`);
      for (const { kid } of ((await response.json()) as { keys: { kid: string }[] }).keys) kids.add(kid);
    };
    const one = await server.sandbox();
    await look(one);
    await look(await server.sandbox());
    await one.keys.rotate();
    await look(one);
    return kids;
  };
  await using own = await createAuthwalk({ keys: 'own', listen: false });
  await using shared = await createAuthwalk({ listen: false });
  expect((await kidsOf(own)).size).toBe(3);
  // A rotation puts in the next key of the pool, never the one that is in use.
  expect((await kidsOf(shared)).size).toBe(2);
});

test('the same over HTTP, at a server that runs already', async () => {
  await using there = await connectAuthwalk(authwalk.origin);
  await using sandbox = await there.sandbox({ clients });
  const redirect = await sandbox.visit(authorizationUrl(sandbox));
  expect((await redeem(sandbox, redirect, there)).status).toBe(200);
  await sandbox.waitFor('token', {}, { status: 200 });
  // This server has no pages.
  expect(sandbox.inspectUrl).toBeNull();
});

test('a server that is none is told from one that does not answer', async () => {
  await expect(connectAuthwalk('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'unreachable' });
});

test('an engine without a socket is reached through fetch alone', async () => {
  await using engine = await createAuthwalk({ listen: false });
  const response = await engine.fetch('/.well-known/oauth-authorization-server');
  expect(await response.json()).toMatchObject({ issuer: engine.origin });
});
