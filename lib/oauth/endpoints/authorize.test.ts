import { afterEach, describe, expect, test } from 'vitest';
import { type Browser, type Call, type Engine, openEngine, ORIGIN, type Params, pkce } from '#lib/testing/engine.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { sha256 } from '../hash.ts';
import { authorize } from './authorize.ts';

const CALLBACK = 'https://client.example.com/callback';
const { challenge } = pkce('a-verifier-that-is-long-enough-to-be-one-0123');

let engine: Engine;
afterEach(() => engine.close());

function request(client: ClientRecord, change: Params = {}): Params {
  return {
    client_id: client.clientId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    state: 'xyz',
    scope: 'notes:read',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...change,
  };
}

async function send(client: ClientRecord, change: Params = {}, call: Call = {}): Promise<Response> {
  return engine.call(authorize, { path: '/oauth/authorize', query: request(client, change), ...call });
}

function answer(response: Response): Record<string, string> {
  return Object.fromEntries(new URL(response.headers.get('location') ?? 'about:blank').searchParams);
}

const reason = () => engine.trace.facts.reason;
const ran = () => engine.trace.checks.map(({ check }) => check);

describe('a good request', () => {
  test('is stored and leads to the consent page, bound to the browser', async () => {
    engine = await openEngine();
    const browser: Browser = { id: null };
    const response = await send(await engine.client(), {}, { browser });
    expect(response.status).toBe(302);
    const address = new URL(response.headers.get('location')!);
    expect(address.origin + address.pathname).toMatch(/^http:\/\/localhost:3000\/consent\/default\.[\w-]{43}$/);
    const record = await engine.tenant.store.getInteraction(
      address.pathname.slice('/consent/'.length),
      engine.tenant.now(),
    );
    expect(record?.browserHash).toBe(sha256(browser.id!));
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('is checked in the order that the guide promises', async () => {
    engine = await openEngine();
    await send(await engine.client());
    const order = [
      'client-known',
      'redirect-uri',
      'authorize-parameter-once',
      'response-type',
      'code-challenge',
      'challenge-method',
      'scope-known',
      'resource-known',
      'interaction-begun',
    ];
    expect(
      ran()
        .filter((name) => order.includes(name))
        .filter((name, at, all) => all.lastIndexOf(name) === at),
    ).toEqual(order);
  });

  test('may come by POST, from any origin', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const response = await engine.call(authorize, {
      path: '/oauth/authorize',
      form: request(client),
      headers: { origin: 'https://elsewhere.example.com', 'sec-fetch-site': 'cross-site' },
    });
    expect(response.headers.get('location')).toContain('/consent/');
  });

  test('with auto_approve is answered at once, with code, state and iss', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const response = await send(client, {
      auto_approve: 'true',
      resource: `${ORIGIN}/mcp`,
      expires_in: '60',
      nonce: 'n',
    });
    expect(response.status).toBe(302);
    const { code, ...rest } = answer(response);
    expect(rest).toEqual({ state: 'xyz', iss: ORIGIN });
    expect(code).toMatch(/^[\w-]{43}$/);
    const found = await engine.tenant.store.findCode(sha256(code!));
    expect(found?.code).toMatchObject({
      clientId: client.clientId,
      redirectUri: CALLBACK,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      expiresAt: engine.tenant.now() + 60_000,
    });
    expect(found?.grant).toMatchObject({
      scope: ['notes:read'],
      resource: [`${ORIGIN}/mcp`],
      kind: 'authorization_code',
      details: { expiresIn: 60, nonce: 'n' },
    });
    expect(await engine.tenant.store.getUser(found!.grant.sub!)).toMatchObject({
      temporary: true,
      email: expect.stringMatching(/^[a-z]+-\d\d@test\.authwalk\.dev$/),
    });
  });

  test('without state is answered without state', async () => {
    engine = await openEngine();
    expect(
      Object.keys(answer(await send(await engine.client(), { state: undefined, auto_approve: 'true' }))).sort(),
    ).toEqual(['code', 'iss']);
  });

  test('without scope asks for what was registered, else for notes:read', async () => {
    engine = await openEngine();
    const granted = async (client: ClientRecord) =>
      (
        await engine.tenant.store.findCode(
          sha256(answer(await send(client, { scope: undefined, auto_approve: 'true' })).code!),
        )
      )?.grant.scope;
    expect(await granted(await engine.client())).toEqual(['notes:read']);
    expect(await granted(await engine.client({ scope: 'read openid' }))).toEqual(['read', 'openid']);
  });

  test('keeps the query of the redirect URI', async () => {
    engine = await openEngine();
    const uri = 'https://client.example.com/callback?tenant=a%20b';
    const response = await send(await engine.client({ redirect_uris: [uri] }), {
      redirect_uri: uri,
      auto_approve: 'true',
    });
    expect(response.headers.get('location')).toMatch(/^https:\/\/client\.example\.com\/callback\?tenant=a%20b&code=/);
  });
});

