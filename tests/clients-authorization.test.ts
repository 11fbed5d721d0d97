/**
 * Authorization requests of common clients that a strict server would let fail in silence: what is taken, what is said
 * in the record, and the knob that is strict.
 */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CALLBACK,
  checksOf,
  decide,
  type Instance,
  openInstance,
  pkce,
  type TestClient,
  type TestSandbox,
  visit,
} from './lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  client = await sandbox.register();
});
afterAll(() => instance.close());

const USER = { auto_approve: undefined, auto_approve_email: 'ada@example.com', auto_approve_password: 'engine' };
const locationOf = (answer: { headers: Headers }) => new URL(answer.headers.get('location')!);

describe('response modes', () => {
  test('fragment carries code and error', async () => {
    for (const [change, member] of [
      [{}, 'code'],
      [{ scope: 'made:up' }, 'error'],
    ] as const) {
      const url = locationOf(
        await sandbox.authorize(client, { auto_approve: 'true', response_mode: 'fragment', state: 's', ...change }),
      );
      const answer = new URLSearchParams(url.hash.slice(1));
      expect([url.search, answer.has(member), answer.get('state'), answer.get('iss')]).toEqual([
        '',
        true,
        's',
        sandbox.issuer,
      ]);
    }
  });

  test('form_post is a page that sends itself, whatever Accept says', async () => {
    for (const accept of ['application/json', 'text/html']) {
      const page = await sandbox.authorize(
        client,
        { auto_approve: 'true', response_mode: 'form_post', state: '"><script>x</script>' },
        { accept },
      );
      expect([page.status, page.headers.get('content-type'), page.headers.get('referrer-policy')]).toEqual([
        200,
        'text/html; charset=utf-8',
        'origin',
      ]);
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(page.text).toContain(`<form method="post" action="${CALLBACK}">`);
      expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"');
      expect(page.text).toMatch(/<button type="submit">/);
      expect(page.text.match(/<script>/g)).toHaveLength(1);
    }
    const refused = await sandbox.authorize(client, { response_mode: 'form_post', scope: 'made:up' });
    expect(refused.text).toMatch(/name="error" value="invalid_scope"/);
  });
});

describe('who may get a code by prompt=none', () => {
  const LOCAL = 'http://localhost:5173/silent';

  async function silent(place: TestSandbox, metadata: Record<string, unknown>, redirect_uri = LOCAL) {
    const one = await place.register({ redirect_uris: [LOCAL], application_type: undefined, ...metadata });
    const open = await visit(place, one, { redirect_uri, scope: 'openid' });
    await decide(place, open, { action: 'auto', scope: 'openid' });
    const parameters = { auto_approve: undefined, prompt: 'none', scope: 'openid', redirect_uri };
    return place.answerOf(one, parameters, { cookie: open.cookie });
  }

  test.each([
    ['a client with credentials', { token_endpoint_auth_method: 'client_secret_basic' }, LOCAL, true],
    ['a local page that says it is one', { application_type: 'web' }, LOCAL, true],
    ['the same at another port', { application_type: 'web' }, 'http://localhost:5174/silent', false],
    ['a native one', { application_type: 'native' }, LOCAL, false],
    ['one that does not say', {}, LOCAL, false],
  ])('%s', async (_, metadata, redirect_uri, allowed) => {
    const answer = await silent(sandbox, metadata, redirect_uri);
    expect([answer.has('code'), answer.get('error')]).toEqual([allowed, allowed ? null : 'consent_required']);
    if (!allowed) expect(answer.get('error_description')).toMatch(/^The knob authorize\.silent/);
  });

  test('anybody, with authorize.silent any', async () => {
    expect((await silent(await instance.sandbox({ 'authorize.silent': 'any' }), {})).has('code')).toBe(true);
  });
});

