/**
 * Right requests with something changed: what holds whatever it is. (Requests that are wrong from the start:
 * `lib/http`.)
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  bearer,
  CALLBACK,
  encodeForm,
  form,
  type Instance,
  json,
  openInstance,
  pkce,
  s256,
  type TestClient,
  type TestSandbox,
  type Tokens,
} from '../lib/sandbox.ts';

/** `PROPERTY_FACTOR=20 npx vitest run tests/properties` looks twenty times as long. */
const runs = (count: number) => count * Number(process.env.PROPERTY_FACTOR ?? 1);

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
let api: TestClient;
let tokens: Tokens;
const NATIVE = 'http://127.0.0.1/cb?keep=1';
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register({
    redirect_uris: [CALLBACK, NATIVE],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  });
  api = await sandbox.confidential({
    grant_types: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
  });
  tokens = await sandbox.tokens(api, { scope: 'openid notes:read' });
});
afterAll(() => instance.close());

/** Text of every kind, the kinds that break things above all. */
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 200 }),
  fc.webUrl(),
  fc.emailAddress(),
  fc.uuid(),
  fc.base64String({ maxLength: 100 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\r\n',
    '%',
    '%00',
    '+',
    '&',
    '=',
    '#',
    '?',
    '..',
    '//',
    '\\',
    '"',
    "'",
    '<',
    '{}',
    '[]',
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    'NaN',
    '__proto__',
    'constructor',
    'toString',
    '\uFEFF',
    '\u202E',
    'ﬀ',
    'İ',
    '💥',
    'a'.repeat(5000),
    'eyJhbGciOiJub25lIn0.e30.',
    'a.b.c',
    '.',
    '..',
    'notes:read',
    'openid',
    'admin',
    'S256',
    'plain',
    'code',
    'none',
    'login',
  ),
);
const CODES = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'authorization_pending',
  'slow_down',
  'expired_token',
  'access_denied',
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'unsupported_response_type',
  'login_required',
  'consent_required',
  'interaction_required',
  'invalid_request_uri',
  'invalid_token',
  'insufficient_scope',
  'request_not_supported',
  'request_uri_not_supported',
  'not_found',
  'rate_limit_exceeded',
]);

/** Some of the members changed, left out or doubled. */
const changed = (names: readonly string[]) =>
  fc.array(
    fc.record({
      name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: odd }),
      value: odd,
      how: fc.constantFrom('set', 'set', 'set', 'omit', 'double'),
    }),
    { minLength: 1, maxLength: 3 },
  );
type Change = { name: string; value: string; how: string };
function apply(valid: Record<string, string>, changes: Change[]): [string, string][] {
  let pairs = Object.entries(valid);
  for (const { name, value, how } of changes) {
    if (how !== 'double') pairs = pairs.filter(([key]) => key !== name);
    if (how !== 'omit') pairs.push([name, value.toWellFormed()]);
  }
  return pairs;
}

function holds(answer: {
  status: number;
  headers: Headers;
  body: { error?: unknown; error_description?: unknown; error_uri?: unknown } | undefined;
  text: string;
}): void {
  expect(answer.status).toBeLessThan(500);
  for (const [, value] of answer.headers) expect.soft(value).not.toMatch(/[\r\n\0]/);
  if (answer.status >= 400 && answer.text !== '') {
    expect(CODES).toContain(answer.body?.error);
    expect(answer.body?.error_description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(answer.body?.error_uri).toBe(`${sandbox.origin}/reference#error-${String(answer.body?.error)}`);
  }
  if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toBeTruthy();
}

const AUTHORIZATION = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'code_challenge',
  'code_challenge_method',
  'state',
  'scope',
  'resource',
  'audience',
  'nonce',
  'prompt',
  'login_hint',
  'max_age',
  'request_uri',
  'request',
  'dpop_jkt',
  'auto_approve',
  'auto_approve_email',
  'auto_approve_password',
  'expires_in',
  'control_token',
  'id_token_hint',
  'acr_values',
  'interaction',
  'display',
];
const valid = () => ({
  client_id: client.client_id,
  redirect_uri: CALLBACK,
  response_type: 'code',
  code_challenge: s256('v'.repeat(43)),
  code_challenge_method: 'S256',
  state: 'st',
  scope: 'notes:read',
  auto_approve: 'true',
});

