import { afterEach, describe, expect, test } from 'vitest';
import { type Engine, openEngine, ORIGIN, type Params, pkce } from '#lib/testing/engine.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { isOAuthError } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { authorize } from './authorize.ts';
import { pushAuthorizationRequest } from './par.ts';

const CALLBACK = 'https://client.example.com/callback';
const { challenge } = pkce();

let engine: Engine;
afterEach(() => engine.close());

const request = (change: Params = {}): Params => ({
  redirect_uri: CALLBACK,
  response_type: 'code',
  state: 'xyz',
  scope: 'notes:read',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  ...change,
});

async function push(
  client: ClientRecord,
  change: Params = {},
  headers: Record<string, string> = {},
): Promise<{ request_uri: string; expires_in: number }> {
  const response = await engine.call(pushAuthorizationRequest, {
    path: '/oauth/par',
    form: { client_id: client.clientId, ...request(change) },
    headers,
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json() as Promise<{ request_uri: string; expires_in: number }>;
}

async function refusal(client: ClientRecord, change: Params): Promise<unknown> {
  return push(client, change).catch((error: unknown) =>
    isOAuthError(error) ? [error.code, error.reason, error.status, error.delivery.kind] : error,
  );
}

const open = (client: ClientRecord, request_uri: string, more: Params = {}) =>
  engine.call(authorize, { path: '/oauth/authorize', query: { client_id: client.clientId, request_uri, ...more } });
const answer = (response: Response) =>
  Object.fromEntries(new URL(response.headers.get('location') ?? 'about:blank').searchParams);

describe('a pushed request', () => {
  test('waits under a reference that nobody can guess, and is what counts [#par.answer]', async () => {
    engine = await openEngine({ config: { 'par.required': true } });
    const client = await engine.client();
    const { request_uri, expires_in } = await push(client);
    expect(expires_in).toBe(60);
    expect(request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
    const { code, state } = answer(
      await open(client, request_uri, {
        auto_approve: 'true',
        scope: 'notes:write',
        state: 'other',
        redirect_uri: 'https://attacker.example.com/',
      }),
    );
    expect(state).toBe('xyz');
    expect((await engine.tenant.store.findCode(sha256(code!)))?.grant.scope).toEqual(['notes:read']);
  });

  test('is opened once [#par.bound-and-once]', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const { request_uri } = await push(client);
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(client, request_uri)));
    expect(opened.map((response) => response.status).sort()).toEqual([302, 400, 400, 400, 400]);
  });

  test("runs out, and is one client's [#par.bound-and-once]", async () => {
    engine = await openEngine();
    const client = await engine.client();
    const { request_uri } = await push(client);
    expect((await open(await engine.client(), request_uri)).status).toBe(400);
    expect(engine.trace.facts.reason).toBe('request-uri-unknown');
    engine.advance(61);
    expect((await open(client, request_uri)).status).toBe(400);
  });

  test('keeps no secret of the client', async () => {
    engine = await openEngine();
    const client = await engine.client(
      { token_endpoint_auth_method: 'client_secret_post' },
      { authMethods: ['client_secret_post'], secretHash: sha256('a-secret') },
    );
    const { request_uri } = await push(client, { client_secret: 'a-secret' });
    const kept = await engine.tenant.store.getPushedRequest(
      sha256(request_uri.split(':').at(-1)!),
      engine.tenant.now(),
    );
    expect(JSON.stringify(kept)).not.toContain('a-secret');
  });
});

describe('what is pushed is checked as ever, and answered in JSON [#par.checked-early] [#par.no-reference]', () => {
  const cases: readonly [string, Params, string, string][] = [
    ['another redirect URI', { redirect_uri: `${CALLBACK}/` }, 'invalid_request', 'pushed-redirect-uri'],
    ['a reference', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request', 'request-uri-pushed'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request', 'challenge-missing'],
    ['an unknown scope', { scope: 'nothing' }, 'invalid_scope', 'scope-unknown'],
    ['a foreign resource', { resource: 'https://elsewhere.example.com/' }, 'invalid_target', 'resource-unknown'],
    ['a parameter twice', { state: ['a', 'b'] }, 'invalid_request', 'parameter-repeated'],
    [
      'a password',
      { auto_approve_email: 'a@b', auto_approve_password: 'c' },
      'invalid_request',
      'authorize-parameter-invalid',
    ],
  ];
  test.each(cases)('%s', async (_name, change, code, reason) => {
    engine = await openEngine();
    expect(await refusal(await engine.client(), change)).toEqual([code, reason, 400, 'json']);
  });

  test('a client that does not prove itself [#par.authenticated]', async () => {
    engine = await openEngine();
    const client = await engine.client(
      { token_endpoint_auth_method: 'client_secret_basic' },
      { authMethods: ['client_secret_basic'], secretHash: sha256('s') },
    );
    expect(await refusal(client, {})).toMatchObject(['invalid_client', expect.any(String), 401, expect.any(String)]);
  });

  test('the issuer of the answer is this one', async () => {
    engine = await openEngine();
    const client = await engine.client();
    expect(answer(await open(client, (await push(client)).request_uri, { auto_approve: 'true' })).iss).toBe(ORIGIN);
  });
});