describe('auto_approve_email', () => {
  const credentials = { auto_approve_email: 'ada@example.com', auto_approve_password: 'engine' };

  test('creates the user at first sight, keeps it, and signs the same one in again', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const sub = async () =>
      (await engine.tenant.store.findCode(sha256(answer(await send(client, credentials)).code!)))?.grant.sub;
    const first = await sub();
    expect(await engine.tenant.store.getUser(first!)).toMatchObject({ email: 'ada@example.com', temporary: false });
    expect(await sub()).toBe(first);
  });

  test('with another password is refused', async () => {
    engine = await openEngine();
    const client = await engine.client();
    await send(client, credentials);
    expect(answer(await send(client, { ...credentials, auto_approve_password: 'other' }))).toMatchObject({
      error: 'access_denied',
      state: 'xyz',
      iss: ORIGIN,
    });
    expect(reason()).toBe('sign-in-failed');
  });

  test.each([{ auto_approve_email: 'ada@example.com' }, { auto_approve_password: 'engine' }])(
    'goes with a password, or not at all: %o',
    async (half) => {
      engine = await openEngine();
      expect(answer(await send(await engine.client(), { ...half, auto_approve: 'true' }))).toMatchObject({
        error: 'invalid_request',
      });
    },
  );

  test('of two that come at once, both are the same user', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const answers = await Promise.all([send(client, credentials), send(client, credentials)]);
    const subs = await Promise.all(
      answers.map(async (response) => (await engine.tenant.store.findCode(sha256(answer(response).code!)))?.grant.sub),
    );
    expect(new Set(subs).size).toBe(1);
  });
});