describe('the authorization endpoint', () => {
  test('redirects to registered addresses and to its own consent page, and to nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(changed(AUTHORIZATION), fc.boolean(), async (changes, post) => {
        const pairs = apply(valid(), changes);
        const answer = post
          ? await sandbox.post('/oauth/authorize', pairs)
          : await instance.ask(`${sandbox.issuer}/oauth/authorize?${encodeForm(pairs)}`);
        holds(answer);
        const location = answer.headers.get('location');
        if (location === null) return;
        expect(location).toMatch(/^[\x21-\x7E]+$/);
        const known =
          location.startsWith(`${CALLBACK}?`) ||
          /^http:\/\/127\.0\.0\.1(?::\d{1,5})?\/cb\?keep=1&/.test(location) ||
          location.startsWith(`${sandbox.origin}/consent/${sandbox.id}.`);
        expect([location, known]).toEqual([location, true]);
        if (!location.startsWith(CALLBACK)) return;
        const { searchParams } = new URL(location);
        expect(searchParams.getAll('iss')).toEqual([sandbox.issuer]);
        expect(searchParams.has('code')).toBe(!searchParams.has('error'));
        const states = pairs.filter(([name]) => name === 'state').map(([, value]) => value);
        if (states.length === 1 && states[0]!.length <= 8192)
          expect(searchParams.get('state')).toBe(states[0] === '' ? null : states[0]);
      }),
      { numRuns: runs(200) },
    );
  });

  test('brings back any state as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), async (text) => {
        const state = text.toWellFormed();
        expect((await sandbox.answerOf(client, { redirect_uri: CALLBACK, state })).getAll('state')).toEqual([state]);
      }),
      { numRuns: runs(75) },
    );
  });

  test('takes a redirect URI that is one character off for another one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: CALLBACK.length }),
        fc.constantFrom('', 'x', '/', '.', '@', ':', '\\', '%', '#', '?', ' ', '\t', '\u0000', 'é', '0', '-'),
        fc.boolean(),
        async (at, letter, replace) => {
          const redirect_uri = CALLBACK.slice(0, at) + letter + CALLBACK.slice(replace ? at + 1 : at);
          fc.pre(redirect_uri !== CALLBACK && redirect_uri !== '');
          const answer = await sandbox.authorize(client, { redirect_uri, auto_approve: 'true' });
          expect([redirect_uri, answer.status, answer.headers.get('location')]).toEqual([redirect_uri, 400, null]);
        },
      ),
      { numRuns: runs(100) },
    );
  });
});

