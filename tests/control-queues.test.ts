/** What an owner puts in line, and what the next authorization and the next grant make of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Instance, json, openInstance, pkce, type TestSandbox } from './lib/sandbox.ts';

const CALLBACK = 'http://127.0.0.1:9/callback';
let instance: Instance;
let place: TestSandbox;
beforeAll(async () => {
  instance = await openInstance();
  // A client without redirect URIs may use any loopback address.
  place = await instance.sandbox({}, { clients: [{ client_id: 'app', token_endpoint_auth_method: 'none' }] });
});
afterAll(() => instance.close());

const control = (method: string, path: string, body?: unknown): Promise<Answer> =>
  instance.ask(`/api/sandboxes/${place.id}${path}`, {
    ...(body === undefined ? { method } : json(method, body)),
    headers: { authorization: `Bearer ${place.made.control_token}`, 'content-type': 'application/json' },
  });

async function authorize(scope = 'openid email notes:read'): Promise<{ to: URL; verifier: string }> {
  const { verifier, challenge } = pkce();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: CALLBACK,
    scope,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const answer = await place.ask(`/oauth/authorize?${query}`);
  expect([answer.status, answer.text]).toEqual([302, '']);
  return { to: new URL(answer.headers.get('location')!), verifier };
}

async function tokens(): Promise<Answer> {
  const { to, verifier } = await authorize();
  return redeem(to.searchParams.get('code')!, verifier);
}
const redeem = (code: string, verifier: string): Promise<Answer> =>
  place.ask('/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: 'app',
      redirect_uri: CALLBACK,
      code_verifier: verifier,
    }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const userinfo = (token: string) => place.get('/oauth/userinfo', { authorization: `Bearer ${token}` });

describe('decisions in line', () => {
  it('are taken first in, first out, and then the page is shown again', async () => {
    await control('POST', '/consent', { decision: 'deny' });
    await control('POST', '/consent', { decision: 'temporarily_unavailable' });
    expect((await control('GET', '/consent')).body.decisions.map((one: { decision: string }) => one.decision)).toEqual([
      'deny',
      'temporarily_unavailable',
    ]);
    expect((await authorize()).to.searchParams.get('error')).toBe('access_denied');
    expect((await authorize()).to.searchParams.get('error')).toBe('temporarily_unavailable');
    expect((await authorize()).to.pathname).toContain('/consent/');
  });

  it('name the user who approves, and what is granted', async () => {
    await control('POST', '/consent', { decision: 'approve', user: 'ada@example.org', scope: 'openid email' });
    const { body } = await tokens();
    expect(body.scope).toBe('openid email');
    expect((await userinfo(body.access_token)).body.email).toBe('ada@example.org');
  });

  it('are refused if they name nobody, or a scope outside the grammar', async () => {
    for (const wrong of [{ user: 'ada' }, { user: 'a b@example.org' }, { scope: 'a"b' }, { scope: ['a b'] }])
      expect.soft((await control('POST', '/consent', { decision: 'approve', ...wrong })).status).toBe(400);
    expect((await control('PATCH', '', { config: { 'consent.approver': 'ada' } })).body.error).toBe('invalid_config');
    expect((await control('GET', '/consent')).body.decisions).toEqual([]);
  });

  it('win over the knob, as often as they say, until they are cleared', async () => {
    await control('PATCH', '', { config: { 'consent.outcome': 'approve' } });
    await control('POST', '/consent', { decision: 'deny', times: 2 });
    await control('POST', '/consent', { decision: 'server_error', times: 'always' });
    const outcomes: (string | null)[] = [];
    for (let i = 0; i < 4; i += 1) outcomes.push((await authorize()).to.searchParams.get('error'));
    expect(outcomes).toEqual(['access_denied', 'access_denied', 'server_error', 'server_error']);
    await control('DELETE', '/consent');
    expect((await authorize()).to.searchParams.get('code')).not.toBeNull();
  });

  it.each([
    ['a scope of a refusal', { decision: 'deny', scope: 'a' }, 'scope'],
    ['a delay of a page', { decision: 'ask', delay: 1 }, 'delay'],
    ['an unknown decision', { decision: 'perhaps' }, 'decision'],
  ])('refuse %s by name', async (_what, body, named) => {
    const answer = await control('POST', '/consent', body);
    expect([answer.status, answer.body.error_description]).toEqual([400, expect.stringContaining(named)]);
  });
});

describe('values in line', () => {
  it('are what the next grant gives: code, tokens, lifetime and claims', async () => {
    await control('POST', '/enqueue', {
      code: 'code-of-mine',
      access_token: 'access.of.mine',
      refresh_token: 'refresh-of-mine',
      expires_in: 77,
      claims: { groups: ['staff'] },
    });
    const { to, verifier } = await authorize();
    expect(to.searchParams.get('code')).toBe('code-of-mine');
    const { body } = await redeem('code-of-mine', verifier);
    expect(body).toMatchObject({ access_token: 'access.of.mine', refresh_token: 'refresh-of-mine', expires_in: 77 });
    expect((await userinfo('access.of.mine')).status).toBe(200);
    expect((await tokens()).body.access_token).not.toBe('access.of.mine');
    expect((await control('POST', '/enqueue', { access_token: 'access.of.mine' })).status).toBe(400);
    expect((await control('POST', '/enqueue', { claims: { iss: 'x' } })).status).toBe(400);
  });

  it('a value that comes twice is given once', async () => {
    await control('POST', '/enqueue', { access_token: 'twice' });
    await control('POST', '/enqueue', { access_token: 'twice' });
    const given = [(await tokens()).body.access_token, (await tokens()).body.access_token];
    expect(given.filter((token) => token === 'twice')).toHaveLength(1);
  });
});

describe('tokens without a flow', () => {
  it('have claims, an audience as text, and a value of their own', async () => {
    const jwt = (await control('POST', '/tokens', { audience: 'https://api.example', claims: { groups: ['a'] } })).body;
    const claims = JSON.parse(Buffer.from(jwt.access_token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'https://api.example', groups: ['a'] });
    expect((await control('POST', '/tokens', { token: 'mine' })).body.access_token).toBe('mine');
    expect((await control('POST', '/tokens', { token: 'mine' })).status).toBe(400);
    expect((await control('POST', '/tokens', { token: 'eyJh.eyJh.x' })).status).toBe(400);
    expect((await control('POST', '/tokens', { claims: { exp: 1 } })).status).toBe(400);
  });

  it('are seeded with users and clients, and a bad seed leaves nothing behind', async () => {
    const seeded = await instance.ask(
      '/api/sandboxes',
      json('POST', {
        seed: {
          users: [{ email: 'a@example.org', claims: { groups: ['x'] } }],
          tokens: [{ email: 'a@example.org', token: 'seeded' }],
        },
      }),
    );
    expect(seeded.body.tokens).toMatchObject([{ access_token: 'seeded' }]);
    const bad = await instance.ask(
      '/api/sandboxes',
      json('POST', { seed: { users: [{ email: 'a@example.org', claims: { sub: 'x' } }] } }),
    );
    expect([bad.status, bad.body.error_description]).toEqual([400, expect.stringContaining('claims.sub')]);
  });
});

it('a knob that is set back to its default is no override', async () => {
  const shown = async () => (await control('GET', '')).body.config;
  await control('PATCH', '', { config: { 'refresh.rotate': false } });
  expect(await shown()).toMatchObject({ 'refresh.rotate': false });
  await control('PATCH', '', { config: { 'refresh.rotate': true } });
  expect(await shown()).not.toHaveProperty(['refresh.rotate']);
  // What a scenario sets is undone by an override.
  await control('PATCH', '', { scenario: 'token-refresh-basic' });
  await control('PATCH', '', { config: { 'refresh.rotate': true } });
  expect(await shown()).toMatchObject({ 'refresh.rotate': true });
});
