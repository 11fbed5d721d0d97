import { createHash } from 'node:crypto';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  basicOf,
  bearer,
  decide,
  type Instance,
  openInstance,
  type TestClient,
  type TestSandbox,
  visit,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let client: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox(
    {},
    {
      users: [
        {
          email: 'ada@example.com',
          password: 'correct horse',
          claims: {
            name: 'Ada',
            given_name: 'Ada',
            email_verified: true,
            phone_number: '+44 1',
            department: 'engines',
          },
        },
      ],
    },
  );
  client = await sandbox.register();
});
afterAll(() => instance.close());

const ADA = { auto_approve: undefined, auto_approve_email: 'ada@example.com', auto_approve_password: 'correct horse' };

/** Signs Ada in with a browser of her own, by the consent page. @returns its cookie, and the code that came */
async function signIn(parameters: Record<string, string> = {}) {
  const open = await visit(sandbox, client, { scope: 'openid', ...parameters });
  const answer = await decide(sandbox, open, {
    action: 'login',
    email: 'ada@example.com',
    password: 'correct horse',
    scope: parameters.scope ?? 'openid',
  });
  const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
  return { cookie: open.cookie, code: { code, code_verifier: open.verifier } };
}

describe('the ID token', () => {
  test('has iss, sub, aud, exp, iat, and the nonce of the request [#oidc.id-token]', async () => {
    const now = await sandbox.now();
    const { id_token, access_token } = await sandbox.tokens(client, { ...ADA, scope: 'openid', nonce: 'n-0S6_WzA2Mj' });
    const keys = createRemoteJWKSet(new URL(`${sandbox.issuer}/.well-known/jwks.json`), {
      [customFetch]: async (url: string) => new Response((await instance.ask(url)).text),
    });
    const { payload, protectedHeader } = await jwtVerify(id_token!, keys, {
      issuer: sandbox.issuer,
      audience: client.client_id,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ nonce: 'n-0S6_WzA2Mj', sub: (await sandbox.introspect(access_token)).sub });
    expect(payload.sub!.length).toBeLessThanOrEqual(255);
    expect(payload.iat! - now).toBeLessThanOrEqual(5);
    expect(payload.exp!).toBeGreaterThan(payload.iat!);
    expect(decodeJwt((await sandbox.tokens(client, { scope: 'openid' })).id_token!)).not.toHaveProperty('nonce');
  });

  test.each(['RS256', 'ES256'])('is signed as registered: %j', async (alg) => {
    const one = await sandbox.register({ id_token_signed_response_alg: alg });
    expect(decodeProtectedHeader((await sandbox.tokens(one, { scope: 'openid' })).id_token!).alg).toBe(alg);
  });

  test('binds the access token by at_hash [#oidc.at-hash]', async () => {
    const { id_token, access_token } = await sandbox.tokens(client, { scope: 'openid' });
    expect(decodeJwt(id_token!).at_hash).toBe(
      createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url'),
    );
  });

  test('comes only where openid was granted [#oidc.only-with-openid]', async () => {
    expect(await sandbox.tokens(client, { scope: 'profile email' })).not.toHaveProperty('id_token');
    const open = await visit(sandbox, client, { scope: 'openid notes:read' });
    const answer = await decide(sandbox, open, { action: 'auto', scope: 'notes:read' });
    const { body } = await sandbox.redeem(client, {
      code: new URL(answer.headers.get('location')!).searchParams.get('code')!,
      code_verifier: open.verifier,
    });
    expect(body).not.toHaveProperty('id_token');
    const first = await sandbox.tokens(client, { scope: 'openid notes:read' });
    expect((await sandbox.refresh(client, first.refresh_token, { scope: 'notes:read' })).body).not.toHaveProperty(
      'id_token',
    );
  });

  test('the same user has the same sub, another user another', async () => {
    const sub = async (parameters: Record<string, string | undefined>) =>
      decodeJwt((await sandbox.tokens(client, { scope: 'openid', ...parameters })).id_token!).sub;
    expect(await sub(ADA)).toBe(await sub(ADA));
    expect(await sub({})).not.toBe(await sub({}));
    expect((await sandbox.answerOf(client, { ...ADA, auto_approve_password: 'wrong' })).get('error')).toBe(
      'access_denied',
    );
  });
});