describe('hints hold on the ways without a page', () => {
  test('id_token_hint and login_hint that name somebody else, or are none, are login_required', async () => {
    const { id_token } = await sandbox.tokens(client, { ...USER, scope: 'openid' });
    const other = await instance.sandbox();
    const foreign = await other.tokens(await other.register(), { scope: 'openid' });
    const errorOf = async (parameters: Record<string, string | undefined>) =>
      (await sandbox.answerOf(client, { scope: 'openid', ...parameters })).get('error');
    expect(await errorOf({ ...USER, id_token_hint: id_token! })).toBeNull();
    expect(await errorOf({ ...USER, login_hint: 'ADA@example.com' })).toBeNull();
    expect(await errorOf({ id_token_hint: id_token! })).toBe('login_required');
    expect(await errorOf({ ...USER, id_token_hint: foreign.id_token! })).toBe('login_required');
    expect(await errorOf({ ...USER, id_token_hint: 'x' })).toBe('login_required');
    expect(await errorOf({ ...USER, login_hint: 'bob@example.com' })).toBe('login_required');
    expect(await errorOf({ auto_approve: undefined, id_token_hint: 'x' })).toBe('login_required');
  });

  test('prompt=none finds who is signed in, or nobody', async () => {
    const errorOf = async (parameters: Record<string, string | undefined>, headers = {}) =>
      (await sandbox.answerOf(client, { scope: 'openid', prompt: 'none', ...parameters }, headers)).get('error');
    expect(await errorOf({})).toBe('login_required');
    expect(await errorOf(USER)).toBe('login_required');
    const open = await visit(sandbox, client, { scope: 'openid' });
    await decide(sandbox, open, { action: 'login', email: 'ada@example.com', password: 'engine', scope: 'openid' });
    expect(await errorOf(USER, { cookie: open.cookie })).toBeNull();
    expect(await errorOf({}, { cookie: open.cookie })).toBeNull();
    await sandbox.advance(120);
    expect(await errorOf({ max_age: '60' }, { cookie: open.cookie })).toBe('login_required');
  });

  test('consent.outcome approve uses the signed-in user, and auto_approve makes a user up', async () => {
    const place = await instance.sandbox({ 'consent.outcome': 'approve' });
    const one = await place.register();
    const browser = { 'sec-fetch-mode': 'navigate' };
    const first = await place.authorize(one, { scope: 'openid' }, browser);
    let cookie = first.headers.get('set-cookie')!.split(';')[0]!;
    const subjectOf = async (parameters: Record<string, string | undefined>) => {
      const { challenge, verifier } = pkce();
      const asked = { scope: 'openid', code_challenge: challenge, ...parameters };
      const answer = await place.authorize(one, asked, { cookie });
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
      return decodeJwt((await place.redeem(one, { code, code_verifier: verifier })).body.id_token);
    };
    const again = await subjectOf({});
    expect((await subjectOf({ prompt: 'none' })).sub).toBe(again.sub);
    await place.advance(90);
    expect((await subjectOf({})).auth_time).toBe(again.auth_time);
    const renewed = await subjectOf({ max_age: '60' });
    expect(renewed.sub).toBe(again.sub);
    // The clock of the test runs on: a second may begin in between.
    expect(renewed.auth_time as number).toBeGreaterThanOrEqual((again.auth_time as number) + 90);
    expect((await subjectOf({ prompt: 'login' })).sub).toBe(again.sub);
    expect((await subjectOf({ auto_approve: 'true' })).sub).not.toBe(again.sub);
  });
});

describe('authorization requests', () => {
  test('a missing response_type is code, or an error if the knob is strict', async () => {
    expect((await sandbox.answerOf(client, { response_type: undefined })).has('code')).toBe(true);
    expect(await checksOf(sandbox)).toContainEqual(
      expect.objectContaining({ check: 'response-type', evidence: { expected: 'code', got: 'assumed' } }),
    );
    const strict = await instance.sandbox({ 'authorize.responseType': 'strict' });
    const answer = await strict.answerOf(await strict.register(), { response_type: undefined });
    expect(answer.get('error')).toBe('invalid_request');
  });

  test('an unknown client is let in with a loopback redirect URI if the knob says so', async () => {
    const parameters = { redirect_uri: 'http://127.0.0.1:9999/cb', auto_approve: 'true' };
    expect((await sandbox.authorize('nobody', parameters)).status).toBe(400);
    const open = await instance.sandbox({ 'authorize.unknownClient': 'accept' });
    const code = await open.code('nobody', parameters);
    const redeemed = await open.token(
      { grant_type: 'authorization_code', ...code, redirect_uri: parameters.redirect_uri },
      { authorization: `Basic ${Buffer.from('nobody:anything').toString('base64')}` },
    );
    expect([redeemed.status, redeemed.body.token_type]).toEqual([200, 'Bearer']);
    const elsewhere = await open.authorize('nobody', { ...parameters, redirect_uri: 'https://evil.example/cb' });
    expect(elsewhere.status).toBe(400);
  });

  test('the refusal for want of PKCE names the knob', async () => {
    const answer = await sandbox.answerOf(client, { code_challenge: undefined, code_challenge_method: undefined });
    expect(answer.get('error_description')).toContain('authorize.pkce');
  });

  test.each([
    'http://127.0.0.1:7777/rückruf',
    'https://bücher.example/cb',
    'https://client.example/a b',
    'https://client.example/%zz',
    'https://client.example/cb?x=[1]',
    'https://client.example/cb#f',
    'https://client.example/{id}',
    'https:client.example/cb',
    'https:///cb',
    'https://client.example:99999/cb',
    'https://client.example\\@evil.example/',
  ])('a redirect URI that RFC 3986 does not have is not registered: %s', async (uri) => {
    const made = await sandbox.json('POST', '/oauth/register', { redirect_uris: [uri] });
    expect([made.status, made.body.error]).toEqual([400, 'invalid_redirect_uri']);
  });

  test.each([
    'https://CLIENT.example/Cb',
    'https://client.example',
    'https://client.example/cb/../x?a=%C3%BC',
    'com.example.app:/cb',
    'http://[::1]/cb',
    'http://app.localhost:4000/cb',
  ])('a redirect URI comes back as it was registered: %s', async (uri) => {
    const one = await sandbox.register({ redirect_uris: [uri], application_type: undefined });
    const answer = await sandbox.authorize(one, { auto_approve: 'true' });
    const location = answer.headers.get('location')!;
    expect(location.startsWith(`${uri}${uri.includes('?') ? '&' : '?'}code=`)).toBe(true);
  });

  test('an answer that would double a parameter of a seeded redirect URI is shown, and not sent', async () => {
    const uri = `${CALLBACK}?code=fixed`;
    const place = await instance.sandbox({}, { clients: [{ client_id: 'a', redirect_uris: [uri] }] });
    expect((await place.authorize('a', { auto_approve: 'true' })).status).toBe(400);
    const inFragment = await place.authorize('a', { auto_approve: 'true', response_mode: 'fragment' });
    expect(inFragment.headers.get('location')).toMatch(/\?code=fixed#code=/);
  });
});
