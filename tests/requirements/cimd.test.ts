import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALLBACK, type Instance, openInstance, ORIGIN, type TestSandbox } from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let site: Server;
let base: string;
let asked: string[] = [];
let pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {};

beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  site = createServer((request, response) => {
    asked.push(request.url!);
    const page = pages[request.url!];
    if (page) page(request, response);
    else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(site.address() as { port: number }).port}`;
});
afterAll(async () => {
  site.closeAllConnections();
  site.close();
  await instance.close();
});
beforeEach(() => {
  asked = [];
  pages = {};
});

let count = 0;
/** Puts a document where a client of this name is; what is given stands over what it usually has. */
function publish(change: Record<string, unknown> = {}, headers: Record<string, string> = {}): string {
  const url = `${base}/client-${count++}.json`;
  const document: Record<string, unknown> = {
    client_id: url,
    client_name: 'Documented',
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    ...change,
  };
  pages[url.slice(base.length)] = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(document));
  };
  return url;
}
const ask = (client_id: string, parameters: Record<string, string> = {}, place = sandbox) =>
  place.authorize(client_id, { redirect_uri: CALLBACK, auto_approve: 'true', ...parameters }, { accept: 'text/html' });
const outcome = async (client_id: string, parameters: Record<string, string> = {}, place = sandbox) => {
  const { status, headers } = await ask(client_id, parameters, place);
  return [status, headers.get('location')?.includes('code=') ?? null];
};
const REFUSED = [400, null];

test('a client is known by its document, from authorization to refresh', async () => {
  const client_id = publish();
  const { code, code_verifier } = await sandbox.code(client_id, { redirect_uri: CALLBACK });
  const { status, body } = await sandbox.token({ grant_type: 'authorization_code', client_id, code, code_verifier });
  expect(status).toBe(200);
  expect(await sandbox.introspect(body.access_token)).toMatchObject({ active: true, client_id });
  expect(
    (await sandbox.token({ grant_type: 'refresh_token', client_id, refresh_token: body.refresh_token })).status,
  ).toBe(200);
});

test('the identifier is https with a path: no fragment, credentials, dot segments [#cimd.identifier]', async () => {
  const good = publish();
  const path = good.slice(base.length);
  for (const bad of [
    base,
    `${base}/`,
    `${good}#x`,
    good.replace('http://', 'http://user@'),
    good.replace('http://', 'http://user:password@'),
    `${base}/.${path}`,
    `${base}/x/..${path}`,
    `${base}/x/%2e%2e${path}`,
    `${base}/%2E${path}`,
    'http://client.example/client.json',
    'ftp://client.example/client.json',
    'https://',
    `https://client.example/${'x'.repeat(3000)}`,
  ])
    expect.soft([bad, await outcome(bad)]).toEqual([bad, REFUSED]);
  expect(asked).toEqual([]);
  expect(await outcome(good)).toEqual([302, true]);
});

test('the document names its own address, exactly [#cimd.names-itself]', async () => {
  for (const client_id of [
    `${base}/other.json`,
    `${base}/client-${count}.json/`,
    `${base}/client-${count}.json?`,
    'x',
    '',
    7,
    null,
    undefined,
    `${base.replace('127.0.0.1', 'localhost')}/client-${count}.json`,
  ]) {
    expect.soft([client_id, await outcome(publish({ client_id }))]).toEqual([client_id, REFUSED]);
  }
});

test('a document holds no secret, and asks for no method with one [#cimd.no-secret]', async () => {
  const privateJwk = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
  for (const change of [
    { client_secret: 'x' },
    { client_secret_expires_at: 0 },
    { token_endpoint_auth_method: 'client_secret_basic' },
    { token_endpoint_auth_method: 'client_secret_post' },
    { token_endpoint_auth_method: 'client_secret_jwt' },
    { token_endpoint_auth_method: 'private_key_jwt' },
    { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [privateJwk] } },
    { jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } },
  ]) {
    expect.soft([Object.keys(change), await outcome(publish(change))]).toEqual([Object.keys(change), REFUSED]);
  }
});