describe('the endpoints that clients call', () => {
  const PROOF = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];
  const endpoints: [string, () => Promise<Record<string, string>> | Record<string, string>, string[]][] = [
    [
      '/oauth/token',
      async () => ({ grant_type: 'authorization_code', ...(await sandbox.code(api)) }),
      ['grant_type', 'code', 'code_verifier', 'redirect_uri', 'resource', 'scope'],
    ],
    [
      '/oauth/token',
      () => ({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token.slice(0, -1) }),
      ['grant_type', 'refresh_token', 'scope', 'resource'],
    ],
    [
      '/oauth/token',
      () => ({ grant_type: 'client_credentials', scope: 'notes:read', resource: sandbox.mcp }),
      ['grant_type', 'scope', 'resource', 'audience'],
    ],
    [
      '/oauth/token',
      () => ({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        actor_token: tokens.access_token,
        actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
      [
        'subject_token',
        'subject_token_type',
        'actor_token',
        'actor_token_type',
        'requested_token_type',
        'scope',
        'resource',
        'audience',
      ],
    ],
    [
      '/oauth/token',
      () => ({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: tokens.access_token }),
      ['assertion', 'scope', 'resource'],
    ],
    [
      '/oauth/token',
      () => ({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'x' }),
      ['device_code'],
    ],
    [
      '/oauth/introspect',
      () => ({ token: tokens.access_token, token_type_hint: 'access_token' }),
      ['token', 'token_type_hint'],
    ],
    ['/oauth/revoke', () => ({ token: 'x', token_type_hint: 'refresh_token' }), ['token_type_hint', 'token']],
    [
      '/oauth/par',
      () => ({
        response_type: 'code',
        code_challenge: s256('v'.repeat(43)),
        code_challenge_method: 'S256',
        scope: 'notes:read',
      }),
      AUTHORIZATION,
    ],
    ['/oauth/device_authorization', () => ({ scope: 'notes:read' }), ['scope', 'resource', 'audience']],
  ];

  test('answer any change with tokens of no more than was asked, or with the documented error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .constantFrom(...endpoints)
          .chain(([path, body, names]) =>
            fc.tuple(fc.constant(path), fc.constant(body), changed([...names, ...PROOF])),
          ),
        async ([path, body, changes]) => {
          const pairs = apply(await body(), changes);
          const answer = await sandbox.post(path, pairs, basicOf(api));
          holds(answer);
          expect(answer.headers.get('cache-control')).toBe('no-store');
          if (answer.status !== 200 || !answer.body.access_token) return;
          // The request for a code's tokens has no scope (OAuth 2.1 §4.1.3): one that comes along is ignored.
          const ofCode = pairs.some(([name, value]) => name === 'grant_type' && value === 'authorization_code');
          const asked = (ofCode
            ? undefined
            : pairs.find(([name, value]) => name === 'scope' && value !== '')?.[1].split(' ')) ?? [
            'notes:read',
            'openid',
          ];
          for (const scope of (answer.body.scope ?? '').split(' ').filter(Boolean)) expect.soft(asked).toContain(scope);
        },
      ),
      { numRuns: runs(250) },
    );
  });

  test('take identifier and secret of any kind through HTTP Basic, where they are right', async () => {
    const place = await instance.sandbox();
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~aZ09'), minLength: 1, maxLength: 30 }),
        fc.string({ unit: fc.constantFrom(...' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~aZ09'), minLength: 1, maxLength: 30 }),
        async (id, secret) => {
          const made = await place.control('POST', '/clients', {
            client_id: id,
            client_secret: secret,
            auth_method: 'client_secret_basic',
            grant_types: ['client_credentials'],
          });
          expect([id, made.status < 300]).toEqual([id, true]);
          const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
          const good = await place.token(
            { grant_type: 'client_credentials' },
            { authorization: `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}` },
          );
          const bad = await place.token(
            { grant_type: 'client_credentials' },
            { authorization: `Basic ${btoa(`${encode(id)}:${encode(`${secret}x`)}`)}` },
          );
          expect([id, secret, good.status, bad.status]).toEqual([id, secret, 200, 401]);
        },
      ),
      { numRuns: runs(30) },
    );
  });

  test('redeem by the right verifier and by no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'ABCxyz019-._~'), minLength: 43, maxLength: 128 }),
        odd,
        async (verifier, other) => {
          const code = (await sandbox.answerOf(client, { redirect_uri: CALLBACK, code_challenge: s256(verifier) })).get(
            'code',
          )!;
          if (other !== verifier)
            expect((await sandbox.redeem(client, { code, code_verifier: other.toWellFormed() })).status).toBe(400);
          expect((await sandbox.redeem(client, { code, code_verifier: verifier })).status).toBe(200);
        },
      ),
      { numRuns: runs(30) },
    );
  });
});

