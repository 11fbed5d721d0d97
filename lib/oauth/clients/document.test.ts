import { decodeProtectedHeader } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { FetchRefused } from '#lib/fetch/refused.ts';
import { type Browser, type Engine, openEngine, ORIGIN, type Params, pkce } from '#lib/testing/engine.ts';
import { authorize } from '../endpoints/authorize.ts';
import { token } from '../endpoints/token.ts';
import { consentView } from '../interaction/view.ts';
import { freshness } from './document-cache.ts';

const URL_OF_CLIENT = 'https://client.example.com/oauth/client.json';
const CALLBACK = 'https://client.example.com/callback';
const DOCUMENT = {
  client_id: URL_OF_CLIENT,
  client_name: 'Fieldnotes',
  redirect_uris: [CALLBACK],
  token_endpoint_auth_method: 'none',
};

let engine: Engine;
afterEach(() => engine.close());

interface Served {
  readonly document?: unknown;
  readonly text?: string;
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

/** An engine whose network holds one document. `asked` is what was fetched, with its ETag. */
async function serving(
  served: Served | FetchRefused,
  config: Parameters<Engine['configure']>[0] = {},
): Promise<{ asked: (string | undefined)[]; serve: (next: Served) => void }> {
  const asked: (string | undefined)[] = [];
  let current = served;
  engine = await openEngine({
    config,
    fetch: async (_url, { etag }) => {
      asked.push(etag);
      if (current instanceof FetchRefused) throw current;
      const { document = DOCUMENT, text = JSON.stringify(document), status = 200, headers = {} } = current;
      return {
        status,
        headers: new Headers({ 'content-type': 'application/json', ...headers }),
        body: new TextEncoder().encode(text),
      };
    },
  });
  return {
    asked,
    serve: (next) => {
      current = next;
    },
  };
}

function ask(change: Params = {}, browser: Browser = { id: null }): Promise<Response> {
  return engine.call(authorize, {
    path: '/oauth/authorize',
    browser,
    headers: { accept: 'text/html' },
    query: {
      client_id: URL_OF_CLIENT,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'notes:read',
      code_challenge: pkce().challenge,
      code_challenge_method: 'S256',
      ...change,
    },
  });
}

async function refused(change: Params = {}): Promise<unknown[]> {
  const response = await ask(change);
  return [response.status, response.headers.get('location'), engine.trace.facts.error, engine.trace.facts.reason];
}

describe('a client known by its document', () => {
  test('is taken, and shown with its host', async () => {
    await serving({});
    const browser: Browser = { id: null };
    const response = await ask({}, browser);
    const shown = await consentView(
      engine.tenant,
      response.headers.get('location')!.split('/consent/')[1]!,
      browser.id,
    );
    expect(shown).toMatchObject({
      client: {
        name: 'Fieldnotes',
        known: 'document',
        documentHost: 'client.example.com',
        says: expect.stringContaining('client.example.com'),
      },
    });
  });

  test('is held to the redirect URIs of the document [#cimd.redirect-uris]', async () => {
    await serving({});
    expect(await refused({ redirect_uri: 'https://attacker.example.com/' })).toEqual([
      400,
      null,
      'invalid_request',
      'redirect-uri-unregistered',
    ]);
  });

  test('whose host is not that of the redirect URI is warned of', async () => {
    await serving({ document: { ...DOCUMENT, redirect_uris: ['https://other.example.com/cb'] } });
    const browser: Browser = { id: null };
    const response = await ask({ redirect_uri: 'https://other.example.com/cb' }, browser);
    expect(
      await consentView(engine.tenant, response.headers.get('location')!.split('/consent/')[1]!, browser.id),
    ).toMatchObject({ redirect: { warning: { id: 'other-host' } } });
  });

  test('is unknown where documents are switched off', async () => {
    await serving({}, { 'cimd.support': false });
    expect(await refused()).toEqual([400, null, 'invalid_request', 'client-unknown']);
  });
});

describe('the address [#cimd.identifier]', () => {
  test.each([
    ['https://client.example.com', 'document-invalid'],
    ['https://client.example.com/', 'document-invalid'],
    ['https://client.example.com?a=b', 'document-invalid'],
    ['https://client.example.com/c.json#f', 'document-invalid'],
    ['https://client.example.com/c.json ', 'document-invalid'],
    ['https://client.example.com/a b', 'document-invalid'],
    ['https://client.example.com/<c>', 'document-invalid'],
    ['https://bücher.example/c.json', 'document-invalid'],
    ['https://client.example.com/a/../c.json', 'document-invalid'],
    ['https://client.example.com/a/%2E%2e/c.json', 'document-invalid'],
    ['https://user:pw@client.example.com/c.json', 'document-invalid'],
    ['http://client.example.com/c.json', 'document-address'],
  ])('%s is refused before anything is fetched', async (client_id, reason) => {
    const { asked } = await serving({});
    expect(await refused({ client_id })).toEqual([400, null, 'invalid_client', reason]);
    expect(asked).toEqual([]);
  });

  test('of loopback is read by a server that is local itself, and by no other', async () => {
    const client_id = 'http://127.0.0.1:8080/client.json';
    await serving({ document: { ...DOCUMENT, client_id } });
    expect((await ask({ client_id })).status).toBe(302);
    await engine.close();
    engine = await openEngine({ origin: 'https://authwalk.dev' });
    expect(await refused({ client_id })).toEqual([400, null, 'invalid_client', 'document-address']);
  });

  test('of this very site is read in process', async () => {
    const { asked } = await serving({});
    expect(
      (await ask({ client_id: `${ORIGIN}/client-metadata.json`, redirect_uri: `${ORIGIN}/guide/callback` })).status,
    ).toBe(302);
    expect(await refused({ client_id: `${ORIGIN}/elsewhere.json` })).toEqual([
      400,
      null,
      'invalid_client',
      'document-unreachable',
    ]);
    expect(asked).toEqual([]);
  });
});

describe('what goes wrong [#cimd.names-itself] [#cimd.no-secret]', () => {
  const cases: readonly [string, Served | FetchRefused, string][] = [
    ['an inner address', new FetchRefused('address', 'inner'), 'document-address'],
    ['no answer', new FetchRefused('timeout', 'late'), 'document-unreachable'],
    ['a redirect', new FetchRefused('redirect', 'elsewhere'), 'document-unreachable'],
    ['too much', new FetchRefused('too-large', 'long'), 'document-unreachable'],
    ['not found', { status: 404 }, 'document-unreachable'],
    ['a page', { headers: { 'content-type': 'text/html' } }, 'document-invalid'],
    ['no JSON', { text: '{' }, 'document-invalid'],
    ['no object', { document: [] }, 'document-invalid'],
    ['null', { text: 'null' }, 'document-invalid'],
    ['no client_id', { document: { redirect_uris: [CALLBACK] } }, 'document-invalid'],
    [
      'another client_id',
      { document: { ...DOCUMENT, client_id: 'https://other.example.com/client.json' } },
      'document-mismatch',
    ],
    [
      'a client_id that is only equivalent',
      { document: { ...DOCUMENT, client_id: 'https://client.example.com:443/oauth/client.json' } },
      'document-mismatch',
    ],
    ['no redirect URIs', { document: { ...DOCUMENT, redirect_uris: [] } }, 'document-invalid'],
    [
      'a redirect URI to run',
      { document: { ...DOCUMENT, redirect_uris: [CALLBACK, 'javascript:alert(1)'] } },
      'document-invalid',
    ],
    [
      'a redirect URI in the clear',
      { document: { ...DOCUMENT, redirect_uris: [CALLBACK, 'http://client.example.com/cb'] } },
      'document-invalid',
    ],
    ['a secret', { document: { ...DOCUMENT, client_secret: 'hunter2' } }, 'document-invalid'],
    [
      'a method with a secret',
      { document: { ...DOCUMENT, token_endpoint_auth_method: 'client_secret_post' } },
      'document-invalid',
    ],
    [
      'a key that is private',
      {
        document: {
          ...DOCUMENT,
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [{ kty: 'EC', d: 'x' }] },
        },
      },
      'document-invalid',
    ],
    [
      'a method by key without a key',
      { document: { ...DOCUMENT, token_endpoint_auth_method: 'private_key_jwt' } },
      'document-invalid',
    ],
    [
      'keys at an address that is never fetched',
      { document: { ...DOCUMENT, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://10.0.0.1/keys' } },
      'document-invalid',
    ],
    ['members of another kind', { document: { ...DOCUMENT, scope: ['a'] } }, 'document-invalid'],
    ['a scope outside the grammar', { document: { ...DOCUMENT, scope: 'a"b' } }, 'document-invalid'],
    ['a number for an address', { document: { ...DOCUMENT, logo_uri: 5 } }, 'document-invalid'],
    ['a number for an algorithm', { document: { ...DOCUMENT, id_token_signed_response_alg: 5 } }, 'document-invalid'],
    ['a flag in words', { document: { ...DOCUMENT, dpop_bound_access_tokens: 'yes' } }, 'document-invalid'],
    ['an age before now', { document: { ...DOCUMENT, default_max_age: -5 } }, 'document-invalid'],
    [
      'keys in two places',
      { document: { ...DOCUMENT, jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: 'https://client.example.com/keys' } },
      'document-invalid',
    ],
    [
      'a factor of a private key',
      { document: { ...DOCUMENT, jwks: { keys: [{ kty: 'RSA', p: 'x' }] } } },
      'document-invalid',
    ],
    [
      'a method by key and an empty key set',
      { document: { ...DOCUMENT, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } } },
      'document-invalid',
    ],
  ];
  test.each(cases)('%s', async (_name, served, reason) => {
    await serving(served);
    expect(await refused()).toEqual([400, null, 'invalid_client', reason]);
  });
});

test('a member that is null is one that is left out', async () => {
  await serving({ document: { ...DOCUMENT, scope: null, logo_uri: null, client_name: null, jwks_uri: null } });
  expect((await ask()).status).toBe(302);
});

test.each(['none', 'HS256', 'ES512'])('ID tokens by %s are not offered, and the default is taken', async (alg) => {
  await serving({ document: { ...DOCUMENT, id_token_signed_response_alg: alg } });
  const { challenge, verifier } = pkce();
  const response = await ask({ scope: 'openid', auto_approve: 'true', code_challenge: challenge });
  const answer = await engine.call(token, {
    path: '/oauth/token',
    form: {
      grant_type: 'authorization_code',
      client_id: URL_OF_CLIENT,
      code: new URL(response.headers.get('location')!).searchParams.get('code')!,
      code_verifier: verifier,
    },
  });
  const { id_token } = (await answer.json()) as { id_token: string };
  expect(decodeProtectedHeader(id_token).alg).toBe('RS256');
});

describe('the cache [#cimd.cached]', () => {
  test('believes a document as long as its headers say', async () => {
    const { asked } = await serving({ headers: { 'cache-control': 'max-age=60' } });
    await ask();
    engine.advance(59);
    await ask();
    expect(asked).toHaveLength(1);
    engine.advance(2);
    await ask();
    expect(asked).toHaveLength(2);
  });

  test('asks with the ETag, and goes on with what it has where nothing changed', async () => {
    const { asked, serve } = await serving({ headers: { 'cache-control': 'max-age=1', etag: '"1"' } });
    await ask();
    engine.advance(2);
    serve({ status: 304, text: '' });
    expect((await ask()).status).toBe(302);
    expect(asked).toEqual([undefined, '"1"']);
  });

  test('keeps nothing that is wrong, and nothing that says no-store', async () => {
    const { asked, serve } = await serving({
      document: { ...DOCUMENT, client_id: 'https://other.example.com/c.json' },
    });
    expect((await refused())[3]).toBe('document-mismatch');
    serve({ headers: { 'cache-control': 'no-store' } });
    expect((await ask()).status).toBe(302);
    expect((await ask()).status).toBe(302);
    expect(asked).toHaveLength(3);
  });

  test.each([
    [{}, { store: true, seconds: 300 }],
    [{ 'cache-control': 'max-age=999999999' }, { store: true, seconds: 86_400 }],
    [{ 'cache-control': 'public, s-maxage=5, max-age=9' }, { store: true, seconds: 5 }],
    [{ 'cache-control': 'no-cache' }, { store: true, seconds: 0 }],
    [
      { 'cache-control': 'max-age=10', age: '4' },
      { store: true, seconds: 6 },
    ],
    [{ expires: '0' }, { store: true, seconds: 0 }],
  ])('reads %o', (headers, expected) =>
    expect(freshness(new Headers(headers as Record<string, string>))).toEqual(expected),
  );
});

describe('knobs', () => {
  test.each([
    ['unreachable', 'document-unreachable'],
    ['not-found', 'document-unreachable'],
    ['invalid-json', 'document-invalid'],
    ['wrong-client-id', 'document-mismatch'],
  ] as const)('cimd.fetch %s', async (knob, reason) => {
    const { asked } = await serving({}, { 'cimd.fetch': knob });
    expect((await refused())[3]).toBe(reason);
    expect(asked).toEqual([]);
  });

  test('cimd.fetch assume believes the URL, and the redirect URI of the request', async () => {
    const { asked } = await serving({}, { 'cimd.fetch': 'assume' });
    expect((await ask()).status).toBe(302);
    expect(asked).toEqual([]);
  });

  test('cimd.patch changes the document before it is checked', async () => {
    await serving({}, { 'cimd.patch': { client_secret: 'hunter2' } });
    expect((await refused())[3]).toBe('document-invalid');
  });

  test('cimd.guard none-simulated acts out what a server without a guard would tell; nothing is fetched', async () => {
    const { asked } = await serving({}, { 'cimd.guard': 'none-simulated' });
    const response = await ask({ client_id: 'https://169.254.169.254/latest/meta-data' });
    expect(await response.text()).toContain('INVENTED');
    expect(asked).toEqual([]);
  });

  test.each(['https://rebind.example/client.json', 'https://detour.example/client.json'])(
    'strict refuses the hosts of the lab too: %s',
    async (client_id) => {
      const { asked } = await serving({});
      expect((await refused({ client_id }))[3]).toBe('document-address');
      expect(asked).toEqual([]);
    },
  );
});