describe('what is shown and never sent [#authorize.client-known] [#authorize.redirect-uri-unregistered]', () => {
  const page = { headers: { accept: 'text/html' } };

  test.each([
    ['an unknown client', { client_id: 'nobody' }, 'client-unknown'],
    ['no client', { client_id: undefined }, 'client-unknown'],
    ['another redirect URI', { redirect_uri: 'https://attacker.example.com/' }, 'redirect-uri-unregistered'],
    ['a redirect URI with a slash more', { redirect_uri: `${CALLBACK}/` }, 'redirect-uri-unregistered'],
    ['a redirect URI with a query more', { redirect_uri: `${CALLBACK}?a=b` }, 'redirect-uri-unregistered'],
    [
      'a redirect URI in other capitals',
      { redirect_uri: 'https://CLIENT.example.com/callback' },
      'redirect-uri-unregistered',
    ],
    [
      'another port on a host that is not loopback',
      { redirect_uri: 'https://client.example.com:8443/callback' },
      'redirect-uri-unregistered',
    ],
    ['a client twice', { client_id: ['a', 'b'] }, 'authorize-parameter-repeated'],
    [
      'a redirect URI twice',
      { redirect_uri: [CALLBACK, 'https://attacker.example.com/'] },
      'authorize-parameter-repeated',
    ],
    [
      'a reference that was never given',
      { request_uri: 'urn:ietf:params:oauth:request_uri:nothing' },
      'request-uri-unknown',
    ],
    [
      'a reference to elsewhere, and no word of where to answer',
      { request_uri: 'https://attacker.example.com/request.jwt', redirect_uri: undefined },
      'request-uri-unknown',
    ],
    ['an unknown reference', { request_uri: 'urn:ietf:params:oauth:request_uri:made-up' }, 'request-uri-unknown'],
  ] as const)('%s', async (_name, change, expected) => {
    engine = await openEngine();
    const response = await send(await engine.client(), change, page);
    expect([response.status, response.headers.get('location'), reason()]).toEqual([400, null, expected]);
    expect(response.headers.get('content-type')).toContain('text/html');
    const text = await response.text();
    expect(text).toContain('What to do next');
    // What was sent stands there as text. Nothing leads there.
    expect(text).not.toMatch(/(?:href|src|action|content)="[^"]*attacker\.example\.com/);
  });

  test('no redirect URI where several are registered [#authorize.redirect-uri-required]', async () => {
    engine = await openEngine();
    const client = await engine.client({ redirect_uris: [CALLBACK, 'https://client.example.com/other'] });
    expect((await send(client, { redirect_uri: undefined })).status).toBe(400);
    expect(reason()).toBe('redirect-uri-missing');
  });

  test('a scheme that a browser would run, even where it was registered', async () => {
    engine = await openEngine();
    const uri = 'javascript:alert(1)//';
    const response = await send(
      await engine.client({ redirect_uris: [uri] }),
      { redirect_uri: uri, auto_approve: 'true' },
      page,
    );
    expect([response.status, response.headers.get('location'), reason()]).toEqual([400, null, 'redirect-uri-unsafe']);
  });

  test('as JSON where Accept does not name text/html', async () => {
    engine = await openEngine();
    const response = await send(await engine.client(), { client_id: 'nobody' }, { headers: { accept: '*/*' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'invalid_request',
      error_description: expect.any(String),
      error_uri: `${ORIGIN}/reference#error-invalid_request`,
    });
    expect(response.headers.get('vary')).toBe('Accept');
  });

  test('a name with markup in it is text', async () => {
    engine = await openEngine();
    const text = await (await send(await engine.client(), { client_id: '<script>alert(1)</script>' }, page)).text();
    expect(text).not.toContain('<script>');
  });
});

describe('loopback redirect URIs [#authorize.redirect-uri-loopback-port]', () => {
  const cases: readonly [string, string, string, boolean][] = [
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb', true],
    ['loopback-any', 'http://127.0.0.1:3000/cb', 'http://127.0.0.1:49152/cb', true],
    ['loopback-any', 'http://127.0.0.1:3000/cb', 'http://127.0.0.1/cb', true],
    ['loopback-any', 'http://[::1]/cb', 'http://[::1]:49152/cb', true],
    ['loopback-any', 'http://localhost/cb', 'http://localhost:49152/cb', true],
    ['loopback-ip', 'http://localhost/cb', 'http://localhost:49152/cb', false],
    ['loopback-ip', 'http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb', true],
    ['exact', 'http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb', false],
    ['exact', 'http://127.0.0.1/cb', 'http://127.0.0.1/cb', true],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1:49152/other', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://localhost/cb', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'https://127.0.0.1/cb', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1:80@attacker.example.com/cb', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1:99999/cb', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1.attacker.example.com/cb', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb#f', false],
    ['loopback-any', 'http://127.0.0.1/cb', 'http://127.0.0.1:/cb', false],
  ];
  test.each(cases)('%s: registered %s, asked %s', async (port, registered, asked, taken) => {
    engine = await openEngine({ config: { 'authorize.redirectPort': port as 'exact' } });
    const response = await send(await engine.client({ redirect_uris: [registered] }), {
      redirect_uri: asked,
      auto_approve: 'true',
    });
    expect(response.status).toBe(taken ? 302 : 400);
    if (taken) expect(response.headers.get('location')?.startsWith(`${asked}?code=`)).toBe(true);
  });

  test('are compared by prefix in the lab only', async () => {
    engine = await openEngine({ config: { 'authorize.redirectMatch': 'prefix' } });
    expect(
      (
        await send(await engine.client(), {
          redirect_uri: 'https://client.example.com.attacker.example/',
          auto_approve: 'true',
        })
      ).status,
    ).toBe(302);
    expect(engine.trace.facts.acted).toBeDefined();
  });
});