test('the redirect URI of the request stands in the document [#cimd.redirect-uris]', async () => {
  const client_id = publish({ redirect_uris: [CALLBACK, 'http://127.0.0.1/cb'] });
  for (const redirect_uri of ['https://attacker.example/', `${CALLBACK}/`, 'http://127.0.0.2/cb'])
    expect.soft([redirect_uri, await outcome(client_id, { redirect_uri })]).toEqual([redirect_uri, REFUSED]);
  expect(await outcome(client_id, { redirect_uri: 'http://127.0.0.1:4711/cb' })).toEqual([302, true]);
  for (const redirect_uris of [
    [],
    undefined,
    'https://client.example/',
    ['javascript:alert(1)'],
    ['http://client.example/'],
    ['https://client.example/#x'],
    [7],
  ])
    expect.soft([redirect_uris, await outcome(publish({ redirect_uris }))]).toEqual([redirect_uris, REFUSED]);
});

test.each([
  ['application/json', '{', 200],
  ['application/json', '[]', 200],
  ['application/json', 'null', 200],
  ['text/html', '{}', 200],
  ['application/json', '{}', 500],
  ['application/json', '{}', 204],
  ['', '{}', 200],
] as const)(
  'what is no document is refused, as JSON and in the token request too: %j %j %j [#cimd.valid]',
  async (type, text, status) => {
    const url = `${base}/odd-${count++}.json`;
    pages[url.slice(base.length)] = (_, response) => {
      response.writeHead(status, type === '' ? {} : { 'content-type': type });
      response.end(text);
    };
    expect([type, text, status, await outcome(url)]).toEqual([type, text, status, REFUSED]);
    expect(
      await sandbox.token({ grant_type: 'authorization_code', client_id: url, code: 'x', code_verifier: 'x' }),
    ).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  },
);

describe('fetching', () => {
  test('goes to public addresses only, and follows no redirect [#cimd.guarded]', async () => {
    const inner = `${base}/inner.json`;
    pages['/inner.json'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ client_id: `${base}/hop.json`, redirect_uris: [CALLBACK] }));
    };
    for (const status of [301, 302, 303, 307, 308]) {
      pages['/hop.json'] = (_, response) => {
        response.writeHead(status, { location: inner });
        response.end();
      };
      expect.soft([status, await outcome(`${base}/hop.json`)]).toEqual([status, REFUSED]);
    }
    expect(asked).not.toContain('/inner.json');
    const open = await openInstance({ PUBLIC_URL: 'https://authwalk.example' });
    const place = await open.sandbox();
    const client_id = publish();
    asked = [];
    for (const bad of [
      client_id,
      client_id.replace('127.0.0.1', 'localhost'),
      client_id.replace('http:', 'https:'),
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/c.json',
      'https://[::1]/c.json',
      'https://[::ffff:127.0.0.1]/c.json',
      'https://2130706433/c.json',
      'https://0x7f.1/c.json',
      'https://printer/c.json',
      'https://db.internal/c.json',
    ]) {
      expect.soft([bad, await outcome(bad, {}, place)]).toEqual([bad, REFUSED]);
    }
    expect(asked).toEqual([]);
    await open.close();
  });

  test('is bounded in size [#cimd.bounded]', async () => {
    expect(await outcome(publish({ filler: 'x'.repeat(60_000) }))).toEqual([302, true]);
    expect(await outcome(publish({ filler: 'x'.repeat(70_000) }))).toEqual(REFUSED);
    const url = `${base}/endless.json`;
    let closed = false;
    pages['/endless.json'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '.repeat(8192)), 1);
      response.on('close', () => {
        closed = true;
        clearInterval(timer);
      });
    };
    expect(await outcome(url)).toEqual(REFUSED);
    await expect.poll(() => closed).toBe(true);
  });

  test('and in time', async () => {
    const url = `${base}/slow.json`;
    pages['/slow.json'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    };
    expect(await outcome(url)).toEqual(REFUSED);
  }, 30_000);

  test('is remembered as HTTP says; what failed is not [#cimd.cached]', async () => {
    const place = await instance.sandbox();
    const fetched = async (client_id: string) => {
      asked = [];
      await ask(client_id, {}, place);
      return asked.length;
    };
    const hour = publish({}, { 'cache-control': 'max-age=3600' });
    expect([await fetched(hour), await fetched(hour)]).toEqual([1, 0]);
    await place.advance(3601);
    expect(await fetched(hour)).toBe(1);
    const never = publish({}, { 'cache-control': 'no-store' });
    expect([await fetched(never), await fetched(never)]).toEqual([1, 1]);
    const year = publish({}, { 'cache-control': 'max-age=31536000' });
    await fetched(year);
    await place.advance(86_401);
    expect(await fetched(year)).toBe(1);
    const broken = publish({ client_id: 'x' }, { 'cache-control': 'max-age=3600' });
    expect([await fetched(broken), await fetched(broken)]).toEqual([1, 1]);
    const missing = `${base}/missing.json`;
    expect([await fetched(missing), await fetched(missing)]).toEqual([1, 1]);
    pages['/missing.json'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ client_id: missing, redirect_uris: [CALLBACK] }));
    };
    expect(await outcome(missing, {}, place)).toEqual([302, true]);
  });

  test('an unchanged document costs no second one', async () => {
    const place = await instance.sandbox();
    const url = `${base}/tagged.json`;
    const seen: (string | undefined)[] = [];
    pages['/tagged.json'] = (request, response) => {
      seen.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"v1"') {
        response.writeHead(304);
        response.end();
      } else {
        response.writeHead(200, { 'content-type': 'application/json', etag: '"v1"', 'cache-control': 'no-cache' });
        response.end(JSON.stringify({ client_id: url, redirect_uris: [CALLBACK] }));
      }
    };
    expect([await outcome(url, {}, place), await outcome(url, {}, place)]).toEqual([
      [302, true],
      [302, true],
    ]);
    expect(seen).toEqual([undefined, '"v1"']);
  });
});