describe('a login', () => {
  test('auth_time answers max_age, and an older login is asked for again [#oidc.auth-time]', async () => {
    const { cookie, code } = await signIn({ max_age: '1000' });
    const first = decodeJwt((await sandbox.redeem(client, code)).body.id_token);
    expect(first.auth_time).toEqual(expect.any(Number));
    await sandbox.advance(100);
    const fresh = await sandbox.answerOf(
      client,
      { auto_approve: undefined, scope: 'openid', prompt: 'none', max_age: '200' },
      { cookie },
    );
    expect(fresh.has('code')).toBe(true);
    const again = decodeJwt(
      (
        await sandbox.redeem(
          client,
          await sandbox.code(
            client,
            { auto_approve: undefined, scope: 'openid', prompt: 'none', max_age: '200' },
            { cookie },
          ),
        )
      ).body.id_token,
    );
    expect(again.auth_time).toBe(first.auth_time);
    expect(
      (
        await sandbox.answerOf(
          client,
          { auto_approve: undefined, scope: 'openid', prompt: 'none', max_age: '50' },
          { cookie },
        )
      ).get('error'),
    ).toBe('login_required');
    expect(
      (
        await sandbox.answerOf(
          client,
          { auto_approve: undefined, scope: 'openid', prompt: 'none', max_age: '0' },
          { cookie },
        )
      ).get('error'),
    ).toBe('login_required');
    for (const max_age of ['-1', 'x', '1.5', '1e3'])
      expect.soft((await sandbox.answerOf(client, { max_age })).get('error')).toBe('invalid_request');
  });

  test('prompt=none shows no page [#oidc.prompt-none]', async () => {
    const nobody = await sandbox.answerOf(client, {
      auto_approve: undefined,
      scope: 'openid',
      prompt: 'none',
      state: 's',
    });
    expect(Object.fromEntries(nobody)).toMatchObject({ error: 'login_required', state: 's', iss: sandbox.issuer });
    const { cookie } = await signIn();
    expect(
      (await sandbox.answerOf(client, { auto_approve: undefined, scope: 'openid', prompt: 'none' }, { cookie })).has(
        'code',
      ),
    ).toBe(true);
    expect(
      (
        await sandbox.answerOf(client, { auto_approve: undefined, scope: 'openid admin', prompt: 'none' }, { cookie })
      ).get('error'),
    ).toBe('consent_required');
    const other = await sandbox.register();
    expect(
      (await sandbox.answerOf(other, { auto_approve: undefined, scope: 'openid', prompt: 'none' }, { cookie })).get(
        'error',
      ),
    ).toBe('consent_required');
    const elsewhere = await instance.sandbox();
    expect(
      (
        await elsewhere.answerOf(
          await elsewhere.register(),
          { auto_approve: undefined, scope: 'openid', prompt: 'none' },
          { cookie },
        )
      ).get('error'),
    ).toBe('login_required');
  });

  test('no answer without a page for a client that any program could imitate [#oidc.prompt-none-native]', async () => {
    const native = async (method: string) =>
      sandbox.register({
        redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb', 'https://client.example/app'],
        token_endpoint_auth_method: method,
        application_type: 'native',
      });
    for (const [method, redirect_uri, silent] of [
      ['none', 'http://127.0.0.1:5000/cb', false],
      ['none', 'com.example.app:/cb', false],
      ['none', 'https://client.example/app', false],
      ['client_secret_basic', 'http://127.0.0.1:5000/cb', true],
    ] as const) {
      const one = await native(method);
      const open = await visit(sandbox, one, { scope: 'openid', redirect_uri });
      await decide(sandbox, open, {
        action: 'login',
        email: 'ada@example.com',
        password: 'correct horse',
        scope: 'openid',
      });
      const answer = await sandbox.answerOf(
        one,
        { auto_approve: undefined, scope: 'openid', prompt: 'none', redirect_uri },
        { cookie: open.cookie },
      );
      expect
        .soft([method, redirect_uri, answer.has('code'), answer.get('error')])
        .toEqual([method, redirect_uri, silent, silent ? null : 'consent_required']);
    }
  });

  test('prompt=none stands alone, and unknown words are refused [#oidc.prompt-none-alone]', async () => {
    for (const prompt of ['none login', 'login none', 'none consent', 'made-up', 'none none'])
      expect
        .soft([prompt, (await sandbox.answerOf(client, { prompt })).get('error')])
        .toEqual([prompt, 'invalid_request']);
  });

  test('prompt=login asks again, whoever is signed in [#oidc.prompt-login]', async () => {
    const { cookie } = await signIn();
    const open = await visit(sandbox, client, { scope: 'openid', prompt: 'login' }, { cookie });
    expect(
      (await decide(sandbox, { ...open, cookie }, { action: 'continue', scope: 'openid' })).headers.get('location'),
    ).toContain('/consent/');
    const usual = await visit(sandbox, client, { scope: 'openid' }, { cookie });
    expect(
      (await decide(sandbox, { ...usual, cookie }, { action: 'continue', scope: 'openid' })).headers.get('location'),
    ).toContain('code=');
  });

  test('id_token_hint names who is meant [#oidc.hint]', async () => {
    const { cookie } = await signIn();
    const { id_token: other } = await sandbox.tokens(client, { scope: 'openid' });
    expect(
      (
        await sandbox.answerOf(
          client,
          { auto_approve: undefined, scope: 'openid', prompt: 'none', id_token_hint: other },
          { cookie },
        )
      ).get('error'),
    ).toBe('login_required');
    const { id_token: own } = await sandbox.tokens(client, { ...ADA, scope: 'openid' });
    expect(
      (
        await sandbox.answerOf(
          client,
          { auto_approve: undefined, scope: 'openid', prompt: 'none', id_token_hint: own },
          { cookie },
        )
      ).has('code'),
    ).toBe(true);
    for (const id_token_hint of ['x', 'a.b.c', `${own!.slice(0, -5)}AAAAA`])
      expect
        .soft(
          (
            await sandbox.answerOf(
              client,
              { auto_approve: undefined, scope: 'openid', prompt: 'none', id_token_hint },
              { cookie },
            )
          ).has('code'),
        )
        .toBe(false);
  });
});