describe(
  'what is sent to the client [#authorize.error-redirected] [#pkce.challenge-syntax] ' + '[#oidc.prompt-none-alone]',
  () => {
    const cases: readonly [string, Params, string, string][] = [
      ['a parameter twice', { nonce: ['a', 'b'] }, 'invalid_request', 'authorize-parameter-repeated'],
      [
        'a token instead of a code',
        { response_type: 'token' },
        'unsupported_response_type',
        'response-type-unsupported',
      ],
      ['a hybrid', { response_type: 'code id_token' }, 'unsupported_response_type', 'response-type-unsupported'],
      ['an answer as a JWT', { response_mode: 'jwt' }, 'invalid_request', 'response-mode-unsupported'],
      ['a request object', { request: 'eyJ' }, 'request_not_supported', 'request-object-unsupported'],
      [
        'the address of a request object',
        { request_uri: 'https://client.example/request.jwt' },
        'request_uri_not_supported',
        'request-uri-unsupported',
      ],
      [
        'a registration in a parameter',
        { registration: '{"redirect_uris":[]}' },
        'registration_not_supported',
        'registration-parameter-unsupported',
      ],
      [
        'no challenge',
        { code_challenge: undefined, code_challenge_method: undefined },
        'invalid_request',
        'challenge-missing',
      ],
      ['a challenge that is empty', { code_challenge: '' }, 'invalid_request', 'challenge-missing'],
      ['a challenge cut short', { code_challenge: challenge.slice(1) }, 'invalid_request', 'challenge-malformed'],
      ['a challenge too long', { code_challenge: 'a'.repeat(129) }, 'invalid_request', 'challenge-malformed'],
      ['a challenge with padding', { code_challenge: `${challenge}=` }, 'invalid_request', 'challenge-malformed'],
      ['no method, which means plain', { code_challenge_method: undefined }, 'invalid_request', 'challenge-method'],
      ['plain', { code_challenge_method: 'plain' }, 'invalid_request', 'challenge-method'],
      ['a method in other capitals', { code_challenge_method: 's256' }, 'invalid_request', 'challenge-method'],
      ['a scope that nobody knows', { scope: 'notes:admin' }, 'invalid_scope', 'scope-unknown'],
      ['a scope outside the grammar', { scope: 'notes:read "x"' }, 'invalid_scope', 'scope-unknown'],
      ['a foreign resource', { resource: 'https://elsewhere.example.com/' }, 'invalid_target', 'resource-unknown'],
      ['a resource with a fragment', { resource: `${ORIGIN}/mcp#f` }, 'invalid_target', 'resource-unknown'],
      [
        'one own resource and a foreign one',
        { resource: [`${ORIGIN}/mcp`, 'https://elsewhere.example.com/'] },
        'invalid_target',
        'resource-unknown',
      ],
      ['an audience that is no URI', { audience: 'api' }, 'invalid_target', 'resource-unknown'],
      ['an unknown prompt', { prompt: 'maybe' }, 'invalid_request', 'authorize-parameter-invalid'],
      ['prompt none with another', { prompt: 'none login' }, 'invalid_request', 'authorize-parameter-invalid'],
      ['a max_age that is no number', { max_age: '-1' }, 'invalid_request', 'authorize-parameter-invalid'],
      ['an expires_in of nothing', { expires_in: '0' }, 'invalid_request', 'authorize-parameter-invalid'],
      [
        'an expires_in of more than a year',
        { expires_in: '31536001' },
        'invalid_request',
        'authorize-parameter-invalid',
      ],
      ['a dpop_jkt that is no thumbprint', { dpop_jkt: 'short' }, 'invalid_request', 'authorize-parameter-invalid'],
      [
        'an auto_approve that is neither true nor false',
        { auto_approve: 'yes' },
        'invalid_request',
        'authorize-parameter-invalid',
      ],
      ['nobody signed in and no page allowed', { prompt: 'none' }, 'login_required', 'login-required'],
    ];
    test.each(cases)('%s', async (_name, change, error, expected) => {
      engine = await openEngine();
      const response = await send(await engine.client(), change);
      expect(response.status).toBe(302);
      expect(response.headers.get('location')?.startsWith(`${CALLBACK}?`)).toBe(true);
      expect(answer(response)).toEqual({
        error,
        error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/),
        state: 'xyz',
        iss: ORIGIN,
      });
      expect(reason()).toBe(expected);
    });

    test("a state that came twice is nobody's state", async () => {
      engine = await openEngine();
      expect(answer(await send(await engine.client(), { state: ['a', 'b'] }))).toEqual({
        error: 'invalid_request',
        error_description: expect.any(String),
        iss: ORIGIN,
      });
    });

    test('a client that did not register for codes', async () => {
      engine = await openEngine();
      expect(answer(await send(await engine.client({ grant_types: ['client_credentials'] }))).error).toBe(
        'unauthorized_client',
      );
    });

    test('a scope that was not registered; one that a registered one implies is let through', async () => {
      engine = await openEngine();
      engine.configure({ 'registration.scope': 'ceiling' });
      const client = await engine.client({ scope: 'notes:write' });
      const refused = answer(await send(client, { scope: 'admin' }));
      expect([refused.error, refused.error_description]).toEqual([
        'invalid_scope',
        'The client did not register the scope admin. The knob registration.scope can lift this.',
      ]);
      expect(answer(await send(client, { scope: 'notes:read', auto_approve: 'true' })).error).toBeUndefined();
    });

    test('a request that was not pushed, where it must be [#par.required]', async () => {
      engine = await openEngine({ config: { 'par.required': true } });
      expect(answer(await send(await engine.client())).error).toBe('invalid_request');
      expect(reason()).toBe('push-required');
    });
  },
);