test('a document with a key authenticates by it [#cimd.key]', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k' };
  pages['/jwks.json'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  };
  for (const keys of [{ jwks: { keys: [jwk] } }, { jwks_uri: `${base}/jwks.json` }]) {
    const client_id = publish({ token_endpoint_auth_method: 'private_key_jwt', ...keys });
    const code = await sandbox.code(client_id, { redirect_uri: CALLBACK });
    expect.soft((await sandbox.token({ grant_type: 'authorization_code', client_id, ...code })).status).toBe(401);
    const other = (await generateKeyPair('ES256')).privateKey;
    const prove = async (key: CryptoKey) =>
      new SignJWT({ jti: `j${count++}` })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuer(client_id)
        .setSubject(client_id)
        .setAudience(sandbox.issuer)
        .setExpirationTime('1m')
        .sign(key);
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    expect
      .soft(
        (
          await sandbox.token({
            grant_type: 'authorization_code',
            client_id,
            ...code,
            client_assertion_type: type,
            client_assertion: await prove(other),
          })
        ).status,
      )
      .toBe(401);
    expect
      .soft(
        (
          await sandbox.token({
            grant_type: 'authorization_code',
            client_id,
            ...code,
            client_assertion_type: type,
            client_assertion: await prove(privateKey),
          })
        ).status,
      )
      .toBe(200);
  }
});

test("the playground's own document is there, and is never fetched [#cimd.own]", async () => {
  const { body, headers } = await instance.ask('/client-metadata.json');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body).toMatchObject({
    client_id: `${ORIGIN}/client-metadata.json`,
    redirect_uris: [`${ORIGIN}/guide/callback`],
    token_endpoint_auth_method: 'none',
  });
  expect(await outcome(`${ORIGIN}/client-metadata.json`, { redirect_uri: `${ORIGIN}/guide/callback` })).toEqual([
    302,
    true,
  ]);
  expect(await outcome(`${ORIGIN}/s/${sandbox.id}/client-metadata.json`)).toEqual(REFUSED);
});

test('where a sandbox does not support it, the metadata says so and the client is unknown', async () => {
  const off = await instance.sandbox({ 'cimd.support': false });
  const client_id = publish();
  expect(await outcome(client_id, {}, off)).toEqual(REFUSED);
  expect(asked).toEqual([]);
});