describe('registration', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      odd,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(odd, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const MEMBERS = [
    'redirect_uris',
    'client_name',
    'client_uri',
    'logo_uri',
    'tos_uri',
    'policy_uri',
    'contacts',
    'grant_types',
    'response_types',
    'token_endpoint_auth_method',
    'scope',
    'jwks',
    'jwks_uri',
    'software_id',
    'software_version',
    'application_type',
    'subject_type',
    'id_token_signed_response_alg',
    'default_max_age',
    'require_auth_time',
    'post_logout_redirect_uris',
    'dpop_bound_access_tokens',
    'require_pushed_authorization_requests',
    'token_endpoint_auth_signing_alg',
    'client_id',
    'client_secret',
    'software_statement',
  ];

  test('says what was registered, or what was wrong; and what was registered can be read again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...MEMBERS), value), { maxLength: 3 }), async (members) => {
        const body = { redirect_uris: [CALLBACK], ...Object.fromEntries(members) };
        const made = await sandbox.ask('/oauth/register', json('POST', body));
        holds(made);
        if (made.status !== 201) {
          expect(['invalid_client_metadata', 'invalid_redirect_uri']).toContain(made.body.error);
          return;
        }
        const read = await instance.ask(made.body.registration_client_uri, {
          headers: bearer(made.body.registration_access_token),
        });
        const { client_secret: _secret, ...rest } = made.body;
        expect(read.body).toEqual(rest);
        for (const uri of made.body.redirect_uris) expect.soft(uri).toMatch(/^[a-z][a-z0-9+.-]*:[^\s#\\]*$/i);
      }),
      { numRuns: runs(125) },
    );
  });

  test('an address that was taken is the one that is answered to, byte for byte', async () => {
    const segment = fc
      .string({ unit: fc.constantFrom(..."aZ09-._~%2F!$&'()*+,;=:@"), maxLength: 12 })
      .filter((text) => !/%(?![0-9A-F]{2})/i.test(text));
    await fc.assert(
      fc.asyncProperty(segment, segment, async (path, query) => {
        const uri = `https://client.example/${path}${query === '' ? '' : `?${query}`}`;
        const made = await sandbox.json('POST', '/oauth/register', {
          redirect_uris: [uri],
          token_endpoint_auth_method: 'none',
        });
        if (made.status !== 201) return;
        const location = (await sandbox.authorize(made.body, { redirect_uri: uri, auto_approve: 'true' })).headers.get(
          'location',
        )!;
        expect(location.startsWith(`${uri}${query === '' ? '?' : ''}`)).toBe(true);
      }),
      { numRuns: runs(50) },
    );
  });
});

describe('the protected resources', () => {
  test('let nobody in with a token that is one character off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: tokens.access_token.length - 1 }),
        fc.constantFrom('A', 'b', '0', '_', '-', '.', ''),
        async (at, letter) => {
          const token = tokens.access_token.slice(0, at) + letter + tokens.access_token.slice(at + 1);
          // The last characters of a base64url part can carry bits that mean nothing; those are the same signature.
          fc.pre(
            token !== tokens.access_token &&
              ![...tokens.access_token.matchAll(/\.|$/g)].some(({ index }) => index - 1 === at),
          );
          const answer = await sandbox.get('/api/resource', bearer(token));
          expect([at, letter, answer.status]).toEqual([at, letter, 401]);
        },
      ),
      { numRuns: runs(75) },
    );
  });

  test('and answer any Authorization header', async () => {
    const header = fc.oneof(
      fc.string({ unit: fc.constantFrom(...' !#$%&\'*+-.^_`|~"(),/:;<=>?@[\\]{}aZ09'), maxLength: 60 }),
      fc.constantFrom(
        'Bearer',
        'Bearer ',
        'Bearer  x',
        'bearer\tx',
        'DPoP',
        'DPoP x',
        'Basic x',
        'Bearer x,y',
        'Bearer =',
        'Negotiate x',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        header,
        fc.constantFrom('/api/resource', '/oauth/userinfo', '/mcp', '/bearer', ''),
        async (authorization, path) => {
          const answer =
            path === '/mcp' || path === '/bearer'
              ? await sandbox.call(null, 'whoami', {}, { path, headers: { authorization } })
              : await sandbox.get(path, { authorization });
          if (path !== '/bearer')
            expect([authorization, path, answer.status]).toEqual([
              authorization,
              path,
              path === '' && authorization.trim() === '' ? expect.any(Number) : 401,
            ]);
          holds(answer);
        },
      ),
      { numRuns: runs(75) },
    );
  });
});

test('nothing unexpected was logged', async () => {
  expect(pkce().verifier).toHaveLength(43);
  expect((await sandbox.ask('/oauth/token', form({}))).status).toBe(400);
  expect(instance.server.logged).toEqual([]);
});
