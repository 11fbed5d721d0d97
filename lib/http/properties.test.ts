/** Whatever is sent to whichever endpoint: never a 5xx, always an answer of the documented shape. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressesOf } from './addresses.ts';
import { routeTable } from './routes/index.ts';
import { testServer } from '#lib/server/testing.ts';

let server: Awaited<ReturnType<typeof testServer>>;
let sandbox: { id: string; control_token: string };
beforeAll(async () => {
  server = await testServer();
  sandbox = (await (
    await server.ask('/api/sandboxes', {
      method: 'POST',
      body: '{"config":{"issuers":["as2","idp"],"metadata.decoy":true}}',
      headers: { 'content-type': 'application/json' },
    })
  ).json()) as typeof sandbox;
});
afterAll(() => server.close());

const CODE = /^[a-z][a-z_]*$/;

/** Every address of the table, with its parameters filled in. */
function paths(): string[] {
  const found = routeTable(server.container).flatMap((route) => addressesOf(route).map(({ path }) => path));
  return [...new Set(found)]
    .filter((path) => !path.endsWith('/stream'))
    .map((path) =>
      path.replaceAll(
        /:(\w+)/g,
        (_, name: string) => ({ sandbox: sandbox.id, id: sandbox.id, resource: 'mcp' })[name] ?? 'x',
      ),
    );
}

const words = fc.constantFrom(
  'grant_type',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'password',
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'S256',
  'redirect_uri',
  'http://localhost/cb',
  'state',
  'scope',
  'notes:read',
  'openid',
  'resource',
  'audience',
  'token',
  'token_type_hint',
  'subject_token',
  'subject_token_type',
  'assertion',
  'client_assertion',
  'client_assertion_type',
  'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  'device_code',
  'user_code',
  'interaction',
  'action',
  'auto',
  'login',
  'deny',
  'email',
  'request_uri',
  'prompt',
  'none',
  'max_age',
  'auto_approve',
  'true',
  'expires_in',
  'id_token_hint',
  'post_logout_redirect_uri',
  'dpop_jkt',
  'eyJhbGciOiJub25lIn0.e30.',
  'a.b.c',
  '-1',
  '0',
  '1e999',
  'https://localhost/x',
  'https://client.example/doc',
  '__proto__',
  'constructor',
);
const text = fc.oneof(
  words,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
  fc.constant('a'.repeat(3000)),
);
const pairs = fc.array(fc.tuple(text, text), { maxLength: 8 });
const encoded = pairs.map((list) =>
  list
    .map(([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&'),
);
const names = fc.oneof(
  words,
  fc.constantFrom(
    'redirect_uris',
    'client_name',
    'grant_types',
    'token_endpoint_auth_method',
    'jwks',
    'jwks_uri',
    'contacts',
    'software_statement',
    'jsonrpc',
    'method',
    'params',
    'id',
    '_meta',
    'name',
    'arguments',
    'config',
    'seed',
    'ttl',
    'endpoint',
    'effect',
    'match',
    'keys',
    'advance',
    'set',
  ),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('tools/call', 'initialize', 'tools/list', '2.0', 'ping'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 6 }),
  ),
})).value;

const bodies = fc.oneof(
  {
    weight: 4,
    arbitrary: encoded.map((body) => ({
      body: body as string | Uint8Array,
      type: 'application/x-www-form-urlencoded',
    })),
  },
  {
    weight: 4,
    arbitrary: value.map((json) => ({
      body: JSON.stringify(json) ?? ('null' as string | Uint8Array),
      type: 'application/json',
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 200 })
      .chain((bytes) =>
        fc
          .constantFrom(
            'application/json',
            'application/x-www-form-urlencoded',
            'text/plain',
            'multipart/form-data',
            '',
          )
          .map((type) => ({ body: bytes as string | Uint8Array, type })),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: 'binary', maxLength: 200 })
      .chain((body) =>
        fc
          .constantFrom(
            'application/json',
            'application/x-www-form-urlencoded; charset=utf-16',
            'a/b;;;',
            'application/x-www-form-urlencoded',
          )
          .map((type) => ({ body: body.toWellFormed() as string | Uint8Array, type })),
      ),
  },
);