describe('knobs', () => {
  test('authorize.pkce optional takes a request without a challenge, s256-or-plain takes plain', async () => {
    engine = await openEngine({ config: { 'authorize.pkce': 'optional' } });
    const client = await engine.client();
    expect(
      answer(await send(client, { code_challenge: undefined, code_challenge_method: undefined, auto_approve: 'true' }))
        .code,
    ).toBeDefined();
    engine.configure({ 'authorize.pkce': 's256-or-plain' });
    const { code } = answer(await send(client, { code_challenge_method: undefined, auto_approve: 'true' }));
    expect((await engine.tenant.store.findCode(sha256(code!)))?.code.codeChallengeMethod).toBe('plain');
    expect(answer(await send(client, { code_challenge: undefined })).error).toBe('invalid_request');
  });

  test('authorize.iss, authorize.state and authorize.code spoil one parameter each', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const spoilt = async (config: Parameters<Engine['configure']>[0]) => {
      engine.configure(config);
      return answer(await send(client, { auto_approve: 'true' }));
    };
    expect(await spoilt({ 'authorize.iss': 'omit' })).not.toHaveProperty('iss');
    expect((await spoilt({ 'authorize.iss': 'other-issuer' })).iss).toBe('https://other-issuer.example');
    expect((await spoilt({ 'authorize.iss': 'equivalent' })).iss).toBe(`${ORIGIN}/`);
    expect((await spoilt({ 'authorize.state': 'wrong' })).state).not.toBe('xyz');
    expect(await spoilt({ 'authorize.state': 'omit' })).not.toHaveProperty('state');
    const { code } = await spoilt({ 'authorize.code': 'wrong' });
    expect(await engine.tenant.store.findCode(sha256(code!))).toBeNull();
    expect(await spoilt({ 'authorize.code': 'omit' })).toEqual({ state: 'xyz', iss: ORIGIN });
  });

  test('consent.outcome decides without a page', async () => {
    engine = await openEngine();
    const client = await engine.client();
    const outcome = async (value: 'approve' | 'deny' | 'server_error' | 'temporarily_unavailable') => {
      engine.configure({ 'consent.outcome': value });
      return answer(await send(client));
    };
    expect(await outcome('approve')).toHaveProperty('code');
    expect(await outcome('deny')).toMatchObject({ error: 'access_denied', state: 'xyz', iss: ORIGIN });
    expect(await outcome('server_error')).toMatchObject({ error: 'server_error' });
    expect(await outcome('temporarily_unavailable')).toMatchObject({ error: 'temporarily_unavailable' });
  });

  test('scopes.grant and resourceParameter', async () => {
    engine = await openEngine({ config: { 'scopes.grant': { drop: ['notes:write'] }, resourceParameter: 'ignore' } });
    const { code } = answer(
      await send(await engine.client(), {
        scope: 'notes:read notes:write',
        resource: 'https://elsewhere.example.com/',
        auto_approve: 'true',
      }),
    );
    expect((await engine.tenant.store.findCode(sha256(code!)))?.grant).toMatchObject({
      scope: ['notes:read'],
      resource: [`${ORIGIN}/mcp`],
    });
    engine.configure({ resourceParameter: 'require' });
    expect(answer(await send(await engine.client())).error).toBe('invalid_target');
    const acted = () => engine.trace.facts.acted?.name;
    expect(acted()).toBe('resourceParameter');
    await send(await engine.client(), { resource: `${ORIGIN}/mcp` });
    expect(acted(), 'a resource that is there makes no difference').toBeUndefined();
    engine.configure({ resourceParameter: 'reject' });
    expect(answer(await send(await engine.client(), { resource: `${ORIGIN}/mcp` })).error).toBe('invalid_target');
    expect(acted()).toBe('resourceParameter');
    await send(await engine.client());
    expect(acted(), 'nothing was there to reject').toBeUndefined();
  });

  test('code.lifetime is how long the code lives, by the clock of the sandbox', async () => {
    engine = await openEngine({ config: { 'code.lifetime': 5 } });
    const { code } = answer(await send(await engine.client(), { auto_approve: 'true' }));
    expect((await engine.tenant.store.findCode(sha256(code!)))?.code.expiresAt).toBe(engine.tenant.now() + 5000);
  });
});