describe('userinfo', () => {
  test('takes a token with openid, by GET and POST, with the sub of the ID token [#oidc.userinfo]', async () => {
    const tokens = await sandbox.tokens(client, { ...ADA, scope: 'openid' });
    const { sub } = decodeJwt(tokens.id_token!);
    for (const answer of [
      await sandbox.get('/oauth/userinfo', bearer(tokens.access_token)),
      await sandbox.post('/oauth/userinfo', {}, bearer(tokens.access_token)),
      await sandbox.post('/oauth/userinfo', { access_token: tokens.access_token }),
    ]) {
      expect([answer.status, answer.body]).toEqual([200, { sub, department: 'engines' }]);
    }
    // "Clients MUST NOT use more than one method" (RFC 6750 §2).
    for (const twice of [
      await sandbox.post('/oauth/userinfo', { access_token: tokens.access_token }, bearer(tokens.access_token)),
      await sandbox.get('/oauth/userinfo?access_token=x', bearer(tokens.access_token)),
    ]) {
      expect
        .soft([twice.status, twice.body.error, twice.headers.get('www-authenticate')])
        .toEqual([400, 'invalid_request', expect.stringContaining('error="invalid_request"')]);
    }
    const without = await sandbox.tokens(client, { ...ADA, scope: 'profile' });
    const refused = await sandbox.get('/oauth/userinfo', bearer(without.access_token));
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ]);
    const machine = (await sandbox.token({ grant_type: 'client_credentials' }, basicOf(await sandbox.confidential())))
      .body;
    expect([401, 403]).toContain((await sandbox.get('/oauth/userinfo', bearer(machine.access_token))).status);
  });

  test('profile and email bring their claims, and nothing comes unasked [#oidc.claims-by-scope]', async () => {
    const claims = async (scope: string) =>
      Object.keys(
        (await sandbox.get('/oauth/userinfo', bearer((await sandbox.tokens(client, { ...ADA, scope })).access_token)))
          .body,
      ).toSorted();
    expect(await claims('openid')).toEqual(['department', 'sub']);
    expect(await claims('openid email')).toEqual(['department', 'email', 'email_verified', 'sub']);
    expect(await claims('openid profile')).toEqual(['department', 'given_name', 'name', 'sub']);
    expect(await claims('openid profile email')).not.toContain('phone_number');
  });
});
