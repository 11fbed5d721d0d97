import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientRecord } from '#lib/store/store.ts';
import { type Engine, openEngine, pkce } from '#lib/testing/engine.ts';
import { approve, ask, basic, confidential, REDIRECT_URI } from '#lib/testing/grants.ts';
import { introspect } from '../endpoints/introspect.ts';
import { sha256 } from '../hash.ts';

let engine: Engine;
let client: ClientRecord;

beforeEach(async () => {
  engine = await openEngine();
  client = await engine.client();
});
afterEach(() => engine.close());

const redeem = (code: string, verifier: string | undefined, more: Record<string, string | string[] | undefined> = {}) =>
  ask(engine, { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: client.clientId, ...more });

describe('redeeming a code', () => {
  test(
    'gives an RFC 9068 access token, a refresh token and the scope [#access-token.jwt-profile] ' +
      '[#token.scope-told] [#token.no-store]',
    async () => {
      const { code, verifier, user } = await approve(engine, client);
      const { status, body, headers } = await redeem(code, verifier);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'notes:read',
        refresh_token: expect.any(String),
      });
      expect(body).not.toHaveProperty('id_token');
      expect(decodeProtectedHeader(body.access_token!)).toMatchObject({
        alg: 'ES256',
        typ: 'at+jwt',
        kid: expect.any(String),
      });
      expect(decodeJwt(body.access_token!)).toMatchObject({
        iss: engine.tenant.issuer,
        sub: user.sub,
        client_id: client.clientId,
        scope: 'notes:read',
        jti: expect.any(String),
        aud: [`${engine.tenant.base}/mcp`, `${engine.tenant.base}/oauth`],
      });
    },
  );

  test('binds the audience to the resource that was granted [#access-token.audience]', async () => {
    const resource = `${engine.tenant.base}/mcp`;
    const { code, verifier } = await approve(engine, client, { resource: [resource] });
    const { body } = await redeem(code, verifier, { resource });
    expect(decodeJwt(body.access_token!).aud).toBe(resource);
  });

  test('refuses a resource outside the grant, and a foreign one', async () => {
    const { code, verifier } = await approve(engine, client, { resource: [`${engine.tenant.base}/mcp`] });
    for (const resource of [`${engine.tenant.base}/oauth`, 'https://elsewhere.example/mcp']) {
      expect.soft((await redeem(code, verifier, { resource })).body).toMatchObject({
        error: 'invalid_target',
        reason: 'resource-outside-grant',
      });
    }
  });

  test('refuses a missing verifier as invalid_request [#pkce.verifier-required]', async () => {
    const { code } = await approve(engine, client);
    expect(await redeem(code, undefined)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', reason: 'verifier-missing' },
    });
  });

  test('takes an empty verifier for a missing one [#token.empty-is-absent]', async () => {
    const { code } = await approve(engine, client);
    expect((await redeem(code, '')).body).toMatchObject({ error: 'invalid_request', reason: 'verifier-missing' });
  });

  test('refuses a wrong verifier as invalid_grant [#pkce.verified]', async () => {
    const { code } = await approve(engine, client);
    expect(await redeem(code, pkce().verifier)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', reason: 'verifier-mismatch' },
    });
  });

  test('refuses a verifier where the request had no challenge', async () => {
    engine.configure({ 'authorize.pkce': 'optional' });
    const { code, verifier } = await approve(engine, client, {}, { codeChallenge: null, codeChallengeMethod: null });
    expect((await redeem(code, verifier)).body).toMatchObject({ error: 'invalid_grant', reason: 'verifier-mismatch' });
    expect((await redeem(code, undefined)).status).toBe(200);
  });

  test('compares a plain challenge as it stands', async () => {
    const plain = 'p'.repeat(43);
    const { code } = await approve(engine, client, {}, { codeChallenge: plain, codeChallengeMethod: 'plain' });
    expect((await redeem(code, 'o'.repeat(43))).body.reason).toBe('verifier-mismatch');
    expect((await redeem(code, plain)).status).toBe(200);
  });

  test.each(['short', 'v'.repeat(42), 'v'.repeat(129), `${'v'.repeat(50)}+`, `${'v'.repeat(50)} `])(
    'refuses a verifier outside the grammar, though its hash is the challenge: %s',
    async (verifier) => {
      const { code } = await approve(engine, client, {}, { codeChallenge: sha256(verifier) });
      expect((await redeem(code, verifier)).body).toMatchObject({
        error: 'invalid_grant',
        reason: 'verifier-malformed',
      });
    },
  );

  test('refuses a code that was never issued', async () => {
    expect((await redeem('made-up', 'x')).body).toMatchObject({ error: 'invalid_grant', reason: 'code-unknown' });
  });

  test('refuses another client [#code.bound-to-client]', async () => {
    const { code, verifier } = await approve(engine, client);
    const other = await engine.client();
    expect((await redeem(code, verifier, { client_id: other.clientId })).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'code-other-client',
    });
  });

  test('compares redirect_uri where it is sent [#code.bound-to-redirect-uri]', async () => {
    const { code, verifier } = await approve(engine, client);
    expect((await redeem(code, verifier, { redirect_uri: `${REDIRECT_URI}/` })).body).toMatchObject({
      error: 'invalid_grant',
      reason: 'redirect-uri-differs',
    });
    expect((await redeem(code, verifier, { redirect_uri: REDIRECT_URI })).status).toBe(200);
  });

  test('refuses a code after 60 seconds [#code.short-lived]', async () => {
    const { code, verifier } = await approve(engine, client);
    engine.advance(61);
    expect((await redeem(code, verifier)).body).toMatchObject({ error: 'invalid_grant', reason: 'code-expired' });
  });

  test('keeps the code when a redemption fails [#code.failed-attempt-keeps]', async () => {
    const { code, verifier } = await approve(engine, client);
    await redeem(code, undefined);
    await redeem(code, pkce().verifier);
    await redeem(code, verifier, { redirect_uri: 'https://client.example.com/other' });
    await redeem(code, verifier, { resource: 'https://elsewhere.example/' });
    expect((await redeem(code, verifier)).status).toBe(200);
  });

  test('refuses a second redemption, and ends what the first gave [#code.replay-revokes]', async () => {
    const api = await confidential(engine);
    const { code, verifier } = await approve(engine, client);
    const first = (await redeem(code, verifier)).body;
    expect((await redeem(code, verifier)).body).toMatchObject({ error: 'invalid_grant', reason: 'code-spent' });
    expect(await alive(first.access_token!, api)).toBe(false);
    expect(
      (
        await ask(engine, {
          grant_type: 'refresh_token',
          refresh_token: first.refresh_token,
          client_id: client.clientId,
        })
      ).body,
    ).toMatchObject({ error: 'invalid_grant', reason: 'grant-revoked' });
  });

  test('ends nothing when a replay comes too late', async () => {
    const api = await confidential(engine);
    const { code, verifier } = await approve(engine, client);
    const first = (await redeem(code, verifier)).body;
    engine.advance(61);
    expect((await redeem(code, verifier)).body).toMatchObject({ error: 'invalid_grant', reason: 'code-expired' });
    expect(await alive(first.access_token!, api)).toBe(true);
  });

  test('ends nothing when a replay is otherwise wrong', async () => {
    const api = await confidential(engine);
    const { code, verifier } = await approve(engine, client);
    const first = (await redeem(code, verifier)).body;
    await redeem(code, pkce().verifier);
    await redeem(code, verifier, { client_id: (await engine.client()).clientId });
    expect(await alive(first.access_token!, api)).toBe(true);
  });

  test('gives one token to two hundred at once, and revokes it [#code.single-use]', async () => {
    const api = await confidential(engine);
    const { code, verifier } = await approve(engine, client);
    const answers = await Promise.all(Array.from({ length: 200 }, () => redeem(code, verifier)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ body }) => body.reason === 'code-spent')).toHaveLength(199);
    expect(await alive(won[0]!.body.access_token!, api)).toBe(false);
  });

  test('takes the lifetime of the authorization request', async () => {
    const { code, verifier } = await approve(engine, client, { details: { expiresIn: 7 } });
    expect((await redeem(code, verifier)).body.expires_in).toBe(7);
  });

  test('notes its checks in the order that the guide tells', async () => {
    const { code, verifier } = await approve(engine, client);
    await redeem(code, verifier);
    expect(engine.trace.checks.map(({ check }) => check)).toEqual([
      'parameter-once',
      'grant-offered',
      'credentials-once',
      'client-identified',
      'client-method',
      'grant-registered',
      'code-known',
      'code-client',
      'code-redirect-uri',
      'verifier-present',
      'verifier-form',
      'verifier-matches',
      'resource-within',
      'code-alive',
      'code-unspent',
      'issue',
    ]);
    expect(engine.trace.checks.every(({ ok }) => ok)).toBe(true);
  });
});

