import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  CALLBACK,
  type Instance,
  openInstance,
  s256,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
let api: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
  api = await sandbox.confidential();
});
afterAll(() => instance.close());

const REQUEST = {
  response_type: 'code',
  redirect_uri: CALLBACK,
  code_challenge: s256('v'.repeat(43)),
  code_challenge_method: 'S256',
  scope: 'notes:read',
  state: 'pushed',
};
const push = (
  body: Record<string, string | undefined> = {},
  headers: Record<string, string> = {},
  one = client,
  place = sandbox,
) =>
  place.post(
    '/oauth/par',
    { ...(Object.hasOwn(headers, 'authorization') ? {} : { client_id: one.client_id }), ...REQUEST, ...body },
    headers,
  );
const open = (request_uri: string, one = client, more: [string, string][] = []) =>
  sandbox.authorize(one, [
    ['client_id', one.client_id],
    ['request_uri', request_uri],
    ['auto_approve', 'true'],
    ...more,
  ]);

test('the client authenticates as at the token endpoint [#par.authenticated]', async () => {
  expect(await push({}, {}, api)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(await push({ client_secret: 'wrong' }, {}, api)).toMatchObject({ status: 401 });
  expect(await push({ client_id: undefined })).toMatchObject({ status: 401 });
  expect((await push({}, basicOf(api))).status).toBe(201);
  expect((await push()).status).toBe(201);
});

test('the request is checked at once, and the error comes back as JSON [#par.checked-early]', async () => {
  for (const [error, body] of [
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { code_challenge: undefined }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_scope', { scope: 'unheard-of' }],
    ['invalid_target', { resource: 'https://elsewhere.example/' }],
    ['invalid_request', { redirect_uri: 'https://attacker.example/' }],
    ['invalid_request', { max_age: 'x' }],
    ['invalid_request', { prompt: 'none login' }],
    ['invalid_request', { auto_approve_email: 'a@example.com', auto_approve_password: 'p' }],
  ] as [string, Record<string, string | undefined>][]) {
    const answer = await push(body);
    expect
      .soft([body, answer.status, answer.body.error, answer.headers.get('location')])
      .toEqual([body, 400, error, null]);
  }
  expect(
    await sandbox.post('/oauth/par', [
      ...Object.entries({ client_id: client.client_id, ...REQUEST }),
      ['state', 'twice'],
    ] as [string, string][]),
  ).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

test('a pushed request holds no request_uri [#par.no-reference]', async () => {
  const { body } = await push();
  expect(await push({ request_uri: body.request_uri })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
  expect(await push({ request_uri: 'https://client.example/request.jwt' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
  expect((await push({ request: 'a.b.c' })).status).toBe(400);
});

test('the answer is 201 with a request_uri and how long it lives [#par.answer]', async () => {
  const { status, body, headers } = await push();
  expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
  expect(body).toEqual({
    request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
    expires_in: 60,
  });
  expect((await sandbox.ask('/oauth/par', { method: 'GET' })).status).toBe(405);
});

describe('the reference', () => {
  test('is good for its client, once, and for a short time [#par.bound-and-once]', async () => {
    const { body: first } = await push();
    const stranger = await open(first.request_uri, api);
    expect([stranger.status, stranger.headers.get('location')]).toEqual([400, null]);
    const good = new URL((await open(first.request_uri)).headers.get('location')!);
    expect([good.origin + good.pathname, good.searchParams.has('code'), good.searchParams.get('state')]).toEqual([
      CALLBACK,
      true,
      'pushed',
    ]);
    expect((await open(first.request_uri)).status).toBe(400);
    const { body: late } = await push();
    await sandbox.advance(61);
    expect((await open(late.request_uri)).status).toBe(400);
    for (const wrong of [
      'x',
      'urn:ietf:params:oauth:request_uri:',
      'urn:ietf:params:oauth:request_uri:x',
      'https://client.example/request',
      `${first.request_uri} `,
    ]) {
      const answer = await open(wrong);
      expect.soft([wrong, answer.status, answer.headers.get('location')]).toEqual([wrong, 400, null]);
    }
  });

  test('many who open it at the same moment get one code', async () => {
    const { body } = await push();
    const answers = await Promise.all(Array.from({ length: 30 }, () => open(body.request_uri)));
    expect(answers.filter(({ headers }) => headers.get('location')?.includes('code='))).toHaveLength(1);
  });

  test('what stands in the URL has no part in the request [#par.url-ignored]', async () => {
    const { body } = await push({ scope: 'notes:read' });
    const answer = await open(body.request_uri, client, [
      ['scope', 'admin'],
      ['state', 'other'],
      ['redirect_uri', 'https://attacker.example/'],
      ['code_challenge', 'x'.repeat(43)],
      ['resource', `${sandbox.issuer}/oauth`],
    ]);
    const url = new URL(answer.headers.get('location')!);
    expect([url.origin + url.pathname, url.searchParams.get('state')]).toEqual([CALLBACK, 'pushed']);
    const { body: tokens } = await sandbox.redeem(client, {
      code: url.searchParams.get('code')!,
      code_verifier: 'v'.repeat(43),
    });
    expect([tokens.scope, (await sandbox.introspect(tokens.access_token)).aud]).toEqual([
      'notes:read',
      [sandbox.mcp, `${sandbox.issuer}/oauth`],
    ]);
  });
});

test('where pushing is demanded, other requests are refused [#par.required]', async () => {
  const strict = await instance.sandbox({ 'par.required': true });
  const one = await strict.register();
  expect((await strict.answerOf(one, {})).get('error')).toBe('invalid_request');
  const { body } = await push({}, {}, one, strict);
  expect(
    (
      await strict.authorize(one, [
        ['client_id', one.client_id],
        ['request_uri', body.request_uri],
        ['auto_approve', 'true'],
      ])
    ).headers.get('location'),
  ).toContain('code=');
  expect((await strict.get('/.well-known/oauth-authorization-server')).body.require_pushed_authorization_requests).toBe(
    true,
  );
  const picky = await sandbox.register({ require_pushed_authorization_requests: true });
  expect((await sandbox.answerOf(picky)).get('error')).toBe('invalid_request');
});