describe('no open redirector [#authorize.no-open-redirector]', () => {
  const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site', accept: 'text/html' };
  const auto = { auto_approve: 'true' };

  test('a navigation on a public instance is shown where it goes first, and has to click', async () => {
    engine = await openEngine({ origin: 'https://authwalk.dev', isPublic: true });
    const response = await send(await engine.client(), auto, { headers: navigation });
    expect([response.status, response.headers.get('location')]).toEqual([200, null]);
    const text = await response.text();
    expect(text).toContain('client.example.com');
    expect(text).toMatch(
      /<a class="go" href="https:..client.example.com.callback\?code=[\w-]+&amp;state=xyz&amp;iss=[\w.%]+authwalk.dev"/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('so is a browser over plain http, which sends no fetch metadata', async () => {
    engine = await openEngine({ origin: 'http://authwalk.dev', isPublic: true });
    expect(
      (await send(await engine.client(), auto, { headers: { accept: 'text/html', 'upgrade-insecure-requests': '1' } }))
        .status,
    ).toBe(200);
  });

  test('errors too', async () => {
    engine = await openEngine({ origin: 'https://authwalk.dev', isPublic: true });
    expect((await send(await engine.client(), { scope: 'nothing' }, { headers: navigation })).status).toBe(200);
  });

  test('loopback addresses, programs, local instances and the control token go straight through', async () => {
    engine = await openEngine({
      origin: 'https://authwalk.dev',
      isPublic: true,
      controlToken: 'control',
      sandboxId: 'k3v9',
    });
    const client = await engine.client({ redirect_uris: [CALLBACK, 'http://127.0.0.1/cb'] });
    expect(
      (await send(client, { ...auto, redirect_uri: 'http://127.0.0.1:5000/cb' }, { headers: navigation })).status,
    ).toBe(302);
    expect((await send(client, auto)).status).toBe(302);
    const shown = await send(client, { ...auto, control_token: 'control' }, { headers: navigation });
    expect(shown.status).toBe(302);
    expect(shown.headers.get('location')).not.toContain('control');
    expect((await send(client, auto, { headers: { ...navigation, authorization: 'Bearer control' } })).status).toBe(
      302,
    );
    expect((await send(client, { ...auto, control_token: 'other' }, { headers: navigation })).status).toBe(200);
    await engine.close();
    engine = await openEngine();
    expect((await send(await engine.client(), auto, { headers: navigation })).status).toBe(302);
  });
});

test.each([
  ['a public instance: a link of somebody else signs nobody out', true],
  ['a local one: each approval is by a user of its own', false],
])('auto_approve at %s', async (_, isPublic) => {
  engine = await openEngine({ origin: isPublic ? 'https://authwalk.dev' : ORIGIN, isPublic });
  const client = await engine.client();
  const browser: Browser = { id: 'b'.repeat(43) };
  const signedIn = async () => (await engine.tenant.store.getSession(sha256(browser.id!), engine.tenant.now()))?.sub;
  await send(client, { auto_approve: 'true' }, { browser });
  const first = await signedIn();
  expect(first).toMatch(/^u_/);
  const { code } = answer(await send(client, { auto_approve: 'true' }, { browser }));
  expect((await engine.tenant.store.findCode(sha256(code!)))?.grant.sub).not.toBe(first);
  expect((await signedIn()) === first).toBe(isPublic);
});

describe('prompt and max_age', () => {
  const user = { auto_approve_email: 'ada@example.com', auto_approve_password: 'engine' };

  async function signedIn(): Promise<{ client: ClientRecord; browser: Browser }> {
    engine = await openEngine();
    const client = await engine.client();
    const browser: Browser = { id: 'b'.repeat(43) };
    await send(client, user, { browser });
    return { client, browser };
  }

  test('prompt=none is answered for whoever is signed in and has agreed before', async () => {
    const { client, browser } = await signedIn();
    engine.advance(10);
    const { code } = answer(await send(client, { prompt: 'none' }, { browser }));
    const grant = (await engine.tenant.store.findCode(sha256(code!)))?.grant;
    expect(grant?.details).toMatchObject({ authTime: engine.tenant.now() - 10_000, sid: expect.any(String) });
  });

  test('prompt=none for more than was agreed to is consent_required [#oidc.prompt-none]', async () => {
    const { client, browser } = await signedIn();
    expect(answer(await send(client, { prompt: 'none', scope: 'notes:write' }, { browser })).error).toBe(
      'consent_required',
    );
    expect(answer(await send(await engine.client(), { prompt: 'none' }, { browser })).error).toBe('consent_required');
  });

  test(
    'another browser, or a login older than max_age, is login_required [#oidc.prompt-none] ' + '[#oidc.auth-time]',
    async () => {
      const { client, browser } = await signedIn();
      expect(answer(await send(client, { prompt: 'none' }, { browser: { id: 'c'.repeat(43) } })).error).toBe(
        'login_required',
      );
      engine.advance(61);
      expect(answer(await send(client, { prompt: 'none', max_age: '60' }, { browser })).error).toBe('login_required');
      expect(answer(await send(client, { prompt: 'none', max_age: '61' }, { browser })).code).toBeDefined();
    },
  );

  test('acr is said where it was asked for, and is what really happened', async () => {
    const { client } = await signedIn();
    const acr = async (change: Params) =>
      (await engine.tenant.store.findCode(sha256(answer(await send(client, { acr_values: 'gold', ...change })).code!)))
        ?.grant.details.acr;
    expect(await acr(user)).toBe('urn:authwalk:acr:password');
    expect(await acr({ auto_approve: 'true' })).toBe('0');
  });
});
