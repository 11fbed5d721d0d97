/** What whoever owns a sandbox could do to others with it: anybody may make one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer, type Instance, json, openInstance, type TestSandbox } from '../lib/sandbox.ts';

const SITE = 'https://authwalk.example';
const NAVIGATION = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-dest': 'document',
  accept: 'text/html',
};
let site: Instance;
let place: TestSandbox;
beforeAll(async () => {
  site = await openInstance({ PUBLIC_URL: SITE });
  place = await site.sandbox();
});
afterAll(() => site.close());

const fault = (effect: Record<string, unknown>, endpoint = 'jwks', more: Record<string, unknown> = {}) =>
  place.control('POST', '/faults', { endpoint, times: 'always', effect, ...more });
const clear = () => place.control('DELETE', '/faults');

describe('a scripted answer', () => {
  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    `${SITE}@evil.example/`,
    `${SITE}.evil.example/`,
    'https://authwalk.example:444/',
    'http://authwalk.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    '{origin}.evil.example/',
    '{origin}@evil.example',
    '{base}/../../../\\evil.example',
    '\thttps://evil.example',
  ])('does not send anybody to %j', async (location) => {
    const made = await fault({ status: 302, headers: { Location: location } });
    const answer = await place.get('/.well-known/jwks.json', NAVIGATION);
    await clear();
    const led = answer.headers.get('location');
    const target = led === null ? null : new URL(led, `${SITE}/`);
    expect([location, made.status, target === null || target.origin === SITE]).toEqual([location, made.status, true]);
    expect(answer.text).not.toContain('href="javascript:');
  });

  test('sends to a registered address only by way of the page in between', async () => {
    const foreign = await place.register({ redirect_uris: ['https://client.example/callback'] });
    expect(foreign.client_id).toBeTruthy();
    expect((await fault({ status: 302, headers: { location: 'https://client.example/callback?x=1' } })).status).toBe(
      201,
    );
    const answer = await place.get('/.well-known/jwks.json', NAVIGATION);
    expect([answer.headers.get('location'), answer.text.includes('client.example')]).toEqual([null, true]);
    // Over plain http a browser sends no fetch metadata, but asks to be upgraded.
    expect(
      (
        await place.get('/.well-known/jwks.json', { accept: 'text/html', 'upgrade-insecure-requests': '1' })
      ).headers.get('location'),
    ).toBeNull();
    expect((await place.get('/.well-known/jwks.json')).headers.get('location')).toBe(
      'https://client.example/callback?x=1',
    );
    await clear();
  });

  test.each([
    'Set-Cookie',
    'set-cookie',
    'Content-Security-Policy',
    'Clear-Site-Data',
    'Refresh',
    'Link',
    'Alt-Svc',
    'Service-Worker-Allowed',
    'Strict-Transport-Security',
    'Transfer-Encoding',
    'Content-Length',
    'Connection',
    'Upgrade',
    'Content-Type',
    'X-Content-Type-Options',
    'Access-Control-Allow-Credentials',
    'Report-To',
    'NEL',
  ])('sets no %s', async (name) => {
    expect((await fault({ headers: { [name]: 'x' } })).status).toBe(400);
    expect(
      (
        await place.control('PATCH', '', {
          config: { faults: [{ endpoint: 'jwks', effect: { headers: { [name]: 'x' } } }] },
        })
      ).status,
    ).toBe(400);
  });

  test('splits no header', async () => {
    for (const value of ['x\r\nSet-Cookie: a=b', 'x\nSet-Cookie: a=b', 'x\u0000', 'é'])
      expect.soft((await fault({ headers: { 'x-odd': value } })).status).toBe(400);
    for (const name of ['x odd', 'x:odd', 'x\r\nodd', '', 'é'])
      expect.soft((await fault({ headers: { [name]: 'x' } })).status).toBe(400);
  });

  test('runs nothing, whatever it holds', async () => {
    const evil =
      '<script>fetch("/api/sandboxes")</script><form action="/oauth/authorize" method="post"><meta ' +
      'http-equiv="refresh" content="0;url=https://evil.example">';
    for (const endpoint of ['jwks', 'authorize', 'token', 'as-metadata', 'mcp']) {
      await fault({ body: evil, content_type: 'text/html' }, endpoint);
      const path = {
        jwks: '/.well-known/jwks.json',
        authorize: '/oauth/authorize',
        token: '/oauth/token',
        'as-metadata': '/.well-known/openid-configuration',
        mcp: '/mcp',
      }[endpoint]!;
      const answer =
        endpoint === 'token'
          ? await place.post(path, { grant_type: 'x' }, NAVIGATION)
          : await place.get(path, NAVIGATION);
      const policy = answer.headers.get('content-security-policy')!;
      expect
        .soft([
          endpoint,
          policy.startsWith("sandbox; default-src 'none'"),
          /allow-|unsafe/.test(policy),
          answer.headers.get('x-content-type-options'),
        ])
        .toEqual([endpoint, true, false, 'nosniff']);
      await clear();
    }
    expect((await fault({ body: 'x', content_type: 'image/svg+xml' })).status).toBe(400);
    expect((await fault({ body: 'x', content_type: 'application/javascript' })).status).toBe(400);
  });

  test('acts in no other sandbox, and not on the control API', async () => {
    const other = await site.sandbox();
    await fault({ status: 503, error: 'temporarily_unavailable' }, 'jwks');
    expect((await other.get('/.well-known/jwks.json')).status).toBe(200);
    expect((await site.ask(`${SITE}/.well-known/jwks.json`)).status).toBe(200);
    expect((await place.control('GET')).status).toBe(200);
    await clear();
  });

  test('does not hold the server up: few wait at once', async () => {
    await fault({ delay_ms: 4000 }, 'jwks');
    const answers = await Promise.all(Array.from({ length: 30 }, () => place.get('/.well-known/jwks.json')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    expect((await fault({ delay_ms: 30_001 })).status).toBe(400);
    await clear();
  });
});

describe('a link to look', () => {
  test('shows no secret and changes nothing', async () => {
    const client = await place.confidential();
    const tokens = await place.tokens(client);
    const { status, body } = await place.control('POST', '/shares', {});
    expect(status).toBe(201);
    const share = bearer(body.token);
    const seen = await site.ask(`${SITE}/api/sandboxes/${place.id}/exchanges`, { headers: share });
    expect(seen.status).toBe(200);
    for (const secret of [
      tokens.access_token,
      tokens.refresh_token,
      client.client_secret!,
      client.registration_access_token,
      place.made.control_token,
    ])
      expect.soft(seen.text).not.toContain(secret);
    expect((await site.ask(`${SITE}/api/sandboxes/${place.id}/exchanges?reveal=1`, { headers: share })).status).toBe(
      401,
    );
    for (const format of ['har', 'curl', 'playwright']) {
      const exported = await site.ask(`${SITE}/api/sandboxes/${place.id}/export?format=${format}`, { headers: share });
      expect.soft([format, [200, 401].includes(exported.status)]).toEqual([format, true]);
      for (const secret of [tokens.access_token, tokens.refresh_token, client.client_secret!, place.made.control_token])
        expect.soft([format, exported.text.includes(secret)]).toEqual([format, false]);
    }
    for (const [method, path, sent] of [
      ['PATCH', '', { ttl: 60 }],
      ['DELETE', '', undefined],
      ['POST', '/reset', {}],
      ['POST', '/clock', { advance: 1 }],
      ['POST', '/faults', { endpoint: 'token', effect: { status: 500 } }],
      ['DELETE', '/faults', undefined],
      ['POST', '/users', { email: 'x@example.com' }],
      ['POST', '/clients', { client_id: 'x' }],
      ['POST', '/tokens', {}],
      ['POST', '/keys/rotate', {}],
      ['PUT', '/keys', { keys: [] }],
      ['POST', '/shares', {}],
    ] as const) {
      const answer = await site.ask(
        `${SITE}/api/sandboxes/${place.id}${path}`,
        sent === undefined ? { method, headers: share } : json(method, sent, share),
      );
      expect.soft([method, path, answer.status]).toEqual([method, path, 401]);
    }
    const other = await site.sandbox();
    expect((await site.ask(`${SITE}/api/sandboxes/${other.id}/exchanges`, { headers: share })).status).toBe(401);
  });
});

describe('the root of a public instance', () => {
  test("has no control without the operator's token", async () => {
    for (const [method, path, sent] of [
      ['GET', '', undefined],
      ['PATCH', '', { config: { legacyGrants: true } }],
      ['POST', '/reset', {}],
      ['POST', '/clock', { advance: 1 }],
      ['GET', '/exchanges', undefined],
      ['POST', '/tokens', {}],
    ] as const) {
      for (const headers of [{}, bearer(place.made.control_token), bearer('')] as Record<string, string>[]) {
        const answer = await site.ask(
          `${SITE}/api/sandboxes/default${path}`,
          sent === undefined ? { method, headers } : json(method, sent, headers),
        );
        expect.soft([method, path, answer.status]).toEqual([method, path, 401]);
      }
    }
    expect((await site.ask(`${SITE}/metrics`)).status).toBe(401);
  });
});

describe('a local instance', () => {
  test('is not steered by a page of another origin', async () => {
    const home = await openInstance();
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ] as Record<string, string>[]) {
      for (const init of [{ headers }, json('POST', {}, headers)])
        expect
          .soft([401, 403])
          .toContain((await home.ask(`/api/sandboxes/default${init.method === 'POST' ? '/reset' : ''}`, init)).status);
    }
    expect((await home.server.ask('/api/sandboxes/default', { host: 'evil.example' })).status).toBe(421);
    expect((await home.ask('/api/sandboxes/default')).status).toBe(200);
    await home.close();
  });
});