const headerText = fc.string({
  unit: fc.constantFrom(...' !#$%&()*+,-./0123456789:;<=>?@ABCabc[]^_`{|}~éÿ'),
  maxLength: 60,
});
const headers = fc.record(
  {
    authorization: fc.oneof(
      fc.constantFrom(
        'Bearer x',
        'Bearer a.b.c',
        'Basic !!!',
        `Basic ${btoa('a:b')}`,
        `Basic ${btoa('%:%')}`,
        'DPoP x',
        'Bearer',
        'Digest q=1',
      ),
      headerText,
    ),
    accept: fc.constantFrom('*/*', 'text/html', 'application/json', 'application/json, text/event-stream', ';;;,'),
    cookie: fc.oneof(fc.constant(`authwalk=${'a'.repeat(43)}`), headerText),
    dpop: fc.oneof(fc.constant('a.b.c'), headerText),
    'mcp-protocol-version': fc.constantFrom('2026-07-28', '2025-06-18', '1', 'é'),
    'mcp-session-id': headerText,
    origin: fc.constantFrom('http://localhost:1', 'http://127.0.0.1:2'),
    'sec-fetch-mode': fc.constantFrom('navigate', 'cors'),
    'last-event-id': headerText,
  },
  { requiredKeys: [] },
);

async function holds(
  method: string,
  path: string,
  query: string,
  sent: { body: string | Uint8Array; type: string } | null,
  extra: Record<string, string | undefined>,
): Promise<void> {
  const own = Object.fromEntries(
    Object.entries(extra).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const request: RequestInit = { method, headers: { ...own, ...(sent?.type ? { 'content-type': sent.type } : {}) } };
  if (sent !== null && method !== 'GET' && method !== 'HEAD') request.body = sent.body as BodyInit;
  const response = await server.ask(path + (query === '' ? '' : `?${query}`), request);
  const body = sent === null ? '' : typeof sent.body === 'string' ? sent.body : [...sent.body].join();
  const what = [
    `${method} ${path}?${query} ${JSON.stringify(own)} ${sent === null ? '' : `${sent.type} ${body}`}`,
    ...server.logged.splice(0),
  ].join('\n');
  expect(response.status, what).toBeLessThan(500);
  // The consent page has a policy of its own, for the script that chooses the theme.
  expect(response.headers.get('content-security-policy'), what).toMatch(
    path.startsWith('/consent/') ? /^(?:sandbox\b.*)?default-src 'none'/ : /^sandbox\b.*default-src 'none'/,
  );
  expect(response.headers.get('x-content-type-options'), what).toBe('nosniff');
  if (response.status === 401) expect(response.headers.get('www-authenticate'), what).toBeTruthy();
  if (response.status === 405) expect(response.headers.get('allow'), what).toBeTruthy();
  const answer = await response.text();
  if (response.status < 400 || method === 'HEAD') return;
  // Without credentials there is nothing to find fault with (RFC 6750 §3.1).
  if (response.status === 401 && answer === '') return;
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html')) return;
  expect(type, what).toMatch(/^application\/json/);
  const problem = JSON.parse(answer) as Record<string, unknown>;
  if (problem.jsonrpc === '2.0') {
    expect(problem.error, what).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
    return;
  }
  expect(problem.error, what).toMatch(CODE);
  expect(problem.error, what).not.toBe('server_error');
  expect(problem.error_description, what).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
  expect(problem.error_uri, what).toMatch(/^http:\/\/localhost:3000\/reference#error-/);
}

describe('every endpoint of the table', () => {
  it('answers whatever comes, and never with a 5xx', { timeout: 240_000 }, async () => {
    const all = paths();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY'),
        fc.oneof(fc.constant(''), encoded, fc.constantFrom('%', '%ff', 'a=%C3', '&&&', '=')),
        fc.option(bodies),
        headers,
        (path, method, query, sent, extra) => holds(method, path, query, sent, extra),
      ),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 1500) },
    );
  });

  it('answers whatever comes with the control token', { timeout: 240_000 }, async () => {
    const all = paths().filter((path) => path.startsWith('/api/sandboxes/'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
        fc.oneof(fc.constant(''), encoded),
        fc.option(bodies),
        async (path, method, query, sent) => {
          if (method === 'DELETE' && path === `/api/sandboxes/${sandbox.id}`) return;
          await holds(method, path, query, sent, { authorization: `Bearer ${sandbox.control_token}` });
        },
      ),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 800) },
    );
  });

  it('answers repeated parameters, and paths of any kind', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.webPath(),
        fc.constantFrom('', '/oauth', '/s', '/.well-known', `/s/${sandbox.id}`, '/api'),
        async (path, before) => {
          const response = await server.ask(`${before}${path.startsWith('/') ? path : `/${path}`}`);
          expect(response.status).toBeLessThan(500);
          expect(response.status).not.toBe(301);
          expect(response.status).not.toBe(308);
        },
      ),
      { numRuns: 400 },
    );
  });
});