describe('a refresh token comes', () => {
  test('only to a client that registered the grant', async () => {
    client = await engine.client({ grant_types: ['authorization_code'] });
    const { code, verifier } = await approve(engine, client);
    expect((await redeem(code, verifier)).body).not.toHaveProperty('refresh_token');
  });

  test.each([
    ['never', ['offline_access'], false],
    ['offline-access', ['notes:read'], false],
    ['offline-access', ['notes:read', 'offline_access'], true],
  ] as const)('by refresh.issue: never, or with offline_access: %j %j %j', async (issue, scope, comes) => {
    engine.configure({ 'refresh.issue': issue });
    const { code, verifier } = await approve(engine, client, { scope });
    expect('refresh_token' in (await redeem(code, verifier)).body).toBe(comes);
  });
});

describe('with openid', () => {
  test('an ID token comes, RS256, with nonce, at_hash and auth_time [#oidc.id-token] [#oidc.at-hash]', async () => {
    const { code, verifier, user } = await approve(engine, client, {
      scope: ['openid'],
      details: { nonce: 'n-1', authTime: engine.tenant.now(), sid: 's-1', acr: 'urn:x' },
    });
    const { body } = await redeem(code, verifier);
    expect(decodeProtectedHeader(body.id_token!).alg).toBe('RS256');
    const claims = decodeJwt(body.id_token!);
    expect(claims).toMatchObject({
      iss: engine.tenant.issuer,
      sub: user.sub,
      aud: client.clientId,
      nonce: 'n-1',
      sid: 's-1',
      acr: 'urn:x',
      auth_time: expect.any(Number),
    });
    const { leftHalfHash } = await import('../hash.ts');
    expect(claims.at_hash).toBe(leftHalfHash(body.access_token!, 'RS256'));
  });

  test('it is signed as the client registered', async () => {
    client = await engine.client({ id_token_signed_response_alg: 'ES256' });
    const { code, verifier } = await approve(engine, client, { scope: ['openid'] });
    expect(decodeProtectedHeader((await redeem(code, verifier)).body.id_token!).alg).toBe('ES256');
  });

  test('and without it none comes [#oidc.only-with-openid]', async () => {
    const { code, verifier } = await approve(engine, client, { scope: ['profile'] });
    expect((await redeem(code, verifier)).body).not.toHaveProperty('id_token');
  });
});

async function alive(accessToken: string, api: ClientRecord): Promise<boolean> {
  const answer = await engine.call(introspect, {
    path: '/oauth/introspect',
    form: { token: accessToken },
    headers: { authorization: basic(api.clientId) },
  });
  return ((await answer.json()) as { active: boolean }).active;
}
